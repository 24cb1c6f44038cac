import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parsePocketsphinx } from '../../../plugin/analyzer/asr/pocketsphinx-output.ts';

test('parsePocketsphinx reads the words with their times, and neither fillers nor the text as a whole', () => {
  const output = [
    'he was not an illness',
    '<s> 0.000 0.060 0.999500',
    '<sil> 0.070 0.200 0.694306',
    'he 0.210 0.320 0.998701',
    'was(2) 0.330 0.540 0.999800',
    '[SPEECH] 0.980 1.100 0.535598',
    '++NOISE++ 1.100 1.110 0.5',
    "isn't 1.110 1.290 0.472940",
    '</s> 2.800 2.970 1.000000',
    '',
  ].join('\n');
  assert.deepEqual(parsePocketsphinx(output), [
    { text: 'he', startMs: 210, endMs: 320 },
    { text: 'was', startMs: 330, endMs: 540 },
    { text: "isn't", startMs: 1110, endMs: 1290 },
  ]);
});

test('parsePocketsphinx answers anything with words in order, none that ends before it starts, at most 500', () => {
  const line = fc.oneof(
    fc.string(),
    fc.tuple(fc.string(), fc.double(), fc.double()).map((parts) => parts.join(' ')),
  );
  const sound = fc
    .tuple(fc.stringMatching(/^\w{1,5}$/), fc.nat(99), fc.nat(99))
    .map(([w, a, b]) => `${w} ${a}.000 ${b}.000 1.0`);
  fc.assert(
    fc.property(fc.array(fc.oneof(line, sound), { maxLength: 700 }), (lines) => {
      const words = parsePocketsphinx(lines.join('\n'));
      assert.ok(words.length <= 500);
      for (const [i, { startMs, endMs }] of words.entries()) {
        assert.ok(endMs >= startMs && startMs >= (words[i - 1]?.startMs ?? 0));
      }
    }),
    { numRuns: 200 },
  );
});
