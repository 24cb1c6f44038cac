import { u16, u32, u8 } from './bytes.ts';

/** One RTP data packet (RFC 3550 5.1). */
export interface RtpPacket {
  readonly marker: boolean;
  /** 0..127 */
  readonly payloadType: number;
  /** 0..65535 */
  readonly sequenceNumber: number;
  /** 0..2^32-1, in ticks of the stream's clock rate */
  readonly timestamp: number;
  readonly ssrc: number;
  /**
   * What follows header, CSRCs and extension, without padding: a view into the datagram, not a copy. Empty for a packet
   * of padding only, as bandwidth probes are.
   */
  readonly payload: Uint8Array;
}

const FIXED_HEADER_BYTES = 12;

/**
 * Parses a datagram as RTP (RFC 3550 5.1).
 *
 * @returns null when version, lengths or padding do not fit; never throws
 */
export function parseRtp(datagram: Uint8Array): RtpPacket | null {
  const size = datagram.byteLength;
  if (size < FIXED_HEADER_BYTES) return null;

  const first = u8(datagram, 0);
  if (first >> 6 !== 2) return null;

  let start = FIXED_HEADER_BYTES + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) {
    if (start + 4 > size) return null;
    start += 4 + 4 * u16(datagram, start + 2);
  }
  if (start > size) return null;

  let end = size;
  if ((first & 0x20) !== 0) {
    // The last octet counts itself, so 0 is malformed.
    const padding = u8(datagram, size - 1);
    if (padding === 0 || start + padding > size) return null;
    end -= padding;
  }

  const second = u8(datagram, 1);
  return {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequenceNumber: u16(datagram, 2),
    timestamp: u32(datagram, 4),
    ssrc: u32(datagram, 8),
    payload: datagram.subarray(start, end),
  };
}
