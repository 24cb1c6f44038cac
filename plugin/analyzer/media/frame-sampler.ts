/** Picks pictures for a steady rate out of a stream of any other, by their capture times. */
export class FrameSampler {
  #fps: number;
  #nextMs = Number.NEGATIVE_INFINITY;

  /** @param fps Pictures a second to pick; 0 picks none. */
  constructor(fps: number) {
    this.#fps = fps;
  }

  get fps(): number {
    return this.#fps;
  }

  set fps(fps: number) {
    this.#fps = fps;
    this.#nextMs = Number.NEGATIVE_INFINITY;
  }

  /** Whether the picture captured at `wallMs` is one to look at. Call once a picture, in order. */
  takes(wallMs: number): boolean {
    if (this.#fps <= 0 || wallMs < this.#nextMs) return false;
    const intervalMs = 1000 / this.#fps;
    // Keeping to the grid holds the rate where pictures do not fall on it; after a pause a new grid begins.
    const late = wallMs - this.#nextMs;
    this.#nextMs = late < intervalMs ? this.#nextMs + intervalMs : wallMs + intervalMs;
    return true;
  }
}
