import { u8 } from './bytes.ts';

/** The RTP clock of Opus is 48 kHz whatever is coded (RFC 7587 4.1). */
export const OPUS_CLOCK_RATE = 48_000;

const TICKS_PER_MS = OPUS_CLOCK_RATE / 1000;
const MAX_PACKET_TICKS = 120 * TICKS_PER_MS;

/** What the first bytes of an Opus packet tell (RFC 6716 3.1). */
export interface OpusPacketInfo {
  /** Length of the sound in ticks of 48 kHz: 120 (2.5 ms) to 5760 (120 ms). */
  readonly durationTicks: number;
  readonly frames: number;
  /** A packet without coded sound: the sender is silent and sends nothing more until it has something to say. */
  readonly dtx: boolean;
  /** It carries the packet before it once more, coarser (in-band FEC, LBRR). */
  readonly fec: boolean;
}

/**
 * Reads the table of contents of an RTP payload, which is always one Opus packet (RFC 7587 4.2).
 *
 * @returns null for what RFC 6716 3.4 forbids
 */
export function parseOpus(payload: Uint8Array): OpusPacketInfo | null {
  if (payload.byteLength < 1) return null;
  const toc = u8(payload, 0);
  const config = toc >> 3;
  const frames = frameCount(payload, toc & 3);
  const durationTicks = frames * frameTicks(config);
  if (frames === 0 || durationTicks > MAX_PACKET_TICKS) return null;
  return {
    durationTicks,
    frames,
    dtx: payload.byteLength <= 2,
    fec: hasFec(payload, config, (toc & 4) !== 0),
  };
}

/** 0 when the count or the lengths are not allowed. */
function frameCount(payload: Uint8Array, code: number): number {
  switch (code) {
    case 0:
      return 1;
    case 1:
      return payload.byteLength % 2 === 1 ? 2 : 0;
    case 2:
      return payload.byteLength >= 2 ? 2 : 0;
    default:
      return payload.byteLength >= 2 ? u8(payload, 1) & 0x3f : 0;
  }
}

function frameTicks(config: number): number {
  if (config < 12) return [480, 960, 1920, 2880][config & 3] ?? 0;
  if (config < 16) return [480, 960][config & 1] ?? 0;
  return [120, 240, 480, 960][config & 3] ?? 0;
}

/**
 * A SILK frame begins with one bit of voice activity for each 20 ms of its length, then the LBRR flag; in stereo the
 * side channel's bits follow (RFC 6716 4.2.3). These bits have even odds, so the range coder leaves them readable.
 * Only packets of one frame are looked into, which is what WebRTC senders make.
 */
function hasFec(payload: Uint8Array, config: number, stereo: boolean): boolean {
  if (config >= 16 || (u8(payload, 0) & 3) !== 0 || payload.byteLength < 3) return false;
  const silkFrames = Math.max(1, frameTicks(config) / 960);
  const header = u8(payload, 1);
  const mid = (header >> (7 - silkFrames)) & 1;
  const side = stereo ? (header >> (7 - 2 * silkFrames - 1)) & 1 : 0;
  return (mid | side) === 1;
}
