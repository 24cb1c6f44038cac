import test from 'node:test';
import { markInterims } from '../../../plugin/analyzer/utterance/mark-interims.ts';
import type { ScheduledEvent } from '../../../plugin/analyzer/utterance/StageTypes.ts';
import { operatorContract } from './operator-contract.ts';
import { marbles } from './support.ts';

const values: Record<string, ScheduledEvent> = {
  o: { kind: 'open', utteranceId: 'u', startMs: 0, trigger: 'speech' },
  c: { kind: 'close', utteranceId: 'u', span: { startMs: 0, endMs: 9 }, trigger: 'silence', awaitsWords: false },
  d: { kind: 'discard', utteranceId: 'u' },
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 9].map((s) => [s, { kind: 'progress', atMs: s * 1000 }])),
};
const interims = Object.fromEntries(
  [3, 6, 9].map((s) => [`i${s}`, { kind: 'interim', utteranceId: 'u', atMs: s * 1000 }]),
);
const out = { ...values, x: interims['i3'], y: interims['i6'], z: interims['i9'] };

operatorContract('markInterims', () => markInterims(3000), values['o']!);

test('markInterims asks every so often in the time of the data', () => {
  marbles(({ cold, expectObservable }) => {
    const source = cold('o-1-2-3---4-5-6----c-|', values);
    expectObservable(source.pipe(markInterims(3000))).toBe('o-1-2-(3x)4-5-(6y)-c-|', out);
  });
});

test('markInterims asks once for a burst of delayed sound', () => {
  marbles(({ cold, expectObservable }) => {
    expectObservable(cold('o-1-9----|', values).pipe(markInterims(3000))).toBe('o-1-(9z)-|', out);
  });
});

for (const end of ['c', 'd']) {
  test(`markInterims asks nothing more after the utterance ends (${end})`, () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(`o-1-${end}-3-6-|`, values).pipe(markInterims(3000))).toBe(`o-1-${end}-3-6-|`, out);
    });
  });
}

test('markInterims with 0 never asks', () => {
  marbles(({ cold, expectObservable }) => {
    expectObservable(cold('o-3-6-9-|', values).pipe(markInterims(0))).toBe('o-3-6-9-|', out);
  });
});
