import type { ReplyOf, UndertoneEvent } from '../plugin/events/contract/v1/types.ts';
import { readEvent, type UnknownEvent } from './readEvent.ts';

export type NumberedEvent = (UndertoneEvent | UnknownEvent) & { seq: number };

/** Events between two numbers are lost. */
export interface Gap {
  /** The last event before the loss. */
  afterSeq: number;
  /** The first event after it, at the latest. */
  beforeSeq: number;
  /**
   * `not-kept`: the server keeps them no longer. `restarted`: the room began to count anew. `missing`: the server has been
   * asked repeatedly and does not have them.
   */
  reason: 'not-kept' | 'restarted' | 'missing';
}

export interface SequencerOptions {
  /** Takes an event in its turn; `live` unless it was fetched afterwards. */
  deliver: (event: NumberedEvent, live: boolean) => void;
  gap: (gap: Gap) => void;
  /** Number of the last event that is known from before; undefined to begin with what comes. */
  since: number | undefined;
}

/** What `subscribe` answers, as far as the order of events rests on it. */
export type CaughtUp = Pick<ReplyOf<'subscribe'>, 'seq' | 'gapless' | 'more' | 'truncated'> & {
  missed: readonly unknown[];
};

function isNumbered(event: UndertoneEvent | UnknownEvent): event is NumberedEvent {
  return 'seq' in event && event.seq !== undefined;
}

function readMissed(missed: readonly unknown[]): NumberedEvent[] {
  return missed
    .map(readEvent)
    .flatMap((received) => (received.kind === 'event' || received.kind === 'unknown' ? [received.event] : []))
    .filter(isNumbered);
}

/**
 * Puts durable events into the order of their numbers, each once. An event that jumps ahead waits until what lies before
 * it has been fetched.
 */
export class Sequencer {
  readonly #options: SequencerOptions;
  /** What came while something before it was missing, or before the subscription was answered. */
  readonly #held = new Map<number, NumberedEvent>();
  #last: number | undefined;
  #gapless = true;
  #waiting = true;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#last = options.since;
  }

  /** The number up to which nothing is missing; undefined before the first answer of a subscription without `since`. */
  get last(): number | undefined {
    return this.#last;
  }

  /** Events wait until the server has answered what is missing. */
  wait(): void {
    this.#waiting = true;
  }

  /** @returns false when something before this event is missing and is to be fetched */
  take(event: NumberedEvent): boolean {
    if (this.#waiting || this.#last === undefined) {
      this.#held.set(event.seq, event);
      return true;
    }
    if (event.seq <= this.#last) return true;
    if (this.#gapless && event.seq > this.#last + 1) {
      this.#held.set(event.seq, event);
      return false;
    }
    this.#pass(event, true);
    return true;
  }

  /**
   * Takes the answer of `subscribe`.
   * @returns `again` when it is to be asked at once, as there is more or the room counts anew; `behind` when it is to be asked a little
   * later, as this server has yet to hear of what came from another
   */
  caughtUp({ seq, gapless = true, more, truncated, missed }: CaughtUp): 'done' | 'again' | 'behind' {
    const known = this.#last;
    if (known !== undefined && seq < known) {
      this.#options.gap({ afterSeq: known, beforeSeq: 1, reason: 'restarted' });
      this.#last = 0;
      this.#held.clear();
      return 'again';
    }
    this.#gapless = gapless;
    const events = readMissed(missed);
    const early = this.#sorted().filter((event) => event.seq <= seq);
    // Without a number to begin from, what has come since the subscription is new; else the answer has all that may be seen.
    if (known === undefined) events.push(...early);
    events.sort((a, b) => a.seq - b.seq);
    this.#last ??= Math.min(seq, (events[0]?.seq ?? Infinity) - 1);
    if (truncated) this.#tellGap(events[0]?.seq ?? seq + 1, 'not-kept');
    for (const event of events) if (event.seq > this.#last) this.#pass(event, known === undefined);
    // Without progress there would be no end to asking.
    if (more && events.length > 0) return 'again';
    this.#last = Math.max(this.#last, seq);
    this.#drain();
    if (this.#held.size > 0) return 'behind';
    this.#waiting = false;
    return 'done';
  }

  /** Lets go of what waits though something before it never came. */
  giveUp(): void {
    for (const event of this.#sorted()) {
      if (event.seq > this.#last! + 1) this.#tellGap(event.seq, 'missing');
      this.#pass(event, true);
    }
    this.#held.clear();
    this.#waiting = false;
  }

  /** Drops what waits and matches. */
  forget(matches: (event: NumberedEvent) => boolean): void {
    // The number stays taken, so that no gap is seen where it was.
    for (const [seq, event] of this.#held) {
      if (matches(event)) this.#held.set(seq, { v: 1, type: '', roomId: event.roomId, seq });
    }
  }

  #drain(): void {
    for (const event of this.#sorted()) {
      if (event.seq > this.#last! + 1 && this.#gapless) return;
      this.#held.delete(event.seq);
      if (event.seq > this.#last!) this.#pass(event, true);
    }
  }

  #sorted(): NumberedEvent[] {
    return [...this.#held.values()].sort((a, b) => a.seq - b.seq);
  }

  #pass(event: NumberedEvent, live: boolean): void {
    this.#last = event.seq;
    if (event.type !== '') this.#options.deliver(event, live);
  }

  #tellGap(beforeSeq: number, reason: Gap['reason']): void {
    this.#options.gap({ afterSeq: this.#last!, beforeSeq, reason });
  }
}
