/** What has been started so far, to be ended again should something after it fail. */
export class Started {
  readonly #ends: (() => unknown)[] = [];

  /** Takes note of how something is ended. */
  add(end: () => unknown): void {
    this.#ends.push(end);
  }

  /** Something that was started ends all of them from now on. */
  replaceBy(end: () => unknown): void {
    this.#ends.splice(0, Infinity, end);
  }

  /** Ends all of it, the last first; what cannot be ended keeps nothing else from being so. */
  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) {
      try {
        await end();
      } catch {
        // The failure for which this is done is the one to be told.
      }
    }
  }
}
