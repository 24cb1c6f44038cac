import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { seededRandom } from '../../../scripts/random.ts';
import { createVideoDecoder, loadNodeAv } from '../../../plugin/analyzer/media/index.ts';
import type { VideoBackendChoice, VideoFrame } from '../../../plugin/analyzer/media/index.ts';
import type { VideoCodec } from '../../../plugin/analyzer/rtp/index.ts';
import { PATTERN, patternFrame } from '../../../scripts/fixtures/pattern.ts';
import { fixture, readUnits } from './containers.ts';

const STREAMS: readonly { codec: VideoCodec; file: string; backends: readonly VideoBackendChoice[] }[] = [
  { codec: 'vp8', file: 'pattern-vp8.ivf', backends: ['wasm', 'node-av'] },
  { codec: 'vp9', file: 'pattern-vp9.ivf', backends: ['wasm', 'node-av'] },
  { codec: 'av1', file: 'pattern-av1.ivf', backends: ['wasm', 'node-av'] },
  { codec: 'h264', file: 'pattern-baseline.h264', backends: ['wasm', 'node-av'] },
  { codec: 'h264', file: 'pattern-high.h264', backends: ['node-av'] },
];

const nodeAvMissing = (await loadNodeAv()) === null ? 'the optional package node-av is not installed' : false;

function squaredError(plane: Uint8Array, stride: number, expected: Uint8Array, width: number): number {
  let sum = 0;
  for (let at = 0; at < expected.length; at++) {
    const got = plane[Math.floor(at / width) * stride + (at % width)];
    assert.notEqual(got, undefined, 'the plane is shorter than its size says');
    sum += ((got ?? 0) - (expected[at] ?? 0)) ** 2;
  }
  return sum;
}

/** Peak signal-to-noise ratio of all three planes against the pattern, dB. */
function psnr(frame: VideoFrame, index: number): number {
  const { y, u, v } = patternFrame(index);
  const error =
    squaredError(frame.y, frame.strideY, y, PATTERN.width) +
    squaredError(frame.u, frame.strideU, u, PATTERN.width / 2) +
    squaredError(frame.v, frame.strideV, v, PATTERN.width / 2);
  return 10 * Math.log10((255 ** 2 * (y.length * 1.5)) / error);
}

for (const { codec, file, backends } of STREAMS) {
  for (const backend of backends) {
    const skip = backend === 'node-av' && nodeAvMissing;
    test(`${backend} decodes every picture of ${file} to the pattern that was encoded`, { skip }, async () => {
      const decoder = await createVideoDecoder(codec, { backend });
      const units = readUnits(fixture(file));
      assert.equal(units.length, PATTERN.frames);
      for (const [index, unit] of units.entries()) {
        const frame = decoder.decode(unit);
        assert.ok(frame, decoder.failure?.message);
        assert.deepEqual([frame.width, frame.height], [PATTERN.width, PATTERN.height]);
        const ratio = psnr(frame, index);
        assert.ok(ratio > 35, `picture ${index} has ${ratio.toFixed(1)} dB`);
        // The pattern moves: another picture of it would not pass for this one.
        if (index > 0) assert.ok(psnr(frame, index - 1) < ratio - 5, 'the picture before fits as well');
      }
      assert.deepEqual(decoder.stats, { decoded: units.length, hidden: 0, failed: 0, rebuilt: 0 });
      decoder.close();
      assert.equal(decoder.decode(units[0] ?? new Uint8Array(0)), null);
    });

    test(`${backend} survives 5,000 hostile units after ${file} and decodes the next stream`, { skip }, async () => {
      const decoder = await createVideoDecoder(codec, { backend });
      const units = readUnits(fixture(file));
      const random = seededRandom(7);
      const failures = new Set<string>();
      for (let round = 0; round < 5_000; round++) {
        const frame = decoder.decode(hostile(units, random));
        if (frame !== null) assert.ok(frame.y.length >= frame.strideY * (frame.height - 1) + frame.width);
        if (decoder.failure !== null) failures.add(decoder.failure.code);
        // A rebuild is finished in a later turn of the event loop.
        if (round % 500 === 0) await nextTurn();
      }
      assert.ok(failures.has('corrupt'), 'nothing was refused');
      assert.ok(decoder.stats.failed > 250, `${decoder.stats.failed} failures were counted`);
      // As for a receiver, a key frame follows on a unit that was refused.
      decoder.decode(new Uint8Array(0));
      await nextTurn();
      const frames = units.map((unit, index) => ({ index, frame: decoder.decode(unit) }));
      const last = frames.at(-1);
      assert.ok(last?.frame, decoder.failure?.message);
      assert.ok(psnr(last.frame, last.index) > 35, 'it went on with a damaged picture');
      decoder.close();
    });
  }
}

