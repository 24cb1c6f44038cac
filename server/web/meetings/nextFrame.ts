const due = new Set<() => void>();
let asked: number | undefined;

/** Does something with the next frame; asked for several times until then, it is done once. */
export function nextFrame(work: () => void): void {
  due.add(work);
  asked ??= requestAnimationFrame(() => {
    asked = undefined;
    const all = [...due];
    due.clear();
    for (const one of all) one();
  });
}

/** What was to be done is not to be done any more. */
export function dropFrame(work: () => void): void {
  due.delete(work);
}
