const MIN_INTERVAL_MS = 500;
const MAX_INTERVAL_MS = 4000;
/** A stream begins with a key frame of its own accord, as resuming a consumer asks for one; so long is waited for it. */
const START_GRACE_MS = 250;

/**
 * When to ask a sender for a key frame: at the start, after a gap, after a decoder's error; at most every 500 ms, and
 * twice as long after each request that brought none, up to 4 s. A key frame costs every receiver of the stream
 * bandwidth, so one is never asked for without need.
 */
export class KeyFrameRequester {
  #needed = false;
  #earliestMs = Number.NEGATIVE_INFINITY;
  #askedMs = Number.NEGATIVE_INFINITY;
  #intervalMs = MIN_INTERVAL_MS;

  /** How often `wants` said yes. */
  requests = 0;

  /** The first packet of a stream has come. */
  onStart(nowMs: number): void {
    this.#needed = true;
    this.#earliestMs = Math.max(this.#earliestMs, nowMs + START_GRACE_MS);
  }

  /** Packets are missing, or the decoder failed. */
  onBroken(): void {
    this.#needed = true;
  }

  /** A key frame came: nothing is needed, and the interval is the shortest again. */
  onKeyFrame(): void {
    this.#needed = false;
    this.#intervalMs = MIN_INTERVAL_MS;
    this.#earliestMs = this.#askedMs + MIN_INTERVAL_MS;
  }

  /** Whether to ask now. True means that the caller asks: the next time comes after the interval. */
  wants(nowMs: number): boolean {
    if (!this.#needed || nowMs < this.#earliestMs) return false;
    this.requests++;
    this.#askedMs = nowMs;
    this.#earliestMs = nowMs + this.#intervalMs;
    this.#intervalMs = Math.min(MAX_INTERVAL_MS, this.#intervalMs * 2);
    return true;
  }
}
