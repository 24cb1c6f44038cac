import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOpusDecoder, OPUS_SAMPLE_RATE } from '../../plugin/analyzer/media/index.ts';
import { readOggOpus, SAMPLE_MEDIA_DIR } from '../../server/sample/index.ts';
import { wavFile } from './wav-file.ts';

/** What one speaker of the sample call says up to `maxMs`, as a WAV file: 16 kHz, mono, 16 bit. */
export async function sampleWav(speakerId: string, maxMs = Infinity): Promise<Buffer> {
  const { frames } = readOggOpus(await readFile(join(SAMPLE_MEDIA_DIR, `${speakerId}.opus`)));
  const decoder = await createOpusDecoder();
  const parts = frames
    .filter(({ timeMs }) => timeMs < maxMs)
    .map(({ packet, durationMs }) =>
      // An encoder that fell silent leaves packets without sound in them.
      packet.length > 2 ? decoder.decode(packet).slice() : new Float32Array((durationMs * OPUS_SAMPLE_RATE) / 1000),
    );
  decoder.close();
  const samples = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  return wavFile(samples, { rate: OPUS_SAMPLE_RATE, channels: 1, bits: 16 });
}
