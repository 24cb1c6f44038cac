import assert from 'node:assert/strict';
import test from 'node:test';
import { onlyAvailable } from '../../../plugin/analyzer/utterance/only-available.ts';
import { createCounters } from '../../../plugin/analyzer/utterance/counters.ts';
import type { UtteranceInput } from '../../../plugin/analyzer/utterance/UtteranceTypes.ts';
import { operatorContract } from './operator-contract.ts';
import { audio, face, marbles, modality, words } from './support.ts';

operatorContract('onlyAvailable', () => onlyAvailable(), audio(0, [1]));

test('onlyAvailable denies everything that nobody has allowed', () => {
  const counters = createCounters();
  marbles(({ cold, expectObservable }) => {
    const values: Record<string, UtteranceInput> = { a: audio(0, [1]), f: face(0), w: words('s', 'hello') };
    expectObservable(cold('a-f-w-|', values).pipe(onlyAvailable(counters))).toBe('------|');
  });
  assert.equal(counters.refused, 3);
});

test('onlyAvailable holds back what arrives after its modality was taken away, and nothing else', () => {
  marbles(({ cold, expectObservable }) => {
    const values: Record<string, UtteranceInput> = {
      A: modality('audio', true),
      N: modality('audio', false, 'muted'),
      T: modality('text', true),
      a: audio(0, [1]),
      w: words('s', 'hello'),
      t: { kind: 'tick', atMs: 5 },
    };
    expectObservable(cold('A-T-a-N-a-w-t-|', values).pipe(onlyAvailable())).toBe('A-T-a-N---w-t-|', values);
  });
});
