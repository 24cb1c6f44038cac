/** Maps time that passes to a place in a meeting: it runs, stands, goes at another rate, leaps. Positions are ms from the start. */
export class ReplayClock {
  readonly #now: () => number;
  #positionMs = 0;
  #sinceMs: number;
  #speed: number;
  #running = false;

  /** @param now - milliseconds that never run backwards */
  constructor(now: () => number, speed: number) {
    this.#now = now;
    this.#sinceMs = now();
    this.#speed = speed;
  }

  get positionMs(): number {
    return this.#running ? this.#positionMs + (this.#now() - this.#sinceMs) * this.#speed : this.#positionMs;
  }

  get speed(): number {
    return this.#speed;
  }

  get running(): boolean {
    return this.#running;
  }

  set speed(speed: number) {
    this.#hold();
    this.#speed = speed;
  }

  seek(positionMs: number): void {
    this.#hold();
    this.#positionMs = positionMs;
  }

  run(): void {
    this.#hold();
    this.#running = true;
  }

  stop(): void {
    this.#hold();
    this.#running = false;
  }

  /** How long it takes from now to a place; 0 where it is reached, Infinity while the clock stands before it. */
  delayUntil(positionMs: number): number {
    const ahead = positionMs - this.positionMs;
    if (ahead <= 0) return 0;
    return this.#running ? ahead / this.#speed : Infinity;
  }

  /** Takes down where it is, so that what comes counts from here. */
  #hold(): void {
    this.#positionMs = this.positionMs;
    this.#sinceMs = this.#now();
  }
}
