import { u8 } from './bytes.ts';

export const OBU_SEQUENCE_HEADER = 1;
export const OBU_TEMPORAL_DELIMITER = 2;
export const OBU_FRAME_HEADER = 3;
export const OBU_FRAME = 6;
export const OBU_TILE_LIST = 8;
export const OBU_PADDING = 15;

/** An open bitstream unit (AV1 specification 5.3). */
export interface Obu {
  readonly type: number;
  readonly temporalId: number;
  readonly spatialId: number;
  /** The extension byte of the header where it has one. */
  readonly extension: number | null;
  readonly payload: Uint8Array;
}

const MAX_LEB128_BYTES = 8;

/** An unsigned LEB128 number (AV1 specification 4.10.5) and the bytes it takes; null when it does not fit. */
export function readLeb128(bytes: Uint8Array, offset: number): { value: number; size: number } | null {
  let value = 0;
  for (let i = 0; i < MAX_LEB128_BYTES && offset + i < bytes.byteLength; i++) {
    const byte = u8(bytes, offset + i);
    value += (byte & 0x7f) * 2 ** (7 * i);
    if ((byte & 0x80) === 0) return value < 2 ** 32 ? { value, size: i + 1 } : null;
  }
  return null;
}

/** Parses an OBU as RTP carries it, with or without its size field; null when it is malformed. */
export function parseObu(bytes: Uint8Array): Obu | null {
  const header = u8(bytes, 0);
  if (bytes.byteLength === 0 || (header & 0x80) !== 0) return null;
  const hasExtension = (header & 0x04) !== 0;
  let start = hasExtension ? 2 : 1;
  if (start > bytes.byteLength) return null;
  let end = bytes.byteLength;
  if ((header & 0x02) !== 0) {
    const size = readLeb128(bytes, start);
    if (!size || start + size.size + size.value > bytes.byteLength) return null;
    start += size.size;
    end = start + size.value;
  }
  const extension = hasExtension ? u8(bytes, 1) : null;
  return {
    type: (header >> 3) & 0x0f,
    temporalId: (extension ?? 0) >> 5,
    spatialId: ((extension ?? 0) >> 3) & 0x03,
    extension,
    payload: bytes.subarray(start, end),
  };
}

/** The header of an OBU with its size field, as the low-overhead format wants it (AV1 specification 5.2). */
export function sizedObuHeader(obu: Obu): Uint8Array {
  const bytes = [(obu.type << 3) | (obu.extension === null ? 0 : 0x04) | 0x02];
  if (obu.extension !== null) bytes.push(obu.extension);
  let rest = obu.payload.byteLength;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Uint8Array.from(bytes);
}