/** A unit with flipped bits, cut off, with another inside, or of nothing but noise. */
function hostile(units: readonly Uint8Array[], random: () => number): Uint8Array {
  const unit = Uint8Array.from(units[Math.floor(random() * units.length)] ?? []);
  const kind = random();
  if (kind < 0.25) return unit.subarray(0, Math.floor(random() * unit.length));
  if (kind < 0.3) return Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256));
  const flips = 1 + Math.floor(random() * 20);
  // Headers are where the harm is.
  const reach = kind < 0.6 ? Math.min(40, unit.length) : unit.length;
  for (let i = 0; i < flips; i++) unit[Math.floor(random() * reach)] = Math.floor(random() * 256);
  return unit;
}

test('H264 High is refused by the wasm backend with the profile and what to do about it', async () => {
  const decoder = await createVideoDecoder('h264', { backend: 'wasm' });
  for (const unit of readUnits(fixture('pattern-high.h264'))) assert.equal(decoder.decode(unit), null);
  assert.equal(decoder.failure?.code, 'unsupported');
  assert.match(decoder.failure?.message ?? '', /profile 100 .* 42e01f .* install node-av/);
  decoder.close();
});

test('A stream may go on in H264 Baseline after a part in High', async () => {
  const decoder = await createVideoDecoder('h264', { backend: 'wasm' });
  for (const unit of readUnits(fixture('pattern-high.h264'))) decoder.decode(unit);
  const frames = readUnits(fixture('pattern-baseline.h264')).map((unit) => decoder.decode(unit));
  assert.ok(frames.every((frame) => frame !== null));
  decoder.close();
});

test('A picture of 16383x16383 and a unit of 2 MB are refused before memory is spent on them', async () => {
  const decoder = await createVideoDecoder('vp8', { backend: 'wasm' });
  const [key] = readUnits(fixture('pattern-vp8.ivf'));
  assert.ok(key);
  const huge = Uint8Array.from(key);
  huge.set([0xff, 0x3f, 0xff, 0x3f], 6);
  const before = process.memoryUsage().rss;
  assert.equal(decoder.decode(huge), null);
  assert.equal(decoder.failure?.code, 'too-large');
  assert.equal(decoder.decode(new Uint8Array(2 * 1024 * 1024)), null);
  assert.equal(decoder.failure?.code, 'too-large');
  assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024);
  assert.ok(decoder.decode(key), 'it does not decode any more');
  decoder.close();
});

test('An unknown codec or backend is refused with what is allowed', async () => {
  await assert.rejects(createVideoDecoder('h265' as VideoCodec), /codec is 'h265'; allowed are vp8, vp9, h264, av1\./);
  const options = { backend: 'gpu' as VideoBackendChoice };
  await assert.rejects(createVideoDecoder('vp8', options), /backend is 'gpu'; allowed are auto, wasm, node-av\./);
});

test("'auto' takes node-av where it is installed, and WebAssembly where not", async () => {
  const decoder = await createVideoDecoder('vp8');
  assert.equal(decoder.backend, nodeAvMissing ? 'ogv-wasm' : 'node-av');
  decoder.close();
});

test(
  'Asking for node-av where it is missing says how to get it',
  { skip: !nodeAvMissing && 'node-av is installed' },
  async () => {
    await assert.rejects(createVideoDecoder('vp8', { backend: 'node-av' }), /npm install node-av/);
  },
);
