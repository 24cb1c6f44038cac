import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { selectFaces } from '../../../plugin/analyzer/inference/select-faces.ts';
import type { FaceObservation } from '../../../plugin/analyzer/inference/index.ts';

const seen = (atMs: number, quality: number): FaceObservation => ({
  atMs,
  quality,
  tokens: { modality: 'vision', count: 0, data: new Float32Array() },
});
const times = (faces: readonly FaceObservation[]) => faces.map((f) => f.atMs);

test('few faces are all kept, in the order of time', () => {
  assert.deepEqual(times(selectFaces([seen(2, 1), seen(1, 0)], 4)), [1, 2]);
});

test('each stretch of the utterance gives its best face', () => {
  const faces = Array.from({ length: 12 }, (_, i) => seen(i * 100, i % 3 === 1 ? 0.9 : 0.1));
  assert.deepEqual(times(selectFaces(faces, 4)), [100, 400, 700, 1000]);
});

test('places of stretches without a face go to the best of the rest', () => {
  const faces = [seen(0, 0.2), seen(10, 0.8), seen(20, 0.5), seen(30, 0.9), seen(10_000, 0.1)];
  assert.deepEqual(times(selectFaces(faces, 3)), [10, 30, 10_000]);
});

test('any observations give as many as are allowed, each once', () => {
  const observation = fc.record({ atMs: fc.nat(20_000), quality: fc.double({ min: 0, max: 1, noNaN: true }) });
  fc.assert(
    fc.property(fc.array(observation, { maxLength: 60 }), fc.integer({ min: 1, max: 24 }), (all, max) => {
      const faces = all.map(({ atMs, quality }) => seen(atMs, quality));
      const chosen = selectFaces(faces, max);
      assert.equal(chosen.length, Math.min(max, faces.length));
      assert.equal(new Set(chosen).size, chosen.length);
      assert.deepEqual(
        times(chosen),
        times(chosen).toSorted((a, b) => a - b),
      );
    }),
  );
});
