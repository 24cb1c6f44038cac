import type { StoredEvent } from '../../store/index.ts';

/** Events read at once, of which some may be for others' eyes. */
export const PAGE = 250;
/** The next page is read when so few are left. */
const LOW = 100;

export interface ReadAheadOptions {
  /** Events from a place on, at most so many. */
  read(from: number, limit: number): Promise<StoredEvent[]>;
  /** Whether the viewer may see an event. */
  shows(event: StoredEvent): boolean;
}

/** Events of a meeting in their order, read in pages before they are due. Holds fewer than two pages. */
export class ReadAhead {
  readonly #options: ReadAheadOptions;
  #queue: StoredEvent[] = [];
  #next = 0;
  #exhausted = false;
  #reading: Promise<void> | undefined;
  /** What was read for an earlier one is out of date. */
  #generation = 0;

  constructor(options: ReadAheadOptions) {
    this.#options = options;
  }

  /** Events that wait. */
  get size(): number {
    return this.#queue.length;
  }

  /** Whether nothing comes any more. */
  get exhausted(): boolean {
    return this.#exhausted && this.#queue.length === 0;
  }

  /** Begins anew at a place. */
  seek(ord: number): void {
    this.#generation += 1;
    this.#reading = undefined;
    this.#queue = [];
    this.#next = ord;
    this.#exhausted = false;
  }

  /** The next event; undefined where it has to be waited for, or there is none. */
  peek(): StoredEvent | undefined {
    return this.#queue[0];
  }

  shift(): void {
    this.#queue.shift();
    // Failures show to whoever waits for more.
    if (this.#queue.length < LOW) this.fill().catch(() => undefined);
  }

  /**
   * Resolves when there is an event, or none comes any more.
   * @throws what reading throws
   */
  async ready(): Promise<void> {
    const generation = this.#generation;
    while (this.#queue.length === 0 && !this.#exhausted && generation === this.#generation) await this.fill();
  }

  /** Reads the next page, unless that is being done. */
  fill(): Promise<void> {
    if (this.#exhausted) return Promise.resolve();
    this.#reading ??= this.#read(this.#generation);
    return this.#reading;
  }

  /** Forgets events that are gone from the store; also those on their way. Returns how many were held. */
  drop(matches: (event: StoredEvent) => boolean): number {
    const kept = this.#queue.filter((event) => !matches(event));
    const dropped = this.#queue.length - kept.length;
    this.#queue = kept;
    // A page on its way may have been read before: it is read again.
    this.#generation += 1;
    this.#reading = undefined;
    return dropped;
  }

  async #read(generation: number): Promise<void> {
    try {
      const page = await this.#options.read(this.#next, PAGE);
      if (generation !== this.#generation) return;
      this.#exhausted = page.length < PAGE;
      this.#next = (page.at(-1)?.ord ?? this.#next - 1) + 1;
      this.#queue.push(...page.filter((event) => this.#options.shows(event)));
    } finally {
      if (generation === this.#generation) this.#reading = undefined;
    }
  }
}
