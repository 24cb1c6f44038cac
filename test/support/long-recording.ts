import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeOggOpus } from '../../plugin/analyzer/media/index.ts';
import { SAMPLE_MEDIA_DIR } from '../../server/sample/index.ts';
import { wavFile } from './wav-file.ts';

/** Writes a speaker of the sample call, over and over, as a WAV file: 16 kHz, mono, 16 bit. */
export async function writeLongWav(path: string, speakerId: string, times: number, lengthMs = Infinity): Promise<void> {
  const once = await decodeOggOpus(await readFile(join(SAMPLE_MEDIA_DIR, `${speakerId}.opus`)));
  const samples = new Float32Array(Math.min(once.length * times, lengthMs * 16));
  for (let at = 0; at < samples.length; at += once.length) samples.set(once.subarray(0, samples.length - at), at);
  await writeFile(path, wavFile(samples, { rate: 16_000, channels: 1, bits: 16 }));
}
