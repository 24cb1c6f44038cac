/** Share of the passing time by which the output may run faster or slower to reach its target. */
const GENTLE = 0.1;
const BRISK = 0.5;
/** A target further off than this is approached briskly. */
const BRISK_ABOVE_MS = 40;
/** A target further ahead than this is jumped to. */
const STEP_MS = 500;

/**
 * Wall time as given out: it follows a target that moves with every estimate, bends towards it instead of jumping, and
 * never runs backwards. Only a target far ahead is jumped to, as nothing is told twice by that.
 */
export class Timeline {
  #anchorMediaMs = 0;
  #anchorWallMs = 0;
  #toldMediaMs = Number.NEGATIVE_INFINITY;
  #toldWallMs = Number.NEGATIVE_INFINITY;

  /** Starts, or starts again after a break in media time, without running backwards. */
  start(mediaMs: number, wallMs: number): void {
    this.#anchorMediaMs = mediaMs;
    this.#anchorWallMs = Math.max(wallMs, this.#toldWallMs);
    this.#toldMediaMs = Number.NEGATIVE_INFINITY;
    if (this.#toldWallMs > Number.NEGATIVE_INFINITY) this.#toldMediaMs = mediaMs;
  }

  /** Media time has come to `mediaMs`, which by the present estimates was at `targetMs`. */
  advance(mediaMs: number, targetMs: number): void {
    const passed = mediaMs - this.#anchorMediaMs;
    if (passed <= 0) return;
    const straight = this.#anchorWallMs + passed;
    const error = targetMs - straight;
    this.#anchorMediaMs = mediaMs;
    this.#anchorWallMs = straight + (error > STEP_MS ? error : bend(error, passed));
  }

  /** The wall time of a media time. */
  at(mediaMs: number): number {
    const wallMs = this.#anchorWallMs + mediaMs - this.#anchorMediaMs;
    if (mediaMs < this.#toldMediaMs) return Math.min(wallMs, this.#toldWallMs);
    this.#toldMediaMs = mediaMs;
    this.#toldWallMs = Math.max(wallMs, this.#toldWallMs);
    return this.#toldWallMs;
  }

  /** The latest wall time told. */
  get latestMs(): number {
    return this.#toldWallMs;
  }
}

function bend(error: number, passed: number): number {
  const limit = passed * (Math.abs(error) > BRISK_ABOVE_MS ? BRISK : GENTLE);
  return Math.max(-limit, Math.min(limit, error));
}
