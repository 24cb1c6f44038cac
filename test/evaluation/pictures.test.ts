import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import {
  createFaceDetector,
  createVideoDecoder,
  letterboxToRgb,
  sampleFace,
  toVideoFrame,
  type RgbPicture,
  type VideoFrame,
} from '../../plugin/analyzer/media/index.ts';
import { DETECTORS_DIR } from '../../plugin/paths.ts';
import { EvaluationError } from '../../server/evaluation/index.ts';
import { FaceCutter, type FaceMode } from '../../server/evaluation/media/FaceCutter.ts';
import { loadPictureDecoder } from '../../server/evaluation/media/picture-file.ts';
import { SAMPLE_MEDIA_DIR } from '../../server/sample/index.ts';
import { face as noise } from '../analyzer/inference/fixtures/media.ts';
import { readUnits } from '../analyzer/media/containers.ts';

const SIZE = 48;
const decode = await loadPictureDecoder();
const detector = await createFaceDetector(path.join(DETECTORS_DIR, 'blazeface-256.onnx'));
after(() => detector.close());

const cutter = (mode: FaceMode) => new FaceCutter(detector, mode, { size: SIZE, cropScale: 1.15, cropRise: 0.09 });
const raw = (pixels: Uint8Array, width: number, height: number, channels: 1 | 2 | 3 | 4 = 3) =>
  sharp(pixels, { raw: { width, height, channels } });

/** Greatest difference of two pictures, of 255. */
function difference(a: Uint8Array, b: Uint8Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

/** The picture of a speaker of the sample call, as the call's decoder gives it. */
async function sampleFrame(): Promise<VideoFrame> {
  const decoder = await createVideoDecoder('vp8', { backend: 'wasm' });
  const frame = decoder.decode(readUnits(path.join(SAMPLE_MEDIA_DIR, 'maya.ivf'))[0]!)!;
  // The decoder's memory goes with it.
  const copy = { ...frame, y: frame.y.slice(), u: frame.u.slice(), v: frame.v.slice() };
  decoder.close();
  return copy;
}

test('a picture of the size of a face crop comes through to the byte', async () => {
  const pixels = noise(1, SIZE);
  for (const file of [
    await raw(pixels, SIZE, SIZE).png().toBuffer(),
    await raw(pixels, SIZE, SIZE).webp({ lossless: true }).toBuffer(),
  ]) {
    const picture = await decode(file);
    assert.deepEqual([picture.width, picture.height], [SIZE, SIZE]);
    for (const mode of ['auto', 'whole'] as const) {
      assert.deepEqual(Buffer.from(await cutter(mode).cut(picture)), Buffer.from(pixels));
    }
  }
});

test('JPEG and lossy WebP come close to what was put in', async () => {
  const pixels = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i % (64 * 3)) + ((i / (64 * 3)) | 0) / 2);
  const jpeg = await decode(await raw(pixels, 64, 64).jpeg({ quality: 95 }).toBuffer());
  const webp = await decode(await raw(pixels, 64, 64).webp({ quality: 95 }).toBuffer());
  assert.ok(difference(jpeg.pixels, pixels) < 24, `${difference(jpeg.pixels, pixels)}`);
  assert.ok(difference(webp.pixels, pixels) < 24, `${difference(webp.pixels, pixels)}`);
});

test('grey, 16 bit, palette and transparent pictures become RGB of 8 bit', async () => {
  const grey = Uint8Array.from({ length: 16 * 16 }, (_, i) => i);
  const asRgb = Buffer.from([...grey].flatMap((value) => [value, value, value]));
  assert.deepEqual(Buffer.from((await decode(await raw(grey, 16, 16, 1).png().toBuffer())).pixels), asRgb);
  const deep = await raw(grey, 16, 16, 1).toColourspace('grey16').png().toBuffer();
  assert.deepEqual(Buffer.from((await decode(deep)).pixels), asRgb);
  const palette = await decode(await raw(Uint8Array.from(asRgb), 16, 16).png({ palette: true, dither: 0 }).toBuffer());
  assert.ok(difference(palette.pixels, asRgb) <= 4);
  const clear = Uint8Array.from([...grey].flatMap((value) => [value, value, value, 40]));
  assert.deepEqual(Buffer.from((await decode(await raw(clear, 16, 16, 4).png().toBuffer())).pixels), asRgb);
});

