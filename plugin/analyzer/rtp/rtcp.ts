import { u16, u32, u8 } from './bytes.ts';

/** What a sender said about one of its streams (RFC 3550 6.4.1). */
export interface SenderReport {
  readonly kind: 'sender-report';
  readonly ssrc: number;
  /** Milliseconds since 1970 by the sender's clock; null when it has no wall clock and says 0. */
  readonly ntpMs: number | null;
  /** The same instant in ticks of the stream's clock rate, 0..2^32-1. */
  readonly rtpTimestamp: number;
  readonly packetCount: number;
  readonly octetCount: number;
}

/** Streams that have ended (RFC 3550 6.6). */
export interface Goodbye {
  readonly kind: 'bye';
  readonly ssrcs: readonly number[];
}

export type RtcpItem = SenderReport | Goodbye;

const SENDER_REPORT = 200;
const BYE = 203;
const SENDER_INFO_BYTES = 28;

/** Seconds from 1900 to 1970. */
const NTP_TO_UNIX_SECONDS = 2_208_988_800;
const ERA_SECONDS = 2 ** 32;

/** Whether a datagram of a multiplexed port is RTCP: payload types 64..95 cannot be RTP's (RFC 5761 4). */
export function isRtcp(datagram: Uint8Array): boolean {
  if (datagram.byteLength < 4 || u8(datagram, 0) >> 6 !== 2) return false;
  const type = u8(datagram, 1);
  return type >= 192 && type <= 223;
}

/**
 * The sender reports and goodbyes of a compound packet. Other packet types are stepped over; what follows a malformed
 * length is ignored.
 */
export function parseRtcp(datagram: Uint8Array): RtcpItem[] {
  const items: RtcpItem[] = [];
  let offset = 0;
  while (offset + 4 <= datagram.byteLength && u8(datagram, offset) >> 6 === 2) {
    const end = offset + 4 + 4 * u16(datagram, offset + 2);
    if (end > datagram.byteLength) break;

    const type = u8(datagram, offset + 1);
    if (type === SENDER_REPORT && end - offset >= SENDER_INFO_BYTES) {
      items.push(senderReport(datagram, offset));
    } else if (type === BYE) {
      items.push(goodbye(datagram, offset, end));
    }
    offset = end;
  }
  return items;
}

function senderReport(datagram: Uint8Array, offset: number): SenderReport {
  return {
    kind: 'sender-report',
    ssrc: u32(datagram, offset + 4),
    ntpMs: ntpToUnixMs(u32(datagram, offset + 8), u32(datagram, offset + 12)),
    rtpTimestamp: u32(datagram, offset + 16),
    packetCount: u32(datagram, offset + 20),
    octetCount: u32(datagram, offset + 24),
  };
}

function goodbye(datagram: Uint8Array, offset: number, end: number): Goodbye {
  const count = u8(datagram, offset) & 0x1f;
  const ssrcs: number[] = [];
  for (let i = 0; i < count && offset + 8 + 4 * i <= end; i++) ssrcs.push(u32(datagram, offset + 4 + 4 * i));
  return { kind: 'bye', ssrcs };
}

function ntpToUnixMs(seconds: number, fraction: number): number | null {
  if (seconds === 0 && fraction === 0) return null;
  // The counter wraps in February 2036; a small value is of the era after that (RFC 4330 3).
  const era = seconds < 0x8000_0000 ? ERA_SECONDS : 0;
  return (seconds + era - NTP_TO_UNIX_SECONDS) * 1000 + (fraction / ERA_SECONDS) * 1000;
}
