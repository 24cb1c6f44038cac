import type { UndertoneEvent } from '../plugin/events/contract/v1/types.ts';
import { ClientError } from './ClientError.ts';

/** Events as an async iterable, with what has come since the last one waiting in a bounded queue. */
export class EventStream<E extends UndertoneEvent> implements AsyncIterableIterator<E> {
  readonly #limit: number;
  readonly #onEnd: () => void;
  readonly #onRead: (() => void) | undefined;
  #queue: E[] = [];
  #pending: { resolve: (result: IteratorResult<E>) => void; reject: (error: Error) => void }[] = [];
  #done = false;
  #error: ClientError | undefined;

  /**
   * @param limit - events that may wait; beyond it interim results go first, then the stream ends with `overflow`
   * @param onEnd - called once when nobody reads any more
   * @param onRead - called when something that waited was read
   */
  constructor(limit: number, onEnd: () => void, onRead?: () => void) {
    this.#limit = limit;
    this.#onRead = onRead;
    this.#onEnd = onEnd;
  }

  /** Events that wait to be read. */
  get size(): number {
    return this.#queue.length;
  }

  push(event: E): void {
    if (this.#done) return;
    const reader = this.#pending.shift();
    if (reader) {
      reader.resolve({ value: event, done: false });
      return;
    }
    if (this.#queue.length >= this.#limit) this.#queue = this.#queue.filter(({ type }) => type !== 'emotion.interim');
    if (this.#queue.length >= this.#limit) {
      if (event.type === 'emotion.interim') return;
      const message =
        `More than ${this.#limit} events wait to be read. Read faster, raise bufferSize, ` +
        `or go on from ${String((this.#queue[0] as { seq?: number }).seq)} with a new client and since.`;
      this.end(new ClientError('overflow', message));
      return;
    }
    this.#queue.push(event);
  }

  /** Drops what waits and matches. */
  forget(matches: (event: E) => boolean): void {
    this.#queue = this.#queue.filter((event) => !matches(event));
  }

  /** What waits is still read; then the stream ends, with the error where there is one. */
  end(error?: ClientError): void {
    if (this.#done) return;
    this.#done = true;
    this.#error = error;
    this.#onEnd();
    for (const { resolve, reject } of this.#pending.splice(0)) {
      if (error) reject(error);
      else resolve({ value: undefined, done: true });
    }
  }

  next(): Promise<IteratorResult<E>> {
    const event = this.#queue.shift();
    if (event) {
      this.#onRead?.();
      return Promise.resolve({ value: event, done: false });
    }
    const error = this.#error;
    if (error) {
      this.#error = undefined;
      return Promise.reject(error);
    }
    if (this.#done) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<E>> {
    this.end();
    this.#queue = [];
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
