import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../../scripts/random.ts';
import {
  createFaceDetector,
  createVideoDecoder,
  cropToRgb,
  faceQuality,
  pickParticipantFace,
  sampleFace,
  squareAround,
} from '../../../plugin/analyzer/media/index.ts';
import type { Face, FaceDetector, VideoFrame } from '../../../plugin/analyzer/media/index.ts';
import { PATTERN, patternFrame } from '../../../scripts/fixtures/pattern.ts';
import { readUnits } from './containers.ts';

const path = (relative: string) => fileURLToPath(new URL(`../../../${relative}`, import.meta.url));
const MODEL = path('models/detectors/blazeface-256.onnx');
const SAMPLE = path('server/sample/media');
const RECORDING = path('../shared/media/camera.mjpeg');

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
const sampleVideos = existsSync(SAMPLE) ? readdirSync(SAMPLE).filter((name) => name.endsWith('.ivf')) : [];

async function openDetector(t: TestContext): Promise<FaceDetector> {
  const detector = await createFaceDetector(MODEL);
  t.after(() => detector.close());
  return detector;
}

function i420(width: number, height: number, data: Uint8Array): VideoFrame {
  const luma = width * height;
  const half = width / 2;
  return {
    width,
    height,
    format: 'i420',
    y: data.subarray(0, luma),
    u: data.subarray(luma, luma * 1.25),
    v: data.subarray(luma * 1.25),
    strideY: width,
    strideU: half,
    strideV: half,
  };
}

/** Frames of a recording of a talking face, as raw pictures of 320x256. */
function recordedFrames(count: number): VideoFrame[] {
  const args = [
    '-loglevel',
    'error',
    '-i',
    RECORDING,
    '-vf',
    'fps=2,scale=320:256:out_range=tv',
    '-pix_fmt',
    'yuv420p',
  ];
  const raw = execFileSync('ffmpeg', [...args, '-frames:v', String(count), '-f', 'rawvideo', '-'], {
    maxBuffer: 1 << 28,
  });
  const size = (320 * 256 * 3) / 2;
  return Array.from({ length: raw.length / size }, (_, i) => i420(320, 256, raw.subarray(i * size, (i + 1) * size)));
}

const noSample = sampleVideos.length === 0 && 'the sample call is not there';
test('The faces of the sample call are found in nearly all of its pictures', { skip: noSample }, async (t) => {
  const detector = await openDetector(t);
  for (const name of sampleVideos) {
    const decoder = await createVideoDecoder('vp8');
    let looked = 0;
    let found = 0;
    for (const [index, unit] of readUnits(`${SAMPLE}/${name}`).entries()) {
      const frame = decoder.decode(unit);
      assert.ok(frame, decoder.failure?.message);
      if (index % 15 !== 0) continue;
      looked++;
      if ((await sampleFace(frame, detector, { size: 64, cropScale: 1.25 })) !== null) found++;
    }
    decoder.close();
    assert.ok(looked >= 10 && found / looked >= 0.9, `${name}: ${found} of ${looked}`);
  }
});

const noRecording =
  (!existsSync(RECORDING) && 'the recording of a talking face is not there') ||
  (!hasFfmpeg && 'ffmpeg is not installed');
test(
  'The face of a recorded speaker is found, sharp, in the upper middle of each picture',
  { skip: noRecording },
  async (t) => {
    const detector = await openDetector(t);
    const frames = recordedFrames(10);
    assert.equal(frames.length, 10);
    for (const frame of frames) {
      const faces = await detector.detect(frame);
      assert.equal(faces.length, 1);
      const sample = await sampleFace(frame, detector, { size: 64, cropScale: 1.25 });
      assert.ok(sample && sample.score > 0.7);
      const { x, y, width, height } = sample.box;
      assert.ok(width > 80 && width < 160 && Math.abs(width / height - 1) < 0.25);
      assert.ok(Math.abs(x + width / 2 - 160) < 60 && Math.abs(y + height / 2 - 150) < 50);
      assert.ok(sample.quality > 0.8, `${sample.quality} ${sample.reasons.join()}`);
      assert.deepEqual(sample.reasons, []);
    }
  },
);

