import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cropToRgb, letterboxToRgb } from '../../../plugin/analyzer/media/index.ts';
import type { VideoFrame } from '../../../plugin/analyzer/media/index.ts';

/** A frame whose samples are given by their place. */
function paint(
  width: number,
  height: number,
  yuv: (x: number, y: number) => readonly [number, number, number],
): VideoFrame {
  // Strides are wider than the picture, as decoders have them; what lies between is poison.
  const strideY = width + 7;
  const chromaWidth = (width + 1) >> 1;
  const chromaHeight = (height + 1) >> 1;
  const strideU = chromaWidth + 3;
  const y = new Uint8Array(strideY * height).fill(255);
  const u = new Uint8Array(strideU * chromaHeight).fill(255);
  const v = new Uint8Array(strideU * chromaHeight).fill(255);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) y[row * strideY + column] = yuv(column, row)[0];
  }
  for (let row = 0; row < chromaHeight; row++) {
    for (let column = 0; column < chromaWidth; column++) {
      u[row * strideU + column] = yuv(column * 2, row * 2)[1];
      v[row * strideU + column] = yuv(column * 2, row * 2)[2];
    }
  }
  return { width, height, format: 'i420', y, u, v, strideY, strideU, strideV: strideU };
}

function pixel(rgb: Uint8Array, size: number, x: number, y: number): number[] {
  return [...rgb.subarray((y * size + x) * 3, (y * size + x) * 3 + 3)];
}

// Limited-range BT.601, as ITU-R BT.601-7 gives the bars of 100 %.
for (const [name, yuv, rgb] of [
  ['white', [235, 128, 128], [255, 255, 255]],
  ['black', [16, 128, 128], [0, 0, 0]],
  ['grey', [126, 128, 128], [128, 128, 128]],
  ['red', [81, 90, 240], [254, 0, 0]],
  ['green', [145, 54, 34], [0, 255, 1]],
  ['blue', [41, 240, 110], [0, 0, 255]],
] as const) {
  test(`The BT.601 code values of ${name} become its RGB`, () => {
    const out = cropToRgb(
      paint(32, 32, () => yuv),
      { x: 4, y: 4, size: 16 },
      8,
    );
    for (const [channel, value] of pixel(out, 8, 3, 3).entries()) {
      assert.ok(Math.abs(value - (rgb[channel] ?? 0)) <= 2, `${pixel(out, 8, 3, 3).join()} is not ${rgb.join()}`);
    }
  });
}

test('A crop of its own size gives the pixels unchanged', () => {
  const frame = paint(40, 30, (x, y) => [16 + x * 3 + y * 2, 128, 128]);
  const out = cropToRgb(frame, { x: 10, y: 8, size: 12 }, 12);
  for (const [x, y] of [
    [0, 0],
    [5, 7],
    [11, 11],
  ] as const) {
    const expected = Math.round(1.164383 * ((10 + x) * 3 + (8 + y) * 2));
    assert.ok(Math.abs((pixel(out, 12, x, y)[0] ?? 0) - expected) <= 1);
  }
});

test('Shrinking averages: a fine checkerboard becomes even grey', () => {
  const frame = paint(64, 64, (x, y) => [(x + y) % 2 === 0 ? 16 : 235, 128, 128]);
  for (const [size, outSize] of [
    [64, 16],
    [60, 25],
    [63, 9],
  ] as const) {
    const out = cropToRgb(frame, { x: 0.5, y: 0.25, size }, outSize);
    assert.ok(
      out.every((value) => Math.abs(value - 127.5) <= 24),
      `${size} to ${outSize}: ${Math.min(...out)}..${Math.max(...out)}`,
    );
  }
});

test('Enlarging is smooth: a ramp stays a ramp', () => {
  const frame = paint(32, 32, (x) => [16 + x * 6, 128, 128]);
  const out = cropToRgb(frame, { x: 8, y: 8, size: 8 }, 64);
  const row = Array.from({ length: 64 }, (_, x) => pixel(out, 64, x, 32)[0] ?? 0);
  const steps = row.slice(1).map((value, at) => value - (row[at] ?? 0));
  assert.ok(
    steps.every((step) => step >= 0 && step <= 2),
    steps.join(),
  );
});

test('A box that leaves the picture repeats its edge', () => {
  const frame = paint(32, 32, (x) => [x === 0 ? 16 : 235, 128, 128]);
  const out = cropToRgb(frame, { x: -16, y: -16, size: 32 }, 32);
  assert.deepEqual(pixel(out, 32, 0, 0), [0, 0, 0]);
  assert.deepEqual(pixel(out, 32, 16, 31), [0, 0, 0]);
  assert.deepEqual(pixel(out, 32, 20, 2), [255, 255, 255]);
  const far = cropToRgb(frame, { x: 1000, y: 1000, size: 10 }, 4);
  assert.ok(far.every((value) => value === 255));
});

test('The detector gets the whole picture, centred, with black bars, and the way back to its pixels', () => {
  const frame = paint(64, 32, (x, y) => (x >= 48 && y >= 16 ? [81, 90, 240] : [235, 128, 128]));
  const { pixels, scale, offsetX, offsetY } = letterboxToRgb(frame, 128);
  assert.deepEqual([scale, offsetX, offsetY], [2, 0, 32]);
  assert.deepEqual(pixel(pixels, 128, 64, 10), [0, 0, 0]);
  assert.deepEqual(pixel(pixels, 128, 64, 120), [0, 0, 0]);
  assert.deepEqual(pixel(pixels, 128, 20, 40), [255, 255, 255]);
  const [red = 0, green = 255] = pixel(pixels, 128, 48 * scale + offsetX + 10, 16 * scale + offsetY + 10);
  assert.ok(red > 240 && green < 10);
});

test('A box or buffer of no use is refused with its values', () => {
  const frame = paint(8, 8, () => [16, 128, 128]);
  assert.throws(() => cropToRgb(frame, { x: NaN, y: 0, size: 4 }, 4), /x and y must be finite/);
  assert.throws(() => cropToRgb(frame, { x: 0, y: 0, size: 0 }, 4), /its size above 0/);
  assert.throws(() => cropToRgb(frame, { x: 0, y: 0, size: 4 }, 0), /outSize is 0/);
  assert.throws(
    () => cropToRgb(frame, { x: 0, y: 0, size: 4 }, 4, new Uint8Array(10)),
    /out has 10 bytes; 48 are needed/,
  );
});
