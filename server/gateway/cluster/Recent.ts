/** The newest of what was added. */
export class Recent {
  readonly #size: number;
  readonly #values = new Set<string>();

  constructor(size: number) {
    this.#size = size;
  }

  add(value: string): void {
    this.#values.delete(value);
    this.#values.add(value);
    if (this.#values.size <= this.#size) return;
    const [oldest] = this.#values;
    if (oldest !== undefined) this.#values.delete(oldest);
  }

  has(value: string): boolean {
    return this.#values.has(value);
  }
}
