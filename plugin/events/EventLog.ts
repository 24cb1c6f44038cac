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
  #seq = 0;

  constructor(roomId: string, size: number, now: () => number = Date.now) {
    this.#roomId = roomId;
    this.#size = size;
    this.#now = now;
  }

  get seq(): number {
    return this.#seq;
  }

  /** Makes a durable event of the given type. */
  append<T extends DurableEvent['type']>(type: T, body: Body<T>): EventOf<T> {
    this.#seq += 1;
    const event = { ...this.#envelope(), seq: this.#seq, type, ...body } as unknown as EventOf<T>;
    this.#kept.push(event);
    if (this.#kept.length > this.#size) this.#kept.splice(0, this.#kept.length - this.#size);
    return event;
  }

  /** Makes an interim event, which is not kept. */
  volatile(body: Body<'emotion.interim'>): EmotionInterim {
    return { ...this.#envelope(), type: 'emotion.interim', ...body };
  }

  /** Kept events with a higher number, oldest first. */
  since(seq: number): DurableEvent[] {
    return this.#kept.filter((event) => event.seq > seq);
  }

  /** Forgets all results about these utterances. */
  purge(utteranceIds: ReadonlySet<string>): void {
    this.#kept = this.#kept.filter((event) => event.type !== 'emotion.final' || !utteranceIds.has(event.utteranceId));
  }

  #envelope() {
    return { v: 1 as const, eventId: randomUUID(), roomId: this.#roomId, atMs: this.#now() };
  }
}
