import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createVideoDecoder } from '../../../plugin/analyzer/media/index.ts';
import { VIDEO_CODECS, VideoReceiver } from '../../../plugin/analyzer/rtp/index.ts';
import type { VideoCodec } from '../../../plugin/analyzer/rtp/index.ts';
import { readFixture } from '../../../scripts/fixtures/rtpdump.ts';
import { PAYLOAD_TYPE } from './datagrams.ts';

const WIDTH = 160;
const HEIGHT = 120;
const SECOND_KEY_FRAME = 12;

/** The luma planes of all pictures of the recorded stream. */
async function decode(codec: VideoCodec): Promise<Uint8Array[]> {
  const receiver = new VideoReceiver({ codec, clockRate: 90_000, payloadType: PAYLOAD_TYPE });
  const decoder = await createVideoDecoder(codec, { backend: 'wasm' });
  const pictures: Uint8Array[] = [];
  try {
    for (const { atMs, data } of readFixture(codec)) {
      receiver.push(data, atMs);
      for (const { unit } of receiver.poll(atMs)) {
        const frame = decoder.decode(unit.data);
        assert.ok(frame, `picture ${pictures.length} decodes`);
        assert.deepEqual([frame.width, frame.height], [WIDTH, HEIGHT]);
        const luma = new Uint8Array(WIDTH * HEIGHT);
        for (let row = 0; row < HEIGHT; row++) {
          luma.set(frame.y.subarray(row * frame.strideY, row * frame.strideY + WIDTH), row * WIDTH);
        }
        pictures.push(luma);
      }
    }
  } finally {
    decoder.close();
  }
  return pictures;
}

/** Peak signal-to-noise ratio in dB. */
function psnr(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return 10 * Math.log10((255 * 255 * a.length) / Math.max(1, sum));
}

describe('access units of recorded streams', () => {
  for (const codec of VIDEO_CODECS) {
    it(`decode to the same picture whether ${codec} predicts it or starts anew`, async () => {
      const pictures = await decode(codec);
      assert.equal(pictures.length, 24);
      const [first, predicted, anew, later] = [0, SECOND_KEY_FRAME - 1, SECOND_KEY_FRAME, SECOND_KEY_FRAME + 1].map(
        (index) => pictures[index],
      );
      assert.ok(first && predicted && anew && later);
      // What the pictures show moves little from one to the next and a lot within a second: a broken chain of
      // predictions would differ from the key frame that does not use it.
      const overTheSeam = psnr(predicted, anew);
      assert.ok(overTheSeam > 20, `${overTheSeam.toFixed(1)} dB over the key frame`);
      assert.ok(psnr(anew, later) > 20);
      assert.ok(psnr(first, anew) < overTheSeam - 1, 'the pictures move');
    });
  }
});
