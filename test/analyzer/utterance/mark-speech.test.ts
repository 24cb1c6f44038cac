import assert from 'node:assert/strict';
import test from 'node:test';
import { from } from 'rxjs';
import { markSpeech } from '../../../plugin/analyzer/utterance/mark-speech.ts';
import type { AudioFrame, FramedInput } from '../../../plugin/analyzer/utterance/StageTypes.ts';
import { operatorContract } from './operator-contract.ts';
import { frame, marbles, modality } from './support.ts';

function plain(startMs: number, p: number): AudioFrame {
  const { speech, sinceMs, ...rest } = frame(startMs, false, startMs, p);
  assert.ok(!speech && sinceMs > 0);
  return rest;
}

operatorContract('markSpeech', () => markSpeech(), plain(0, 1));

/** Frames of the given tenths, 32 ms each; other inputs in between. */
function marked(parts: readonly (string | FramedInput)[]): { marks: string; since: number[] } {
  let atMs = 0;
  const inputs = parts.flatMap((part): FramedInput[] => {
    if (typeof part !== 'string') return [part];
    return [...part].map((tenths) => plain((atMs += 32) - 32, Number(tenths) / 10));
  });
  let marks = '';
  const since: number[] = [];
  from(inputs)
    .pipe(markSpeech())
    .subscribe((input) => {
      if (input.kind !== 'frame') return;
      marks += input.speech ? 'S' : '.';
      since.push(input.sinceMs / 32);
    });
  return { marks, since };
}

test('markSpeech judges each frame when it comes', () => {
  marbles(({ cold, expectObservable }) => {
    const [a, b, c] = [plain(0, 0.9), plain(32, 0.9), plain(64, 0.1)];
    expectObservable(cold('a-b-c-|', { a, b, c }).pipe(markSpeech())).toBe('x-y-z-|', {
      x: { ...a, speech: false, sinceMs: 32 },
      y: { ...b, speech: true, sinceMs: 0 },
      z: { ...c, speech: false, sinceMs: 96 },
    });
  });
});

test('markSpeech needs two frames of three to begin, so a click does not', () => {
  assert.equal(marked(['1911911']).marks, '.......');
  assert.equal(marked(['191911']).marks, '...S..');
});

test('markSpeech stays with speech that wavers between the thresholds', () => {
  assert.equal(marked(['99444942']).marks, '.SSSSSS.');
});

test('markSpeech reaches back over the soft beginning of a word', () => {
  const { marks, since } = marked(['1144499']);
  assert.equal(marks, '......S');
  assert.equal(since.at(-1), 2);
});

test('markSpeech does not reach back into speech that is over', () => {
  const { marks, since } = marked(['9924499']);
  assert.equal(marks, '.S....S');
  assert.equal(since.at(-1), 3);
});

for (const [title, input] of [
  ['a long gap', { kind: 'audio.gap', fromMs: 0, toMs: 2000, reason: 'long-gap' }],
  ['the end of the sound', modality('audio', false, 'muted')],
  ['a command to close', { kind: 'close', trigger: 'pause', atMs: 0 }],
] as [string, FramedInput][]) {
  test(`markSpeech begins anew after ${title}`, () => {
    assert.equal(marked(['999', input, '99']).marks, '.SS.S');
  });
}
