import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createVideoDecoder, type VideoFrame } from '../../plugin/analyzer/media/index.ts';
import { readIvf, SAMPLE_MEDIA_DIR, type IvfFile } from '../../server/sample/index.ts';
import type { FakeMedia } from './chromium.ts';
import { sampleWav } from './sample-wav.ts';

const FRAME_RATE = 15;

export interface FakeCameraOptions {
  /** How much of the sample is taken, from its start. A file of 30 s has 116 MB. @default all of it */
  maxMs?: number;
}

/**
 * Writes what Chromium's fake camera and microphone play, out of one speaker of the sample call: `.y4m` (I420, 480x360,
 * 15 fps) and `.wav` (16 kHz mono, 16 bit), both of the same length, in a loop.
 *
 * @param speakerId `maya`, `callum` or `ellis`
 */
export async function makeFakeCamera(
  dir: string,
  speakerId: string,
  options: FakeCameraOptions = {},
): Promise<FakeMedia> {
  const { maxMs = Infinity } = options;
  const media = { video: join(dir, `${speakerId}.y4m`), audio: join(dir, `${speakerId}.wav`) };
  const ivf = readIvf(await readFile(join(SAMPLE_MEDIA_DIR, `${speakerId}.ivf`)));
  await pipeline(Readable.from(yuv4mpeg(ivf, maxMs)), createWriteStream(media.video));

  await writeFile(media.audio, await sampleWav(speakerId, maxMs));
  return media;
}

async function* yuv4mpeg({ width, height, frames }: IvfFile, maxMs: number): AsyncGenerator<Buffer> {
  const decoder = await createVideoDecoder('vp8', { backend: 'wasm' });
  yield Buffer.from(`YUV4MPEG2 W${width} H${height} F${FRAME_RATE}:1 Ip A1:1 C420jpeg\n`);
  try {
    for (const { data, timeMs } of frames) {
      if (timeMs >= maxMs) break;
      const picture = decoder.decode(data);
      if (!picture) throw new Error(`the frame at ${timeMs} ms cannot be decoded: ${decoder.failure?.message}`);
      yield Buffer.concat([Buffer.from('FRAME\n'), ...planes(picture)]);
    }
  } finally {
    decoder.close();
  }
}

function planes({ width, height, y, u, v, strideY, strideU, strideV }: VideoFrame): Buffer[] {
  return [
    plane(y, strideY, width, height),
    plane(u, strideU, (width + 1) >> 1, (height + 1) >> 1),
    plane(v, strideV, (width + 1) >> 1, (height + 1) >> 1),
  ];
}

function plane(data: Uint8Array, stride: number, width: number, height: number): Buffer {
  const out = Buffer.allocUnsafe(width * height);
  for (let row = 0; row < height; row += 1) out.set(data.subarray(row * stride, row * stride + width), row * width);
  return out;
}
