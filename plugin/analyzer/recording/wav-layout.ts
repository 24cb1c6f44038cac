import type { ByteSource } from './byte-source.ts';
import { RecordingFileError } from './sound.ts';

const RATES = { least: 8_000, most: 48_000 };
const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** Bits a sample, by format. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = { [PCM]: [16, 24, 32], [FLOAT]: [32] };
/** A header names more chunks than this only to keep its reader busy. */
const MAX_CHUNKS = 1_000;

/** A file that is no WAV, or none that can be read; the message is one sentence for the user. */
export class WavError extends RecordingFileError {
  override readonly name = 'WavError';
}

export interface WavFormat {
  /** 1 PCM, 3 float. */
  tag: number;
  channels: number;
  /** Hz. */
  rate: number;
  bits: number;
  /** Bytes of a sample of all channels. */
  blockAlign: number;
}

export interface WavLayout extends WavFormat {
  dataAt: number;
  /** A multiple of `blockAlign`. */
  dataBytes: number;
}

/**
 * Walks the chunks, each of which says its length, without believing any of them.
 *
 * @throws WavError
 */
export async function inspectWav(file: ByteSource): Promise<WavLayout> {
  const head = await file.read(0, 12);
  if (head.length < 12 || tagAt(head, 0) !== 'RIFF' || tagAt(head, 8) !== 'WAVE') throw new WavError('not a WAV file');
  let format: WavFormat | undefined;
  let at = 12;
  for (let chunks = 0; at + 8 <= file.size && chunks < MAX_CHUNKS; chunks += 1) {
    const chunk = await file.read(at, 8);
    const size = viewOf(chunk).getUint32(4, true);
    const body = at + 8;
    if (tagAt(chunk, 0) === 'fmt ') format = checkFormat(await file.read(body, Math.min(size, 40)), size);
    if (tagAt(chunk, 0) === 'data') {
      if (!format) throw new WavError('the WAV file has no format before its data');
      return { ...format, dataAt: body, dataBytes: dataBytes(size, file.size - body, format.blockAlign) };
    }
    at = body + size + (size % 2);
  }
  throw new WavError('the WAV file is truncated: it ends before its data');
}

function dataBytes(size: number, there: number, blockAlign: number): number {
  // A recorder that writes to a pipe cannot know the length and says 0xffffffff.
  const bytes = size === 0xffff_ffff ? there : size;
  if (bytes > there) {
    const missing = Math.round((1 - there / bytes) * 100);
    throw new WavError(`the WAV file is truncated: ${missing} % of the sound that its header names is missing`);
  }
  const whole = bytes - (bytes % blockAlign);
  if (whole === 0) throw new WavError('the WAV file holds no sound');
  return whole;
}

function checkFormat(body: Uint8Array, size: number): WavFormat {
  if (size < 16 || body.length < Math.min(size, 40)) {
    throw new WavError('the WAV file is truncated: it ends in its header');
  }
  const view = viewOf(body);
  const named = view.getUint16(0, true);
  const tag = named === EXTENSIBLE && size >= 26 ? view.getUint16(24, true) : named;
  const channels = view.getUint16(2, true);
  const rate = view.getUint32(4, true);
  const blockAlign = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  const depths = DEPTHS[tag];
  if (!depths) throw new WavError(`the WAV file's format 0x${tag.toString(16)} is not supported: PCM and float are`);
  if (!depths.includes(bits)) {
    throw new WavError(`${bits} bit WAV samples are not supported: ${depths.join(', ')} are`);
  }
  if (channels < 1 || channels > 2) throw new WavError(`${channels} channels are not supported: 1 and 2 are`);
  if (rate < RATES.least || rate > RATES.most) {
    throw new WavError(`a sampling rate of ${rate} Hz is not supported: ${RATES.least} to ${RATES.most} are`);
  }
  if (blockAlign !== (channels * bits) / 8) throw new WavError('the WAV header contradicts itself');
  return { tag, channels, rate, bits, blockAlign };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function tagAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
