import { randomUUID } from 'node:crypto';
import type { DurableEvent, EmotionInterim, EventOf, EventType } from './contract/v1/types.ts';

type Body<T extends EventType> = Omit<EventOf<T>, 'v' | 'eventId' | 'roomId' | 'atMs' | 'seq' | 'type'>;

/**
 * Numbers the events of one room and keeps the newest durable ones, so that a client that missed some can have them.
 * What was retracted is taken out: it must not come back through `since`.
 */
export class EventLog {
  readonly #roomId: string;
  readonly #size: number;
  readonly #now: () => number;
  #kept: DurableEvent[] = [];
  readonly #firstSeq: number;
  #seq: number;
  #forgottenSeq = 0;

  /** @param firstSeq - number of the first event; that of a room that is opened again lies above all it gave out before */
  constructor(roomId: string, size: number, now: () => number = Date.now, firstSeq = 1) {
    this.#roomId = roomId;
    this.#size = size;
    this.#now = now;
    this.#firstSeq = firstSeq;
    this.#seq = firstSeq - 1;
  }

  /** Number of the newest event; before the first, one below its number. */
  get seq(): number {
    return this.#seq;
  }

  /** Number of the newest event that was dropped for lack of room; 0 while all are kept or were retracted. */
  get forgottenSeq(): number {
    return this.#forgottenSeq;
  }

  /** Makes a durable event of the given type. */
  append<T extends DurableEvent['type']>(type: T, body: Body<T>): EventOf<T> {
    this.#seq += 1;
    const event = { ...this.#envelope(), seq: this.#seq, type, ...body } as unknown as EventOf<T>;
    this.#kept.push(event);
    if (this.#kept.length > this.#size) {
      const forgotten = this.#kept.splice(0, this.#kept.length - this.#size);
      this.#forgottenSeq = forgotten.at(-1)?.seq ?? this.#forgottenSeq;
    }
    return event;
  }

  /** Makes an interim event, which is not kept. */
  volatile(body: Body<'emotion.interim'>): EmotionInterim {
    return { ...this.#envelope(), type: 'emotion.interim', ...body };
  }

  /** Kept events with a higher number, oldest first; all that are kept for a number that was never given. */
  since(seq: number): DurableEvent[] {
    if (seq > this.#seq) return [...this.#kept];
    return this.#kept.filter((event) => event.seq > seq);
  }

  /**
   * Whether events after this number are gone: dropped for lack of room, or from before the room was opened. 0 asks for what is
   * kept, and lacks only what was dropped.
   */
  lacks(seq: number): boolean {
    return seq < this.#forgottenSeq || seq > this.#seq || (seq !== 0 && seq < this.#firstSeq - 1);
  }

  /** Forgets everything about these utterances, and these alerts. */
  purge(utteranceIds: ReadonlySet<string>, alertIds: ReadonlySet<string> = new Set()): void {
    this.#kept = this.#kept.filter((event) => {
      if (event.type === 'alert') return !alertIds.has(event.alertId);
      return !('utteranceId' in event) || !utteranceIds.has(event.utteranceId);
    });
  }

  /**
   * Forgets everything about a participant, but not that it is to be forgotten: who comes back has to hear of it.
   * @returns what was kept about them
   */
  forget(participantId: string): DurableEvent[] {
    const theirs = (event: DurableEvent) =>
      'participantId' in event &&
      event.participantId === participantId &&
      !(event.type === 'emotion.retracted' && event.reason === 'erased');
    const gone = this.#kept.filter(theirs);
    this.#kept = this.#kept.filter((event) => !theirs(event));
    return gone;
  }

  #envelope() {
    return { v: 1 as const, eventId: randomUUID(), roomId: this.#roomId, atMs: this.#now() };
  }
}
