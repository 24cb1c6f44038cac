import assert from 'node:assert/strict';
import test from 'node:test';
import { from } from 'rxjs';
import { alignWords } from '../../../plugin/analyzer/utterance/align-words.ts';
import type { AlignedEvent, TextEvent, WindowEvent } from '../../../plugin/analyzer/utterance/StageTypes.ts';
import { createCounters } from '../../../plugin/analyzer/utterance/counters.ts';
import { operatorContract } from './operator-contract.ts';
import { marbles, modality, segment } from './support.ts';

const open = (utteranceId: string, startMs: number): WindowEvent => ({
  kind: 'open',
  utteranceId,
  startMs,
  trigger: 'speech',
});
const close = (utteranceId: string, startMs: number, endMs: number): WindowEvent => ({
  kind: 'close',
  utteranceId,
  span: { startMs, endMs },
  trigger: 'silence',
});
const progress = (atMs: number): WindowEvent => ({ kind: 'progress', atMs });

operatorContract('alignWords', () => alignWords(), segment('s', true, [['hi', 0, 100]]));

function aligned(events: readonly WindowEvent[], counters = createCounters()): AlignedEvent[] {
  const out: AlignedEvent[] = [];
  from(events)
    .pipe(alignWords(counters))
    .subscribe((event) => out.push(event));
  return out;
}

/** The final text of each utterance in the end. */
function textsOf(events: readonly AlignedEvent[]): Record<string, string | null> {
  const texts: Record<string, string | null> = {};
  for (const event of events) if (event.kind === 'text') texts[event.utteranceId] = event.final?.text ?? null;
  return texts;
}

function closesOf(events: readonly AlignedEvent[]): Record<string, boolean> {
  const awaits: Record<string, boolean> = {};
  for (const event of events) if (event.kind === 'close') awaits[event.utteranceId] = event.awaitsWords;
  return awaits;
}

/** Two utterances, 0-1000 and 2000-3000, and sound well beyond. */
const twoUtterances = [
  open('a', 0),
  progress(1600),
  close('a', 0, 1000),
  open('b', 2000),
  progress(3600),
  close('b', 2000, 3000),
  progress(6000),
];

test('alignWords tells the words of an open utterance as they come', () => {
  marbles(({ cold, expectObservable }) => {
    const values: Record<string, WindowEvent> = {
      o: open('a', 0),
      i: segment('s', false, [['hel', 0, 300]]),
      f: segment('s', true, [['hello', 0, 400]]),
    };
    const hel = { text: 'hel', lang: undefined, words: [{ text: 'hel', startMs: 0, endMs: 300 }], exact: true };
    const hello = { text: 'hello', lang: undefined, words: [{ text: 'hello', startMs: 0, endMs: 400 }], exact: true };
    expectObservable(cold('o-i-f-|', values).pipe(alignWords())).toBe('o-x-y-|', {
      o: values['o'],
      x: { kind: 'text', utteranceId: 'a', final: null, live: hel, awaitsWords: true },
      y: { kind: 'text', utteranceId: 'a', final: hello, live: hello, awaitsWords: true },
    });
  });
});

test('alignWords gives a word on the border to the side with more of it', () => {
  const windows = [open('a', 0), close('a', 0, 1000), open('b', 1000), close('b', 1000, 2000), progress(4000)];
  const words = segment('s', true, [
    ['one', 600, 1300],
    ['two', 900, 1700],
  ]);
  assert.deepEqual(textsOf(aligned([...windows, words])), { a: 'one', b: 'two' });
  assert.deepEqual(textsOf(aligned([words, ...windows])), { a: 'one', b: 'two' });
});

test('alignWords gives a word outside of every utterance to the nearest within 500 ms', () => {
  const near = segment('s', true, [
    ['left', 1300, 1400],
    ['right', 1700, 1800],
  ]);
  assert.deepEqual(textsOf(aligned([...twoUtterances, near])), { a: 'left', b: 'right' });
});

test('alignWords drops a word that has found no utterance after 15 s, and counts it', () => {
  const counters = createCounters();
  const events = aligned([segment('s', true, [['lost', 5000, 5200]]), progress(20_000), progress(20_300)], counters);
  assert.deepEqual(textsOf(events), {});
  assert.equal(counters.wordsDropped, 1);
});

test('alignWords keeps words that come before their sound', () => {
  const early = segment('s', true, [['early', 2100, 2400]]);
  assert.deepEqual(textsOf(aligned([progress(1000), early, ...twoUtterances.slice(3)])), { b: 'early' });
});

