const SAMPLES_PER_MS = 16;
/** Times that are off by less go on with the time before. */
const TOLERANCE_MS = 1;

/** Maps the samples of a turn to wall time, which the clock of the stream may correct in between. */
export class SampleClock {
  /** Where the time of the samples is known, in order. */
  readonly #anchors: { sample: number; wallMs: number }[] = [];
  #samples = 0;

  /** Samples so far. */
  get samples(): number {
    return this.#samples;
  }

  /** Notes samples of sound that begin at `wallMs`. */
  add(samples: number, wallMs: number): void {
    const expectedMs = this.#anchors.length === 0 ? -Infinity : this.#wallMsOf(this.#samples);
    if (Math.abs(wallMs - expectedMs) > TOLERANCE_MS) this.#anchors.push({ sample: this.#samples, wallMs });
    this.#samples += samples;
  }

  /** @param ms of sound since the first sample */
  toWallMs(ms: number): number {
    return this.#wallMsOf(ms * SAMPLES_PER_MS);
  }

  #wallMsOf(sample: number): number {
    const anchor = this.#anchors.findLast((candidate) => candidate.sample <= sample) ?? this.#anchors[0];
    return anchor === undefined ? 0 : anchor.wallMs + (sample - anchor.sample) / SAMPLES_PER_MS;
  }
}
