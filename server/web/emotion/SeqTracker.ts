/** Notices when a durable event was missed: their numbers grow by one in each room. */
export class SeqTracker {
  #last = 0;

  /** The last number up to which nothing is missing. */
  get last(): number {
    return this.#last;
  }

  /**
   * Takes note of an event's number.
   * @returns false when one before it is missing: the events since {@link last} are to be asked for
   */
  observe(seq: number): boolean {
    if (seq > this.#last + 1) return false;
    this.#last = Math.max(this.#last, seq);
    return true;
  }

  /** Everything up to this number is here, or not meant for this client. */
  caughtUp(seq: number): void {
    this.#last = Math.max(this.#last, seq);
  }
}
