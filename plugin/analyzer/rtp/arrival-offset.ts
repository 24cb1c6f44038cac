import { SlidingMinimum } from './sliding-minimum.ts';

/** Long enough to meet a packet without queueing delay, short enough that a drift of 200 ppm costs 4 ms at most. */
const WINDOW_MS = 20_000;
/** A packet this much later than the one before is the end of a stall, or of a pause in which timestamps stood still. */
const RISE_MS = 500;
/** A stall's backlog comes in faster than real time; what follows a standstill does not. Told apart after this. */
const DECIDE_AFTER_MS = 600;
/** Share of the passing time by which a backlog shrinks at least. */
const DRAIN = 0.15;

/**
 * The distance from a stream's media time to wall time, in ms, by arrival alone: that of the packet that waited least
 * lately. When it rises at once and stays, the sender's timestamps stood still (a pause), and the rise is taken over; a
 * queue that grows rises step by step.
 */
export class ArrivalOffset {
  readonly #minimum = new SlidingMinimum(WINDOW_MS);
  #lastMs = Number.POSITIVE_INFINITY;
  #rise: { sinceMs: number; initialMs: number } | null = null;

  /** What to add to a media time. Infinity before the first sample. */
  get valueMs(): number {
    return this.#minimum.value;
  }

  /** @returns true when the sender's timestamps have stood still, so that what was known of them holds no longer */
  sample(mediaMs: number, arrivalMs: number): boolean {
    const offsetMs = arrivalMs - mediaMs;
    if (offsetMs - this.#lastMs > RISE_MS) this.#rise = { sinceMs: arrivalMs, initialMs: offsetMs };
    this.#lastMs = offsetMs;
    const stoodStill = this.#roseForGood(offsetMs, arrivalMs);
    if (stoodStill) this.#minimum.reset();
    this.#minimum.add(offsetMs, arrivalMs);
    return stoodStill;
  }

  reset(): void {
    this.#minimum.reset();
    this.#lastMs = Number.POSITIVE_INFINITY;
    this.#rise = null;
  }

  #roseForGood(offsetMs: number, arrivalMs: number): boolean {
    if (this.#rise === null) return false;
    if (offsetMs - this.#minimum.value <= RISE_MS) {
      this.#rise = null;
      return false;
    }
    const elapsedMs = arrivalMs - this.#rise.sinceMs;
    if (elapsedMs < DECIDE_AFTER_MS) return false;
    const stays = this.#rise.initialMs - offsetMs < DRAIN * elapsedMs;
    // Jitter may have made it look like a backlog: it is looked at anew until it has shrunk or stayed.
    this.#rise = stays ? null : { sinceMs: arrivalMs, initialMs: offsetMs };
    return stays;
  }
}
