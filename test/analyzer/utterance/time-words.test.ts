import assert from 'node:assert/strict';
import test from 'node:test';
import { from } from 'rxjs';
import { timeWords } from '../../../plugin/analyzer/utterance/time-words.ts';
import type { SpokenInput, TimedSegment } from '../../../plugin/analyzer/utterance/StageTypes.ts';
import { operatorContract } from './operator-contract.ts';
import { frames, marbles, words } from './support.ts';

operatorContract('timeWords', () => timeWords(() => 0), words('s', 'hello'));

function timed(inputs: readonly SpokenInput[], nowMs = 0): TimedSegment {
  const out: TimedSegment[] = [];
  from(inputs)
    .pipe(timeWords(() => nowMs))
    .subscribe((input) => input.kind === 'segment' && out.push(input));
  assert.equal(out.length, 1);
  return out[0]!;
}

test('timeWords gives a segment at once, and passes other inputs on', () => {
  marbles(({ cold, expectObservable }) => {
    const t = { kind: 'tick', atMs: 3 } as const;
    const w = words('s1', 'hi', { startMs: 10, endMs: 20, lang: 'en' });
    expectObservable(cold<SpokenInput>('t-w-|', { t, w }).pipe(timeWords(() => 99))).toBe('t-s-|', {
      t,
      s: {
        kind: 'segment',
        segmentId: 's1',
        final: true,
        text: 'hi',
        lang: 'en',
        startMs: 10,
        endMs: 20,
        arrivalMs: 99,
        words: [{ text: 'hi', startMs: 10, endMs: 20 }],
        exact: false,
      },
    });
  });
});

test('timeWords keeps times that words came with, in order', () => {
  const given = [
    { text: 'two', startMs: 50, endMs: 80 },
    { text: 'one', startMs: 10, endMs: 40 },
  ];
  const out = timed([words('s', 'one two', { words: given })]);
  assert.deepEqual(
    out.words.map(({ text }) => text),
    ['one', 'two'],
  );
  assert.equal(out.exact, true);
  assert.deepEqual([out.startMs, out.endMs], [10, 80]);
});

test('timeWords spreads a segment over its words by their length', () => {
  const out = timed([words('s', 'a bbb', { startMs: 1000, endMs: 1400 })]);
  assert.deepEqual(out.words, [
    { text: 'a', startMs: 1000, endMs: 1100 },
    { text: 'bbb', startMs: 1100, endMs: 1400 },
  ]);
});

test('timeWords finds the words of a script without spaces', () => {
  const out = timed([words('s', '我很高兴。', { startMs: 0, endMs: 500 })]);
  assert.ok(out.words.length >= 2);
  assert.equal(out.words.map(({ text }) => text).join(''), '我很高兴。');
  assert.equal(out.words.at(-1)!.endMs, 500);
});

test('timeWords lets a segment without times end on arrival, at 60 ms a character', () => {
  const out = timed([words('s', 'abcdefghij')], 10_000);
  assert.deepEqual([out.startMs, out.endMs], [9400, 10_000]);
});

test('timeWords takes a segment without times to be no longer than 12 s', () => {
  const out = timed([words('s', 'x'.repeat(2000))], 100_000);
  assert.deepEqual([out.startMs, out.endMs], [88_000, 100_000]);
});

test('timeWords sets a segment without times to the end of the speech just heard', () => {
  const out = timed([...frames('SSSS....'), words('s', 'abcdefghij')], 1500);
  assert.equal(out.endMs, 128);
});

test('timeWords leaves a segment without times on arrival when the last speech was long ago', () => {
  const out = timed([...frames('SSSS....'), words('s', 'abcdefghij')], 5000);
  assert.equal(out.endMs, 5000);
});
