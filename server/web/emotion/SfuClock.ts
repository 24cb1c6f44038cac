/**
 * The SFU's wall clock as seen from here. Every event carries the time at which it was made; the one that took the
 * shortest way tells the difference between the clocks best.
 */
export class SfuClock {
  readonly #now: () => number;
  #offsetMs: number | undefined;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Takes note of an event that has just come live. */
  observe(atMs: number): void {
    const offsetMs = atMs - this.#now();
    this.#offsetMs = this.#offsetMs === undefined ? offsetMs : Math.max(this.#offsetMs, offsetMs);
  }

  /** Whether any event has told the difference yet. */
  get known(): boolean {
    return this.#offsetMs !== undefined;
  }

  /** Milliseconds of wall time at the SFU; the local clock until an event has come. */
  get nowMs(): number {
    return this.#now() + (this.#offsetMs ?? 0);
  }
}