test('alignWords moves a word on when the utterance it was in for the time being ends before it', () => {
  const early = segment('s', true, [['second', 2100, 2400]]);
  const events = aligned([open('a', 0), early, ...twoUtterances.slice(1)]);
  assert.deepEqual(textsOf(events), { a: null, b: 'second' });
});

test('alignWords waits with a word after the end until no utterance can begin nearer to it', () => {
  const word = segment('s', true, [['well', 1300, 1500]]);
  const before = [open('a', 0), progress(1600), close('a', 0, 1000), word];
  const waiting = aligned([...before]).filter((event) => event.kind === 'text');
  assert.equal(waiting.length, 1, 'decided only when the source ended');
  assert.deepEqual(textsOf(aligned([...before, open('b', 1600), progress(2000)])), { b: 'well' });
  assert.deepEqual(textsOf(aligned([...before, progress(2200), open('b', 2100)])), { a: 'well' });
});

test('alignWords replaces a segment that comes again, also where its words now lie elsewhere', () => {
  const events = aligned([
    ...twoUtterances,
    segment('s', true, [['wrong', 100, 400]]),
    segment('s', true, [['right', 2100, 2400]]),
  ]);
  assert.deepEqual(textsOf(events), { a: null, b: 'right' });
});

test('alignWords puts segments that come in any order into the order of time', () => {
  const parts = [
    segment('1', true, [['I', 100, 200]]),
    segment('2', true, [['am', 250, 350]]),
    segment('3', true, [['here', 400, 600]]),
  ];
  assert.deepEqual(textsOf(aligned([...twoUtterances, parts[2]!, parts[0]!, parts[1]!])), { a: 'I am here' });
});

test('alignWords keeps the punctuation of a whole segment and joins the words of a part', () => {
  const whole = {
    ...segment('s', true, [
      ['Oh', 100, 200],
      ['no', 300, 400],
    ]),
    text: 'Oh, no!',
  };
  assert.deepEqual(textsOf(aligned([...twoUtterances, whole])), { a: 'Oh, no!' });
  const across = {
    ...segment('s', true, [
      ['Oh', 900, 1000],
      ['no', 2100, 2200],
    ]),
    text: 'Oh, no!',
  };
  assert.deepEqual(textsOf(aligned([...twoUtterances, across])), { a: 'Oh', b: 'no' });
});

test('alignWords tells at the close whether more words are to be expected', () => {
  const closing = [open('a', 0), progress(1600), close('a', 0, 1000)];
  const closedWith = (...words: WindowEvent[]) => closesOf(aligned([closing[0]!, ...words, ...closing.slice(1)]))['a'];
  assert.equal(closedWith(), true, 'no words at all');
  assert.equal(closedWith(segment('s', true, [['all', 100, 900]])), false, 'final words to the end');
  assert.equal(closedWith(segment('s', true, [['some', 100, 500]])), true, 'final words up to the middle');
  assert.equal(closedWith(segment('s', false, [['all', 100, 900]])), true, 'interim words');
});

test('alignWords tells when the words of a closed utterance are complete', () => {
  const events = aligned([
    ...twoUtterances.slice(0, 3),
    segment('1', true, [['first', 100, 500]]),
    segment('2', true, [['last', 500, 950]]),
  ]);
  const texts = events.filter((event): event is TextEvent => event.kind === 'text');
  assert.deepEqual(
    texts.map(({ awaitsWords }) => awaitsWords),
    [true, false],
  );
});

test('alignWords frees the words of an utterance that is discarded', () => {
  const words = segment('s', true, [['hm', 1050, 1150]]);
  const events = aligned([
    ...twoUtterances.slice(0, 3),
    open('x', 1100),
    words,
    { kind: 'discard', utteranceId: 'x' },
    progress(2000),
  ]);
  assert.equal(textsOf(events)['a'], 'hm');
});

test('alignWords forgets all words when text is no longer allowed', () => {
  const said = segment('s', true, [['secret', 100, 900]]);
  const more = segment('t', true, [['more', 2100, 2900]]);
  const events = aligned([
    open('a', 0),
    said,
    modality('text', false, 'no-consent'),
    modality('text', true),
    ...twoUtterances.slice(1),
    more,
  ]);
  const after = events.slice(events.findIndex(({ kind }) => kind === 'modality'));
  assert.deepEqual(textsOf(after), { b: 'more' });
});
