const BUCKETS = 10;

/**
 * The minimum of the values of the last `windowMs`, kept in ten buckets of time: constant memory, however many values.
 * Times may only grow; an earlier one counts as the latest.
 */
export class SlidingMinimum {
  readonly #bucketMs: number;
  readonly #minima = new Float64Array(BUCKETS).fill(Number.POSITIVE_INFINITY);
  #newest = Number.NEGATIVE_INFINITY;
  #minimum = Number.POSITIVE_INFINITY;

  constructor(windowMs: number) {
    this.#bucketMs = windowMs / BUCKETS;
  }

  /** Infinity while there is no value. */
  get value(): number {
    return this.#minimum;
  }

  /** Adds a value measured at `atMs`. */
  add(value: number, atMs: number): void {
    const bucket = Math.floor(atMs / this.#bucketMs);
    if (bucket > this.#newest) this.#moveTo(bucket);
    const slot = this.#slot(0);
    if (value < (this.#minima[slot] ?? 0)) this.#minima[slot] = value;
    if (value < this.#minimum) this.#minimum = value;
  }

  reset(): void {
    this.#minima.fill(Number.POSITIVE_INFINITY);
    this.#newest = Number.NEGATIVE_INFINITY;
    this.#minimum = Number.POSITIVE_INFINITY;
  }

  #moveTo(bucket: number): void {
    const steps = Math.min(BUCKETS, bucket - this.#newest);
    this.#newest = bucket;
    for (let age = 0; age < steps; age++) this.#minima[this.#slot(age)] = Number.POSITIVE_INFINITY;
    this.#minimum = Math.min(...this.#minima);
  }

  #slot(age: number): number {
    return (((this.#newest - age) % BUCKETS) + BUCKETS) % BUCKETS;
  }
}