test('a picture taken with the camera on its side is put upright', async () => {
  const pixels = Uint8Array.from([255, 0, 0, 0, 0, 255]);
  const file = await raw(pixels, 2, 1).png().withMetadata({ orientation: 6 }).toBuffer();
  const { width, height, pixels: upright } = await decode(file);
  assert.deepEqual([width, height, ...upright], [1, 2, ...pixels]);
});

test('a photograph is made no larger than what a camera in a call sends', async () => {
  const file = await sharp({ create: { width: 4_000, height: 2_000, channels: 3, background: '#345' } })
    .jpeg()
    .toBuffer();
  const { width, height } = await decode(file);
  assert.deepEqual([width, height], [1_920, 960]);
});

const png = await raw(noise(2, 64), 64, 64).png().toBuffer();
const WRONG: [name: string, file: Uint8Array, message: RegExp][] = [
  ['an empty file', new Uint8Array(0), /neither PNG, JPEG nor WebP/],
  ['a vector drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /neither PNG, JPEG nor WebP/],
  ['a WAV file', Buffer.from('RIFF\x00\x00\x00\x00WAVEfmt '), /neither PNG, JPEG nor WebP/],
  ['a picture cut off', png.subarray(0, png.length / 2), /the picture cannot be decoded: /],
  [
    'a picture with noise in it',
    Buffer.concat([png.subarray(0, 60), Buffer.alloc(png.length - 60, 7)]),
    /cannot be decoded/,
  ],
];
for (const [name, file, message] of WRONG) {
  test(`one sentence says what is wrong: ${name}`, async () => {
    await assert.rejects(
      decode(file),
      (error: Error) =>
        error instanceof EvaluationError && message.test(error.message) && !error.message.includes('\n'),
    );
  });
}

test('in a larger picture the face is found and cut out as from a frame of a call', async () => {
  const frame = await sampleFrame();
  const { pixels } = letterboxToRgb(frame, 480);
  const picture: RgbPicture = { width: 480, height: 480, pixels };
  const [auto, detect] = [cutter('auto'), cutter('detect')];
  const crop = await auto.cut(await decode(await raw(pixels, 480, 480).png().toBuffer()));
  assert.deepEqual(auto.counts, { detected: 1, whole: 0 });
  assert.deepEqual(crop, await detect.cut(picture));
  const live = await sampleFace(frame, detector, { size: SIZE, cropScale: 1.15, cropRise: 0.09 });
  const distance = crop.reduce((sum, value, i) => sum + Math.abs(value - live!.pixels[i]!), 0) / crop.length;
  assert.ok(distance < 6, `${distance} of 255 on average`);
});

test('where no face is found the whole picture is taken, unless one has to be', async () => {
  const picture: RgbPicture = { width: 200, height: 100, pixels: new Uint8Array(200 * 100 * 3).fill(90) };
  const auto = cutter('auto');
  assert.ok((await auto.cut(picture)).every((value) => value === 90));
  assert.deepEqual(auto.counts, { detected: 0, whole: 1 });
  await assert.rejects(cutter('detect').cut(picture), /no face was found/);
  await assert.rejects(cutter('detect').cut({ width: 48, height: 48, pixels: noise(3, 48) }), EvaluationError);
});

test('a picture becomes a frame in the colours of video, and back', () => {
  const bars = { width: 6, height: 2, pixels: new Uint8Array(6 * 2 * 3) };
  const colours = [
    [255, 255, 255],
    [255, 0, 0],
    [0, 0, 255],
  ];
  for (let at = 0; at < 12; at++) bars.pixels.set(colours[((at % 6) / 2) | 0]!, at * 3);
  const { y, u, v } = toVideoFrame(bars);
  // ITU-R BT.601: white, red, blue.
  assert.deepEqual([...y.subarray(0, 6)], [235, 235, 81, 81, 41, 41]);
  assert.deepEqual([...u], [128, 90, 240]);
  assert.deepEqual([...v], [128, 240, 110]);
  const odd = toVideoFrame({ width: 3, height: 3, pixels: new Uint8Array(27).fill(128) });
  assert.ok(odd.u.length === 4 && odd.u.every((value) => value === 128) && odd.v.every((value) => value === 128));
});
