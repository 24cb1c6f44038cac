const DELAYS_MS = [0, 250, 1000, 2000, 5000, 15_000, 30_000] as const;

/** How long to wait before something that fails is tried again: at once at first, then longer and longer. */
export class Backoff {
  #failures = 0;

  /** @returns ms */
  failed(): number {
    const delayMs = DELAYS_MS[Math.min(this.#failures, DELAYS_MS.length - 1)]!;
    this.#failures += 1;
    return delayMs;
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
