import libsamplerate from '@alexanderolsen/libsamplerate-js';
import wavDecoder from 'wav-decoder';

/** Hz, what the models hear. */
export const SAMPLE_RATE = 16_000;
const RATES = { least: 8_000, most: 48_000 };
const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** Bits a sample, by format. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = { [PCM]: [16, 24, 32], [FLOAT]: [32] };

/** A file that is no WAV, or none that can be read; the message is one sentence for the user. */
export class WavError extends Error {
  override readonly name = 'WavError';
}

const FORMAT_BYTES = 16;
const HEADER_BYTES = 44;

interface Layout {
  formatAt: number;
  formatTag: number;
  dataAt: number;
  dataBytes: number;
}

/**
 * Reads a RIFF WAVE file of 8 to 48 kHz, 1 or 2 channels, 16, 24 or 32 bit (integer, or 32 bit float).
 *
 * @returns mono samples at 16 kHz, -1 to 1; two channels are averaged
 * @throws WavError saying what is wrong with the file
 */
export async function readWav(file: Uint8Array): Promise<Float32Array> {
  const { channelData, sampleRate } = wavDecoder.decode.sync(canonical(file, inspect(file)));
  const [left, right] = channelData;
  const mono = right ? left!.map((sample, i) => (sample + right[i]!) / 2) : left!;
  for (let i = 0; i < mono.length; i += 1) if (!Number.isFinite(mono[i]!)) mono[i] = 0;
  return sampleRate === SAMPLE_RATE ? mono : resample(mono, sampleRate);
}

/**
 * The same sound in the plainest of WAV files. wav-decoder knows neither the extensible format, whose sub-format says
 * what the samples are, nor that a chunk of odd length is padded.
 */
function canonical(file: Uint8Array, { formatAt, formatTag, dataAt, dataBytes }: Layout): ArrayBuffer {
  const plain = new Uint8Array(HEADER_BYTES + dataBytes);
  const view = new DataView(plain.buffer);
  const tag = (at: number, name: string) => plain.set(Buffer.from(name, 'latin1'), at);
  tag(0, 'RIFF');
  view.setUint32(4, plain.length - 8, true);
  tag(8, 'WAVEfmt ');
  view.setUint32(16, FORMAT_BYTES, true);
  plain.set(file.subarray(formatAt, formatAt + FORMAT_BYTES), 20);
  view.setUint16(20, formatTag, true);
  tag(36, 'data');
  view.setUint32(40, dataBytes, true);
  plain.set(file.subarray(dataAt, dataAt + dataBytes), HEADER_BYTES);
  return plain.buffer;
}

async function resample(mono: Float32Array, fromRate: number): Promise<Float32Array> {
  const { create, ConverterType } = libsamplerate;
  const converter = await create(1, fromRate, SAMPLE_RATE, { converterType: ConverterType.SRC_SINC_MEDIUM_QUALITY });
  try {
    // The filter holds some samples back; silence after the end brings them out.
    const padded = new Float32Array(mono.length + Math.ceil(fromRate / 50));
    padded.set(mono);
    return converter.full(padded).slice(0, Math.round((mono.length * SAMPLE_RATE) / fromRate));
  } finally {
    converter.destroy();
  }
}

/** Walks the chunks, each of which says its length, without believing any of them. */
function inspect(file: Uint8Array): Layout {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tag = (at: number) => String.fromCharCode(...file.subarray(at, at + 4));
  if (file.length < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new WavError('not a WAV file');
  let format: { at: number; tag: number; blockAlign: number } | undefined;
  for (let at = 12; at + 8 <= file.length;) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(at) === 'fmt ') format = checkFormat(view, body, size);
    if (tag(at) === 'data') {
      if (!format) throw new WavError('the WAV file has no format before its data');
      // A recorder that writes to a pipe cannot know the length and says 0xffffffff.
      const bytes = size === 0xffff_ffff ? file.length - body : size;
      if (body + bytes > file.length) {
        const missing = Math.round((1 - (file.length - body) / bytes) * 100);
        throw new WavError(`the WAV file is truncated: ${missing} % of the sound that its header names is missing`);
      }
      const dataBytes = bytes - (bytes % format.blockAlign);
      if (dataBytes === 0) throw new WavError('the WAV file holds no sound');
      return { formatAt: format.at, formatTag: format.tag, dataAt: body, dataBytes };
    }
    at = body + size + (size % 2);
  }
  throw new WavError('the WAV file is truncated: it ends before its data');
}

function checkFormat(view: DataView, at: number, size: number) {
  if (size < 16 || at + size > view.byteLength) throw new WavError('the WAV file is truncated: it ends in its header');
  const named = view.getUint16(at, true);
  const tag = named === EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : named;
  const channels = view.getUint16(at + 2, true);
  const rate = view.getUint32(at + 4, true);
  const blockAlign = view.getUint16(at + 12, true);
  const bits = view.getUint16(at + 14, true);
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
  return { at, tag, blockAlign };
}
