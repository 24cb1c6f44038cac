import wavDecoder from 'wav-decoder';
import { bytesInMemory, type ByteSource } from './byte-source.ts';
import { createResampler } from './resampler.ts';
import { SAMPLE_RATE, SoundQueue, type Sound } from './sound.ts';
import { inspectWav, WavError, type WavFormat, type WavLayout } from './wav-layout.ts';

const FORMAT_BYTES = 16;
const HEADER_BYTES = 44;
/** Decoded at a time. */
const PIECE_SECONDS = 4;

/**
 * The sound of a RIFF WAVE file of 8 to 48 kHz, 1 or 2 channels, 16, 24 or 32 bit (integer, or 32 bit float); two channels
 * are averaged. The source is closed with it.
 *
 * @throws WavError saying what is wrong with the file
 */
export async function openWav(source: ByteSource): Promise<Sound> {
  const layout = await inspectWav(source);
  const lengthMs = (layout.dataBytes / layout.blockAlign / layout.rate) * 1000;
  return new SoundQueue(lengthMs, pieces(source, layout), () => source.close());
}

/**
 * A whole file at once: for short ones.
 *
 * @returns mono samples at 16 kHz, -1 to 1
 * @throws WavError saying what is wrong with the file
 */
export async function readWav(file: Uint8Array): Promise<Float32Array> {
  const sound = await openWav(bytesInMemory(file));
  try {
    return await sound.next(Math.round((sound.lengthMs * SAMPLE_RATE) / 1000));
  } finally {
    await sound.close();
  }
}

async function* pieces(source: ByteSource, layout: WavLayout): AsyncGenerator<Float32Array, void> {
  const { dataAt, dataBytes, blockAlign, rate } = layout;
  const resampler = rate === SAMPLE_RATE ? undefined : await createResampler(rate);
  try {
    const step = PIECE_SECONDS * rate * blockAlign;
    for (let at = 0; at < dataBytes; at += step) {
      const wanted = Math.min(step, dataBytes - at);
      const bytes = await source.read(dataAt + at, wanted);
      if (bytes.length < wanted) throw new WavError('the WAV file became shorter while it was read');
      const mono = decode(bytes, layout);
      yield resampler ? resampler.take(mono) : mono;
    }
    if (resampler) yield resampler.end();
  } finally {
    resampler?.close();
  }
}

function decode(bytes: Uint8Array, format: WavFormat): Float32Array {
  // Symmetric: by 2 to the number of bits on both sides of 0, as decoders of other formats and training do.
  const { channelData } = wavDecoder.decode.sync(plainWav(bytes, format), { symmetric: true });
  const [left, right] = channelData;
  const mono = right ? left!.map((sample, i) => (sample + right[i]!) / 2) : left!;
  for (let i = 0; i < mono.length; i += 1) if (!Number.isFinite(mono[i]!)) mono[i] = 0;
  return mono;
}

/**
 * The samples in the plainest of WAV files. wav-decoder knows neither the extensible format, whose sub-format says
 * what the samples are, nor that a chunk of odd length is padded.
 */
function plainWav(samples: Uint8Array, { tag, channels, rate, bits, blockAlign }: WavFormat): ArrayBuffer {
  const plain = new Uint8Array(HEADER_BYTES + samples.length);
  const view = new DataView(plain.buffer);
  const write = (at: number, name: string) => plain.set(Buffer.from(name, 'latin1'), at);
  write(0, 'RIFF');
  view.setUint32(4, plain.length - 8, true);
  write(8, 'WAVEfmt ');
  view.setUint32(16, FORMAT_BYTES, true);
  view.setUint16(20, tag, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * blockAlign, true);
  view.setUint16(32, blockAlign, true);
  view.setUint16(34, bits, true);
  write(36, 'data');
  view.setUint32(40, samples.length, true);
  plain.set(samples, HEADER_BYTES);
  return plain.buffer;
}
