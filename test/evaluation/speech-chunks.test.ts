import assert from 'node:assert/strict';
import { test } from 'node:test';
import { speechChunks } from '../../server/evaluation/media/speech-chunks.ts';

const RATE = 16_000;
const CHUNK = RATE;

/** Sound at one level, then silence. */
function clip(seconds: number, silence = 0, level = 0.1): Float32Array {
  const pcm = new Float32Array(Math.round((seconds + silence) * RATE));
  return pcm.fill(level, 0, Math.round(seconds * RATE));
}

const lengths = (pcm: Float32Array) => speechChunks(pcm, CHUNK).map((chunk) => chunk.length / RATE);

test('chunks follow one another without overlap and hold all of the sound', () => {
  const pcm = Float32Array.from({ length: 2.5 * RATE }, (_, i) => (i % 1_000) / 2_000 + 0.01);
  assert.deepEqual(lengths(pcm), [1, 1, 0.5]);
  assert.deepEqual(Float32Array.from(speechChunks(pcm, CHUNK).flatMap((chunk) => [...chunk])), pcm);
});

test('a tail below a tenth of a chunk is dropped, unless it is all there is', () => {
  assert.deepEqual(lengths(clip(2.1)), [1, 1, 0.1]);
  assert.deepEqual(lengths(clip(2.0999)), [1, 1]);
  assert.deepEqual(lengths(clip(0.05)), [0.05]);
});

test('silence at the end is cut off, down to a quarter of a second', () => {
  assert.deepEqual(lengths(clip(1.5, 3)), [1, 0.5]);
  assert.deepEqual(lengths(clip(0.1, 3)), [0.25]);
  assert.deepEqual(lengths(clip(0, 3)), [0.25]);
  assert.deepEqual(lengths(clip(0, 0.2)), [0.2]);
});

test('silence is what no sample of 16 bit above 16 is in', () => {
  assert.deepEqual(lengths(clip(2, 0, 16 / 32_767)), [0.25]);
  assert.deepEqual(lengths(clip(2, 0, -17 / 32_768)), [1, 1]);
});

test('the first 12 s count, of what is left of a clip', () => {
  assert.deepEqual(lengths(clip(13.5)), new Array(12).fill(1));
  assert.deepEqual(lengths(clip(11, 20)), new Array(11).fill(1));
});
