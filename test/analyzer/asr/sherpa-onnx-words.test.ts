import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { hypothesisOf } from '../../../plugin/analyzer/asr/sherpa-onnx-words.ts';

test('hypothesisOf joins tokens to words: each ends where the next begins, the last soon after its last token', () => {
  const tokens = [' WE', ' SHIP', 'PED', ' IT'];
  assert.deepEqual(hypothesisOf({ text: ' WE SHIPPED IT', tokens, timestamps: [0.5, 0.64, 0.8, 2] }, true), {
    text: 'we shipped it',
    words: [
      { text: 'we', startMs: 500, endMs: 640 },
      { text: 'shipped', startMs: 640, endMs: 1050 },
      { text: 'it', startMs: 2000, endMs: 2250 },
    ],
    final: true,
  });
});

test('hypothesisOf takes tokens of scripts without spaces as words, and the mark of sentencepiece as a space', () => {
  const words = (tokens: string[]) =>
    hypothesisOf({ text: tokens.join(''), tokens, timestamps: tokens.map((_, i) => i) }, false).words.map(
      ({ text }) => text,
    );
  assert.deepEqual(words(['我', '很', '好', '\u2581OK', 'AY']), ['我', '很', '好', 'okay']);
});

test('hypothesisOf keeps small letters as they are, and gives the text alone where no times came', () => {
  assert.deepEqual(hypothesisOf({ text: 'Hello NASA' }, false), { text: 'Hello NASA', words: [], final: false });
  assert.deepEqual(hypothesisOf({ text: 'a b', tokens: ['a', ' b'], timestamps: [0] }, true).words, []);
});

test('hypothesisOf answers any result with words that do not end before they start', () => {
  const result = fc.record({
    text: fc.string(),
    tokens: fc.array(fc.string()),
    timestamps: fc.array(fc.double({ min: 0, max: 100 })),
  });
  fc.assert(
    fc.property(result, fc.boolean(), (any, final) => {
      const { words } = hypothesisOf(any, final);
      assert.ok(words.every(({ text, startMs, endMs }) => text !== '' && endMs >= startMs));
    }),
    { numRuns: 500 },
  );
});
