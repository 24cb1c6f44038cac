export interface PacedItem {
  /** When it is due, in ms on the pacer's time line; items come in this order. */
  readonly dueMs: number;
}

export interface PacerOptions<Item extends PacedItem> {
  /** Ms of a monotonic clock. */
  now(): number;
  /** @param timeMs Where the item's due time lies on the time line, held time included. */
  send(item: Item, timeMs: number): void;
  /** There are no more items. */
  done(): void;
}

/** What is later than this is not caught up with: the rest of the items is held back instead. */
export const MAX_CATCH_UP_MS = 200;
/** Held time is whole video frames at 15 per second and whole audio frames, so that timestamps keep their grid. */
const HOLD_STEP_MS = 200;

/**
 * Hands out items when they are due, by one timer against a monotonic clock, so that timers' delays do not add up.
 * After a short stall what is due goes out at once; after a long one the time line is moved, as when a camera and a
 * microphone had stood still: no burst, and time stamps stay true.
 */
export class Pacer<Item extends PacedItem> {
  readonly #options: PacerOptions<Item>;
  readonly #items: Iterator<Item>;
  #next: Item | undefined;
  #startMs = 0;
  #heldMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(items: Iterable<Item>, options: PacerOptions<Item>) {
    this.#items = items[Symbol.iterator]();
    this.#options = options;
  }

  /** Total time by which items were held back, ms. */
  get heldMs(): number {
    return this.#heldMs;
  }

  start(): void {
    this.#startMs = this.#options.now();
    this.#advance();
    this.#run();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#next = undefined;
  }

  #run(): void {
    const elapsedMs = this.#options.now() - this.#startMs;
    const lateMs = this.#next ? elapsedMs - this.#next.dueMs - this.#heldMs : 0;
    if (lateMs > MAX_CATCH_UP_MS) this.#heldMs += Math.floor(lateMs / HOLD_STEP_MS) * HOLD_STEP_MS;
    while (this.#next && this.#next.dueMs + this.#heldMs <= elapsedMs) {
      const item = this.#next;
      this.#options.send(item, item.dueMs + this.#heldMs);
      // Whoever got the item may have stopped the pacer.
      if (this.#next !== item) return;
      this.#advance();
    }
    if (!this.#next) {
      this.#options.done();
      return;
    }
    const waitMs = this.#startMs + this.#next.dueMs + this.#heldMs - this.#options.now();
    this.#timer = setTimeout(() => this.#run(), Math.max(0, waitMs));
  }

  #advance(): void {
    const { value, done } = this.#items.next() as IteratorResult<Item, undefined>;
    this.#next = done === true ? undefined : value;
  }
}
