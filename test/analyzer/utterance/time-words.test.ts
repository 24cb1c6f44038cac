import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { from, Subject } from 'rxjs';
import { timeWords } from '../../../plugin/analyzer/utterance/time-words.ts';
import type { SpokenInput, TimedSegment } from '../../../plugin/analyzer/utterance/StageTypes.ts';
import { operatorContract } from './operator-contract.ts';
import { FRAME_MS, frames, marbles, modality, words } from './support.ts';

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

test('timeWords leaves words without times and sound where earlier versions of their segment had them', () => {
  let nowMs = 10_000;
  const out: [number, number][][] = [];
  const source = new Subject<SpokenInput>();
  source.pipe(timeWords(() => nowMs)).subscribe((input) => {
    if (input.kind === 'segment') out.push(input.words.map(({ startMs, endMs }) => [startMs, endMs]));
  });
  const say = (atMs: number, text: string, final: boolean): void => {
    nowMs = atMs;
    source.next(words('s', text, { final }));
  };
  say(10_000, 'good', false);
  say(10_600, 'good day', false);
  say(11_600, 'Good, they say', true);
  assert.deepEqual(out, [
    [[9760, 10_000]],
    [
      [9760, 10_000],
      [10_420, 10_600],
    ],
    // What replaces a word begins where that did.
    [
      [9760, 10_000],
      [10_420, 10_420 + (480 * 4) / 7],
      [10_420 + (480 * 4) / 7, 10_900],
    ],
  ]);
  // After its final, the segment is another one.
  say(20_000, 'good', false);
  assert.deepEqual(out.at(-1), [[19_760, 20_000]]);
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

/** Every segment that comes out, the same one again where sound has moved its words. */
function told(inputs: readonly SpokenInput[], nowMs = 0): TimedSegment[] {
  const out: TimedSegment[] = [];
  from(inputs)
    .pipe(timeWords(() => nowMs))
    .subscribe((input) => input.kind === 'segment' && out.push(input));
  return out;
}

const S = 'S'.repeat(25);
const PAUSE = '.'.repeat(50);

test('timeWords puts no words of a segment into a pause within it', () => {
  // Speech of 800 ms, a pause of 1.6 s, speech of 800 ms.
  const heard = frames(S + PAUSE + S + PAUSE);
  const out = timed([...heard, words('s', 'aaaa bbbb cccc dddd', { startMs: 0, endMs: 3200 })]);
  assert.deepEqual(
    out.words.map(({ startMs, endMs }) => [startMs, endMs]),
    [
      [0, 400],
      [400, 800],
      [2400, 2800],
      [2800, 3200],
    ],
  );
});

test('timeWords gives a word across a pause to the side with more of it', () => {
  const heard = frames(S + PAUSE + S + PAUSE);
  const [, middle] = timed([...heard, words('s', 'aa bbbbbbbb cccc', { startMs: 0, endMs: 3200 })]).words;
  assert.ok(middle!.startMs > 0 && middle!.endMs <= 800, JSON.stringify(middle));
});

test('timeWords places the words anew as the sound comes in over them', () => {
  const sound = frames(S + PAUSE + S + PAUSE);
  const segments = told([
    ...sound.slice(0, 20),
    words('s', 'aaaa bbbb cccc dddd', { startMs: 0, endMs: 3200 }),
    ...sound.slice(20),
  ]);
  assert.deepEqual(
    segments[0]!.words.map(({ startMs }) => startMs),
    [0, 800, 1600, 2400],
    'what is not heard yet counts as speech',
  );
  assert.deepEqual(
    segments.at(-1)!.words.map(({ startMs }) => startMs),
    [0, 400, 2400, 2800],
  );
  assert.ok(segments.length <= 6, `${segments.length} times`);
});

test('timeWords spreads over the whole span where speech in it is too short for the words, or there is none', () => {
  for (const pattern of ['.'.repeat(60), `S${'.'.repeat(60)}`]) {
    const out = timed([...frames(pattern), words('s', 'aaaa bbbb', { startMs: 0, endMs: 1600 })]);
    assert.deepEqual(
      out.words.map(({ startMs, endMs }) => [startMs, endMs]),
      [
        [0, 800],
        [800, 1600],
      ],
    );
  }
});

test('timeWords sets a segment without times over the pauses of the speech just heard', () => {
  const short = 'S'.repeat(10);
  const out = timed([...frames(`${short}${'.'.repeat(20)}${short}....`), words('s', 'aaaaa bbbbb')], 1500);
  assert.deepEqual(
    out.words.map(({ startMs, endMs }) => [startMs >= 0, endMs]),
    [
      [true, 320],
      [true, 1280],
    ],
  );
});

test('timeWords forgets a segment that awaits sound when text is withdrawn', () => {
  const sound = frames(S + PAUSE + S + PAUSE);
  const given = words('s', 'aaaa bbbb', { startMs: 0, endMs: 3200 });
  assert.equal(
    told([...sound.slice(0, 20), given, modality('text', false, 'no-consent'), ...sound.slice(20)]).length,
    1,
  );
});

const anySpeech = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 6, max: 40 })), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.map(([speech, pause]) => 'S'.repeat(speech) + '.'.repeat(pause)).join('') + '.'.repeat(20));
const anyText = fc
  .array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 12 })
  .map((all) => all.join(' '));

test('timeWords ends where it would have begun with all sound there, keeps every word and its order', () => {
  const plan = fc.record({
    pattern: anySpeech,
    text: anyText,
    from: fc.nat(2000),
    length: fc.nat(4000),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(plan, ({ pattern, text, from: startMs, length, at }) => {
      const sound = frames(pattern);
      const soundMs = pattern.length * FRAME_MS;
      const endMs = Math.min(startMs + length, soundMs - 20 * FRAME_MS);
      fc.pre(endMs > startMs);
      const given = words('s', text, { startMs, endMs });
      const split = Math.floor(at * sound.length);
      const early = told([...sound.slice(0, split), given, ...sound.slice(split)]);
      const late = timed([...sound, given]);
      const [first] = early;
      for (const segment of early) {
        assert.deepEqual(
          segment.words.map((word) => word.text),
          text.split(' '),
        );
        assert.ok(segment.words.every((word, i) => i === 0 || word.startMs >= segment.words[i - 1]!.startMs));
        assert.ok(segment.words.every((word) => word.endMs > word.startMs && word.startMs >= startMs));
      }
      for (const [i, word] of early.at(-1)!.words.entries()) {
        assert.ok(Math.abs(word.startMs - late.words[i]!.startMs) < 10, JSON.stringify([first, early.at(-1), late]));
      }
      const turns = pattern.match(/S+|\.+/g)!.length;
      assert.ok(early.length <= turns + 2);
    }),
    { numRuns: 1000 },
  );
});
