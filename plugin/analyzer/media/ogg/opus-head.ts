import { OggError } from './pages.ts';

const MAGIC = 'OpusHead';
/** Up to and with the channel mapping family. */
const HEAD_BYTES = 19;
/** Families whose table says which stream each channel is in: RTP's order, Vorbis' order, no order. */
const KNOWN_FAMILIES: readonly number[] = [0, 1, 255];
const SILENT = 255;
/** 7.1 surround, the most that has an order of channels; each stream takes a decoder. */
const MAX_CHANNELS = 8;

/** The identification header of an Ogg Opus stream (RFC 7845, 5.1), as far as a mono mix of it needs. */
export interface OpusHead {
  /** Samples at 48 kHz to throw away at the beginning. */
  readonly preSkip: number;
  /** Factor for all samples. */
  readonly gain: number;
  /** How much of the mean of all channels each coded stream, mixed down to mono, makes up. */
  readonly streamWeights: readonly number[];
}

/** Whether a packet begins as the identification header of Opus does. */
export function isOpusHead(packet: Uint8Array): boolean {
  return Buffer.from(packet.subarray(0, MAGIC.length)).toString('latin1') === MAGIC;
}

/**
 * Reads the identification header.
 *
 * @throws OggError when it is cut short, contradicts itself, or its version or channel mapping is not known
 */
export function parseOpusHead(packet: Uint8Array): OpusHead {
  if (packet.length < HEAD_BYTES) throw new OggError('the Opus header is cut short');
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const version = view.getUint8(8);
  if (version >> 4 !== 0) throw new OggError(`version ${version} of Ogg Opus is not known; 1 is`);
  return {
    preSkip: view.getUint16(10, true),
    // Steps of 1/256 dB.
    gain: 10 ** (view.getInt16(16, true) / 256 / 20),
    streamWeights: streamWeights(packet, view.getUint8(9), view.getUint8(18)),
  };
}

function streamWeights(packet: Uint8Array, channels: number, family: number): number[] {
  if (!KNOWN_FAMILIES.includes(family)) {
    throw new OggError(`channel mapping ${family} of Opus is not supported: ${KNOWN_FAMILIES.join(', ')} are`);
  }
  const most = family === 0 ? 2 : MAX_CHANNELS;
  if (channels < 1 || channels > most) {
    throw new OggError(`${channels} channels of Opus in mapping ${family} are not supported: 1 to ${most} are`);
  }
  if (family === 0) return [1];
  const mapping = packet.subarray(HEAD_BYTES + 2, HEAD_BYTES + 2 + channels);
  if (mapping.length < channels) throw new OggError('the Opus header is cut short');
  const streams = packet[HEAD_BYTES]!;
  const coupled = packet[HEAD_BYTES + 1]!;
  if (streams < 1 || coupled > streams || streams + coupled > MAX_CHANNELS) {
    throw new OggError(`the Opus header names ${streams} streams, ${coupled} of them in stereo`);
  }
  const weights = new Array<number>(streams).fill(0);
  for (const decoded of mapping) {
    if (decoded === SILENT) continue;
    // Stereo streams come first, with two channels each.
    const stream = decoded < 2 * coupled ? decoded >> 1 : decoded - coupled;
    if (stream >= streams) throw new OggError(`the Opus header maps channel ${decoded} of ${streams + coupled}`);
    weights[stream] = weights[stream]! + 1 / channels;
  }
  return weights;
}
