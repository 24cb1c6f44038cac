/**
 * Big-endian reads of network bytes. Callers check lengths first; a byte past the end reads as 0, so that a missed
 * check can give a wrong number but never an exception.
 */

/** The byte at `offset`, 0..255. */
export function u8(bytes: Uint8Array, offset: number): number {
  return bytes[offset] ?? 0;
}

/** The 16-bit unsigned integer at `offset`. */
export function u16(bytes: Uint8Array, offset: number): number {
  return (u8(bytes, offset) << 8) | u8(bytes, offset + 1);
}

/** The 32-bit unsigned integer at `offset`. */
export function u32(bytes: Uint8Array, offset: number): number {
  return u16(bytes, offset) * 0x10000 + u16(bytes, offset + 2);
}

/** One buffer that holds `parts` one after the other; `byteLength` is their sum. */
export function concat(parts: readonly Uint8Array[], byteLength: number): Uint8Array {
  const whole = new Uint8Array(byteLength);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
