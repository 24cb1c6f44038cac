const MIN_MS = 20;
const MAX_MS = 200;
const START_MS = 80;
/** Room left above the longest wait seen. */
const MARGIN = 1.5;
/** Time in which the memory of a long wait fades to a third, so that the depth comes down again. */
const FADE_MS = 10_000;

/**
 * How long to wait for a missing packet: as long as missing packets have lately taken to come, and half as much again.
 * Reordering and the sender's retransmissions raise it; loss that is never made good lets it fall, as waiting gains
 * nothing there.
 */
export class ReorderDepth {
  #peakMs = START_MS / MARGIN;
  #peakAtMs: number | null = null;
  #holeSinceMs: number | null = null;
  #givenUpSinceMs: number | null = null;

  #atMs = 0;

  get valueMs(): number {
    return Math.min(MAX_MS, Math.max(MIN_MS, MARGIN * this.#fadedPeak(this.#atMs)));
  }

  /** A packet came while one before it is missing. */
  onHole(nowMs: number): void {
    this.#tick(nowMs);
    this.#holeSinceMs ??= nowMs;
  }

  /** The missing packet came. */
  onFilled(nowMs: number): void {
    this.#tick(nowMs);
    if (this.#holeSinceMs !== null) this.#waited(nowMs - this.#holeSinceMs, nowMs);
    this.#holeSinceMs = null;
  }

  /** A packet that was waited for since `sinceMs` is given up. */
  onGivenUp(sinceMs: number): void {
    this.#givenUpSinceMs = sinceMs;
    this.#holeSinceMs = null;
  }

  /** A packet came that had been given up. */
  onLate(nowMs: number): void {
    this.#tick(nowMs);
    // A packet later than twice the longest depth is no reordering that waiting could have cured.
    const waitedMs = this.#givenUpSinceMs === null ? Number.POSITIVE_INFINITY : nowMs - this.#givenUpSinceMs;
    if (waitedMs <= 2 * MAX_MS) this.#waited(waitedMs, nowMs);
  }

  #waited(ms: number, nowMs: number): void {
    const faded = this.#fadedPeak(nowMs);
    this.#peakMs = Math.max(faded, ms);
    this.#peakAtMs = nowMs;
  }

  #tick(nowMs: number): void {
    this.#peakAtMs ??= nowMs;
    this.#atMs = Math.max(this.#atMs, nowMs);
  }

  #fadedPeak(nowMs: number): number {
    if (this.#peakAtMs === null) return this.#peakMs;
    return this.#peakMs * Math.exp(-Math.max(0, nowMs - this.#peakAtMs) / FADE_MS);
  }
}
