/**
 * Turns a counter that wraps (16-bit sequence numbers, 32-bit timestamps) into one that does not: each value is taken to
 * be the one nearest to the reference, so that steps of less than half the range come out right in both directions.
 */
export class Unwrapper {
  readonly #range: number;
  #reference: number | null = null;

  constructor(bits: 16 | 32) {
    this.#range = 2 ** bits;
  }

  /** The unwrapped value; it becomes the reference. */
  unwrap(value: number): number {
    return (this.#reference = this.peek(value));
  }

  /** The unwrapped value; the reference stays. The value itself while there is no reference. */
  peek(value: number): number {
    if (this.#reference === null) return value;
    let step = (value - this.#reference) % this.#range;
    if (step < 0) step += this.#range;
    if (step >= this.#range / 2) step -= this.#range;
    return this.#reference + step;
  }

  /** Forgets the reference: the next value starts anew. */
  reset(): void {
    this.#reference = null;
  }
}
