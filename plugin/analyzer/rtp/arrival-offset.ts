import { SlidingMinimum } from './sliding-minimum.ts';

/** Long enough to meet a packet without queueing delay, short enough that a drift of 200 ppm costs 4 ms at most. */
const WINDOW_MS = 20_000;
/** A delay this much above the smallest is a stall of the network or a sender whose timestamps stood still. */
const RISE_MS = 500;
/** A stall's backlog comes in faster than real time and has shrunk by half after this; a standstill has not. */
const DECIDE_AFTER_MS = 400;

/**
 * The distance from a stream's media time to wall time, in ms, by arrival alone: that of the packet that waited least
 * lately. A rise that stays means that the sender's timestamps stood still (a pause), and is taken over.
 */
export class ArrivalOffset {
  readonly #minimum = new SlidingMinimum(WINDOW_MS);
  #rise: { sinceMs: number; initialMs: number } | null = null;

  /** What to add to a media time. Infinity before the first sample. */
  get valueMs(): number {
    return this.#minimum.value;
  }

  sample(mediaMs: number, arrivalMs: number): void {
    const offsetMs = arrivalMs - mediaMs;
    if (this.#roseForGood(offsetMs - this.#minimum.value, arrivalMs)) this.#minimum.reset();
    this.#minimum.add(offsetMs, arrivalMs);
  }

  reset(): void {
    this.#minimum.reset();
    this.#rise = null;
  }

  #roseForGood(riseMs: number, arrivalMs: number): boolean {
    if (!(riseMs > RISE_MS)) {
      this.#rise = null;
      return false;
    }
    this.#rise ??= { sinceMs: arrivalMs, initialMs: riseMs };
    if (arrivalMs - this.#rise.sinceMs < DECIDE_AFTER_MS) return false;
    const stays = riseMs > this.#rise.initialMs / 2;
    this.#rise = null;
    return stays;
  }
}
