import type { EventOf, EventType, UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import type { ClientError } from '../ClientError.ts';
import { EventStream } from '../EventStream.ts';

export interface StreamOptions<T extends EventType> {
  types?: readonly T[];
  signal?: AbortSignal;
}

/** The iterators of a replay. They hold whatever comes: the replay stands before it is too much. */
export class Streams {
  readonly #streams = new Map<EventStream<UndertoneEvent>, ReadonlySet<EventType> | undefined>();
  readonly #changed: () => void;

  /** @param changed - something was read, or nobody reads any more */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Events that wait in the fullest. */
  get waiting(): number {
    return Math.max(0, ...[...this.#streams.keys()].map(({ size }) => size));
  }

  /** @param ended - nothing comes any more, for that reason where there is one */
  open<T extends EventType>({ types, signal }: StreamOptions<T>, ended?: { failure?: ClientError }) {
    const abort = () => stream.end();
    const stream = new EventStream<EventOf<T>>(
      Infinity,
      () => {
        signal?.removeEventListener('abort', abort);
        this.#streams.delete(stream as unknown as EventStream<UndertoneEvent>);
        this.#changed();
      },
      () => this.#changed(),
    );
    if (ended || signal?.aborted) stream.end(ended?.failure);
    else {
      signal?.addEventListener('abort', abort, { once: true });
      this.#streams.set(stream as unknown as EventStream<UndertoneEvent>, types && new Set<EventType>(types));
    }
    return stream;
  }

  push(event: UndertoneEvent): void {
    for (const [stream, types] of this.#streams) if (!types || types.has(event.type)) stream.push(event);
  }

  /** Drops what waits and matches. */
  forget(matches: (event: UndertoneEvent) => boolean): void {
    for (const stream of this.#streams.keys()) stream.forget(matches);
  }

  end(failure?: ClientError): void {
    for (const stream of [...this.#streams.keys()]) stream.end(failure);
  }
}
