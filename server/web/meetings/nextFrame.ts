const due = new Set<() => void>();

/** Does something with the next frame; asked for several times until then, it is done once. */
export function nextFrame(work: () => void): void {
  if (due.size === 0) {
    requestAnimationFrame(() => {
      const all = [...due];
      due.clear();
      for (const one of all) one();
    });
  }
  due.add(work);
}
