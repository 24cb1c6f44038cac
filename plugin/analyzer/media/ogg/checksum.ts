const POLYNOMIAL = 0x04c11db7;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) value = (value << 1) ^ (value < 0 ? POLYNOMIAL : 0);
  return value >>> 0;
});

/** Where a page keeps its checksum; these bytes count as 0. */
const CHECKSUM_AT = 22;

/** CRC-32 of an Ogg page: polynomial 0x04c11db7, not reflected, initial value 0 (RFC 3533, 6). */
export function oggChecksum(page: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < page.length; i += 1) {
    const byte = i >= CHECKSUM_AT && i < CHECKSUM_AT + 4 ? 0 : page[i]!;
    crc = (crc << 8) ^ table[((crc >>> 24) ^ byte) & 0xff]!;
  }
  return crc >>> 0;
}
