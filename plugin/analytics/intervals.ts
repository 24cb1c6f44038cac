export interface Interval {
  startMs: number;
  endMs: number;
}

export const lengthOf = ({ startMs, endMs }: Interval): number => Math.max(0, endMs - startMs);

/** Joins what overlaps or touches. @param sorted - by their starts @returns disjoint, ascending, none empty */
export function united(sorted: Iterable<Interval>): Interval[] {
  const joined: Interval[] = [];
  for (const one of sorted) {
    if (lengthOf(one) === 0) continue;
    const last = joined.at(-1);
    if (last && one.startMs <= last.endMs) last.endMs = Math.max(last.endMs, one.endMs);
    else joined.push({ startMs: one.startMs, endMs: one.endMs });
  }
  return joined;
}

export interface Together {
  /** Time covered by at least one, ms. */
  anyMs: number;
  /** By at least two. */
  overlapMs: number;
  /** By each along with another, in their order. */
  overlapOfMs: number[];
}

/** How the times of several people lie over each other. @param people - each one's intervals, united */
export function together(people: readonly (readonly Interval[])[]): Together {
  const edges = people.flatMap((intervals, person) =>
    intervals.flatMap(({ startMs, endMs }) => [
      { atMs: startMs, person, begins: true },
      { atMs: endMs, person, begins: false },
    ]),
  );
  edges.sort((a, b) => a.atMs - b.atMs);
  const speaking = new Set<number>();
  const result: Together = { anyMs: 0, overlapMs: 0, overlapOfMs: people.map(() => 0) };
  let sinceMs = 0;
  for (const { atMs, person, begins } of edges) {
    const passedMs = atMs - sinceMs;
    sinceMs = atMs;
    if (speaking.size > 0) result.anyMs += passedMs;
    if (speaking.size > 1) {
      result.overlapMs += passedMs;
      for (const one of speaking) result.overlapOfMs[one]! += passedMs;
    }
    if (begins) speaking.add(person);
    else speaking.delete(person);
  }
  return result;
}