test('A recorded face made dark, blurred or small loses quality and says why', { skip: noRecording }, () => {
  const [frame] = recordedFrames(1);
  assert.ok(frame);
  const box = { x: 75, y: 100, size: 135 };
  const pixels = cropToRgb(frame, box, 64);
  const good = faceQuality({ pixels, size: 64, facePixels: 108, score: 0.9 });
  assert.deepEqual(good.reasons, []);

  const dark = faceQuality({ pixels: pixels.map((value) => value / 6), size: 64, facePixels: 108, score: 0.9 });
  assert.ok(dark.reasons.includes('dark'));

  // Through a picture of 12x12 and back: what a face out of focus has left.
  const tiny = cropToRgb(frame, box, 12);
  const blurred = faceQuality({ pixels: enlarge(tiny, 12, 64), size: 64, facePixels: 108, score: 0.9 });
  assert.deepEqual(blurred.reasons, ['blurred']);

  const small = faceQuality({ pixels, size: 64, facePixels: 20, score: 0.9 });
  assert.deepEqual(small.reasons, ['small']);
  for (const bad of [dark, blurred, small]) assert.ok(bad.quality < good.quality - 0.15);
});

function enlarge(pixels: Uint8Array, from: number, to: number): Uint8Array {
  const y = new Uint8Array(from * from);
  for (let i = 0; i < y.length; i++) y[i] = 16 + (pixels[i * 3 + 1] ?? 0) * (219 / 255);
  const grey = new Uint8Array((from / 2) ** 2).fill(128);
  const half = from / 2;
  const frame: VideoFrame = {
    width: from,
    height: from,
    format: 'i420',
    y,
    u: grey,
    v: grey,
    strideY: from,
    strideU: half,
    strideV: half,
  };
  return cropToRgb(frame, { x: 0, y: 0, size: from }, to);
}

test('No face is seen in noise, in black, or in moving waves', async (t) => {
  const detector = await openDetector(t);
  const random = seededRandom(11);
  const size = (320 * 240 * 3) / 2;
  const noise = () =>
    i420(
      320,
      240,
      Uint8Array.from({ length: size }, () => random() * 256),
    );
  for (const frame of [noise(), noise(), noise(), i420(320, 240, new Uint8Array(size).fill(128, 320 * 240))]) {
    assert.deepEqual(await detector.detect(frame), []);
  }
  const { y, u, v } = patternFrame(0);
  const waves = i420(PATTERN.width, PATTERN.height, Buffer.concat([y, u, v]));
  assert.equal(await sampleFace(waves, detector, { size: 64, cropScale: 1.25 }), null);
});

test("The participant's face is the large one in the middle, not the one that walks by", () => {
  const face = (x: number, y: number, size: number, score = 0.9): Face => ({
    score,
    box: { x, y, width: size, height: size },
  });
  const own = face(260, 160, 120, 0.8);
  assert.equal(pickParticipantFace([face(20, 100, 60, 0.99), own, face(580, 20, 40)], 640, 480), own);
  assert.equal(pickParticipantFace([], 640, 480), null);
});

test('A model file that is no face detector is refused when it is opened', async () => {
  await assert.rejects(
    createFaceDetector(path('models/detectors/silero_vad_16k_op15.onnx')),
    /no float output of 512x16: use models\/detectors\/blazeface-256\.onnx/,
  );
});

test('The square that is cut out lies about the face, or above it by the share that the model asks for', () => {
  const box = { x: 100, y: 50, width: 40, height: 60 };
  assert.deepEqual(squareAround(box, 2), { x: 60, y: 20, size: 120 });
  assert.deepEqual(squareAround(box, 2, 0.1), { x: 60, y: 8, size: 120 });
});
