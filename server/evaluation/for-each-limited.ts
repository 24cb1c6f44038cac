/**
 * Does work for each item, `limit` of them at a time. After a failure no more are begun; those under way are finished.
 *
 * @throws what the first failing item in the order of `items` failed with
 */
export async function forEachLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const failures: { index: number; error: unknown }[] = [];
  let next = 0;
  const goOn = async () => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      await work(items[index]!).catch((error: unknown) => failures.push({ index, error }));
    }
  };
  await Promise.all(Array.from({ length: limit }, goOn));
  failures.sort((a, b) => a.index - b.index);
  if (failures.length > 0) throw failures[0]!.error;
}
