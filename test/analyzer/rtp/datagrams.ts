import type { RtpPacket } from '../../../plugin/analyzer/rtp/index.ts';

/** Builders of datagrams, with what a test does not care about filled in. */

export interface RtpFields {
  payload?: ArrayLike<number>;
  sequenceNumber?: number;
  timestamp?: number;
  ssrc?: number;
  payloadType?: number;
  marker?: boolean;
}

export const SSRC = 0x11223344;
export const PAYLOAD_TYPE = 96;

export function rtpDatagram(fields: RtpFields = {}): Uint8Array {
  const payload = Uint8Array.from(fields.payload ?? [1, 2, 3]);
  const bytes = Buffer.alloc(12 + payload.length);
  bytes[0] = 0x80;
  bytes[1] = (fields.marker ? 0x80 : 0) | (fields.payloadType ?? PAYLOAD_TYPE);
  bytes.writeUInt16BE((fields.sequenceNumber ?? 0) & 0xffff, 2);
  bytes.writeUInt32BE((fields.timestamp ?? 0) >>> 0, 4);
  bytes.writeUInt32BE(fields.ssrc ?? SSRC, 8);
  bytes.set(payload, 12);
  return new Uint8Array(bytes);
}

export function rtpPacket(fields: RtpFields = {}): RtpPacket {
  return {
    payload: Uint8Array.from(fields.payload ?? [1, 2, 3]),
    sequenceNumber: (fields.sequenceNumber ?? 0) & 0xffff,
    timestamp: (fields.timestamp ?? 0) >>> 0,
    ssrc: fields.ssrc ?? SSRC,
    payloadType: fields.payloadType ?? PAYLOAD_TYPE,
    marker: fields.marker ?? false,
  };
}

export interface ReportFields {
  ssrc?: number;
  /** Milliseconds since 1970; null for a sender without wall clock. */
  ntpMs: number | null;
  rtpTimestamp: number;
}

export function senderReport(fields: ReportFields): Uint8Array {
  const bytes = Buffer.alloc(28);
  bytes[0] = 0x80;
  bytes[1] = 200;
  bytes.writeUInt16BE(6, 2);
  bytes.writeUInt32BE(fields.ssrc ?? SSRC, 4);
  if (fields.ntpMs !== null) {
    const seconds = Math.floor(fields.ntpMs / 1000);
    bytes.writeUInt32BE((seconds + 2_208_988_800) % 2 ** 32, 8);
    bytes.writeUInt32BE(Math.floor(((fields.ntpMs - seconds * 1000) / 1000) * 2 ** 32), 12);
  }
  bytes.writeUInt32BE(fields.rtpTimestamp >>> 0, 16);
  bytes.writeUInt32BE(7, 20);
  bytes.writeUInt32BE(900, 24);
  return new Uint8Array(bytes);
}

export function goodbye(...ssrcs: number[]): Uint8Array {
  const bytes = Buffer.alloc(4 + 4 * ssrcs.length);
  bytes[0] = 0x80 | ssrcs.length;
  bytes[1] = 203;
  bytes.writeUInt16BE(ssrcs.length, 2);
  for (const [index, ssrc] of ssrcs.entries()) bytes.writeUInt32BE(ssrc, 4 + 4 * index);
  return new Uint8Array(bytes);
}
