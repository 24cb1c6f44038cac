import { readFile, writeFile } from 'node:fs/promises';
import { Encoder } from '@evan/opus';
import type { PlacedLine } from './timeline.ts';
import { writeOggOpus } from './ogg-writer.ts';

const RATE = 48_000;
const FRAME_SAMPLES = (RATE * 20) / 1000;
const BIT_RATE = 28_000;
/** libopus looks ahead by 6.5 ms. */
const PRE_SKIP_SAMPLES = 312;
/** Loudness of a line at 0 dB, root mean square over its sound. */
const LEVEL_DBFS = -20;
const AUDIBLE = 0.005;

/** 48 kHz mono, -1..1: what one microphone hears, silence while others speak. */
export async function mixTrack(lines: readonly PlacedLine[], durationMs: number): Promise<Float32Array> {
  const track = new Float32Array((durationMs * RATE) / 1000);
  for (const line of lines) {
    const samples = readSamples(await readFile(line.wavPath));
    const gain = 10 ** ((LEVEL_DBFS + line.gainDb) / 20) / loudness(samples);
    track.set(
      samples.map((sample) => softLimit(sample * gain)),
      Math.round((line.startMs * RATE) / 1000),
    );
  }
  return track;
}

/** Samples of a 16-bit mono WAV file as ffmpeg writes it. */
function readSamples(wav: Buffer): Float32Array {
  const dataAt = wav.indexOf('data', 12, 'latin1') + 8;
  return Float32Array.from({ length: (wav.length - dataAt) >> 1 }, (_, i) => wav.readInt16LE(dataAt + 2 * i) / 32768);
}

function loudness(samples: Float32Array): number {
  const audible = samples.filter((sample) => Math.abs(sample) > AUDIBLE);
  return Math.sqrt(audible.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, audible.length));
}

/** Straight up to half of full scale, then bent. */
function softLimit(sample: number): number {
  const size = Math.abs(sample);
  return size < 0.5 ? sample : Math.sign(sample) * (0.5 + 0.45 * Math.tanh((size - 0.5) / 0.45));
}

/** Encodes speech with in-band FEC and discontinuous transmission, as browsers do, into an Ogg Opus file. */
export async function encodeTrack(track: Float32Array, path: string): Promise<void> {
  const encoder = new Encoder({ channels: 1, sample_rate: RATE, application: 'voip' });
  encoder.signal = 'voice';
  encoder.bitrate = BIT_RATE;
  encoder.vbr = true;
  encoder.dtx = true;
  encoder.inband_fec = true;
  encoder.packet_loss = 5;
  const packets: Uint8Array[] = [];
  for (let from = 0; from < track.length; from += FRAME_SAMPLES) {
    const frame = new Int16Array(FRAME_SAMPLES);
    for (let i = 0; i < FRAME_SAMPLES; i += 1) frame[i] = Math.round((track[from + i] ?? 0) * 32767);
    packets.push(encoder.encode(frame).slice());
  }
  await writeFile(path, writeOggOpus(packets, PRE_SKIP_SAMPLES));
}
