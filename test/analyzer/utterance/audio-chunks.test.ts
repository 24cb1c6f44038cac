import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AudioChunks } from '../../../plugin/analyzer/utterance/audio-chunks.ts';

describe('AudioChunks', () => {
  it('gives every sample once and in order, in chunks of the size asked for, whatever frames they came in', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 512, max: 32_000 }),
        fc.array(fc.integer({ min: 1, max: 512 }), { maxLength: 200 }),
        (size, frames) => {
          const chunks = new AudioChunks(size);
          const given: Float32Array[] = [];
          let next = 0;
          for (const length of frames) {
            const full = chunks.push(Float32Array.from({ length }, () => next++));
            if (full) given.push(full);
          }
          assert.ok(given.every((chunk) => chunk.length === size));
          const rest = chunks.flush();
          if (rest) assert.ok(rest.length > 0 && rest.length < size);
          const all = [...given, ...(rest ? [rest] : [])].flatMap((chunk) => [...chunk]);
          assert.deepEqual(
            all,
            Array.from({ length: next }, (_, i) => i),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('shows what has been gathered without taking it, as a copy', () => {
    const chunks = new AudioChunks(1000);
    assert.equal(chunks.peek(), undefined);
    chunks.push(new Float32Array(512).fill(0.5));
    chunks.peek()!.fill(0);
    assert.deepEqual(chunks.flush(), new Float32Array(512).fill(0.5));
  });

  it('has nothing left after a flush', () => {
    const chunks = new AudioChunks(1000);
    chunks.push(new Float32Array(512));
    assert.equal(chunks.flush()?.length, 512);
    assert.equal(chunks.flush(), undefined);
  });
});
