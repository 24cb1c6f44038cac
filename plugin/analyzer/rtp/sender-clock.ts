import { SlidingMinimum } from './sliding-minimum.ts';

/** Long enough to meet a packet without queueing delay, short enough that a drift of 200 ppm costs 4 ms at most. */
const WINDOW_MS = 20_000;
/** A sender clock further off than this has been set anew. */
const JUMP_MS = 1000;
/** One that is further off than this has too, when the stream's own reports say the same. */
const STEP_MS = 30;

/**
 * The distance from one sender's NTP clock to our wall clock, in ms, as the smallest seen of arrival minus sending
 * time: the packet that waited least shows it best (the minimum filter of RFC 5905 10).
 */
export class ClockOffset {
  readonly #minimum = new SlidingMinimum(WINDOW_MS);

  /** What to add to a time of the sender's clock. Infinity before the first sample. */
  get valueMs(): number {
    return this.#minimum.value;
  }

  /** Adds the sending time of something by the sender's clock and its arrival by ours. */
  sample(senderMs: number, arrivalMs: number): void {
    this.#minimum.add(arrivalMs - senderMs, arrivalMs);
  }
}

/**
 * The clock of one participant, shared by the streams of that participant: as audio and video use the same offset, they
 * stay in step with each other however wrong the offset is.
 */
export class SenderClock {
  #current: ClockOffset | null = null;

  /**
   * The offset that a stream should use after a sender report. When the sender's clock has been set anew, streams that
   * have not yet heard of it keep the offset that they hold, and their next report gives them the new one too.
   *
   * @param ntpMs what the report says
   * @param expectedNtpMs what the stream's earlier reports had made one expect; null when it had none
   */
  offsetFor(ntpMs: number, arrivalMs: number, expectedNtpMs: number | null): ClockOffset {
    const known = this.#current;
    if (known && !wasSet(arrivalMs - ntpMs - known.valueMs, ntpMs - (expectedNtpMs ?? ntpMs))) {
      known.sample(ntpMs, arrivalMs);
      return known;
    }
    const offset = new ClockOffset();
    offset.sample(ntpMs, arrivalMs);
    // The clock jumped by what the stream did not expect: the least delay found before still holds.
    if (known && expectedNtpMs !== null) offset.sample(ntpMs, known.valueMs + expectedNtpMs);
    return (this.#current = offset);
  }
}

/**
 * Whether the sender's clock has been set. A report that is merely late has waited longer, and one whose stream has
 * shifted says another time; a clock that was set does both, and by the same amount.
 *
 * @param waitedMs how much longer than the least this report seems to have been under way
 * @param unexpectedMs how far it is ahead of what the stream's reports had made one expect
 */
function wasSet(waitedMs: number, unexpectedMs: number): boolean {
  if (Math.abs(waitedMs) > JUMP_MS) return true;
  return Math.abs(unexpectedMs) > STEP_MS && Math.abs(waitedMs + unexpectedMs) < Math.abs(unexpectedMs) / 2;
}
