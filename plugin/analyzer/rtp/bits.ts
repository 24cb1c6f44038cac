import { u8 } from './bytes.ts';

/**
 * Reads bits, most significant first. Reading past the end gives zeros and sets `exhausted`, so that a parser checks
 * once at its end instead of before every field.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  #position: number;

  /** @param offset first byte to read */
  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes;
    this.#position = offset * 8;
  }

  /** Whether a bit was read that the buffer does not have. */
  get exhausted(): boolean {
    return this.#position > this.#bytes.byteLength * 8;
  }

  /** An unsigned integer of `count` bits, 0..32. */
  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      const byte = u8(this.#bytes, this.#position >> 3);
      value = value * 2 + ((byte >> (7 - (this.#position & 7))) & 1);
      this.#position++;
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  skip(count: number): void {
    this.#position += count;
  }

  /** Unsigned Exp-Golomb, ue(v) of ITU-T H.264 9.1. */
  unsignedExpGolomb(): number {
    let zeros = 0;
    while (zeros < 32 && !this.exhausted && !this.flag()) zeros++;
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** Signed Exp-Golomb, se(v) of ITU-T H.264 9.1.1. */
  signedExpGolomb(): number {
    const code = this.unsignedExpGolomb();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}
