import assert from 'node:assert/strict';
import test from 'node:test';
import { from } from 'rxjs';
import { audioFrames } from '../../../plugin/analyzer/utterance/audio-frames.ts';
import type { FramedInput } from '../../../plugin/analyzer/utterance/StageTypes.ts';
import { createCounters } from '../../../plugin/analyzer/utterance/counters.ts';
import type { UtteranceInput } from '../../../plugin/analyzer/utterance/UtteranceTypes.ts';
import { operatorContract } from './operator-contract.ts';
import { audio, face, marbles } from './support.ts';

operatorContract('audioFrames', () => audioFrames(), audio(0, [1]));

function framed(inputs: readonly UtteranceInput[], counters = createCounters()): FramedInput[] {
  const out: FramedInput[] = [];
  from(inputs)
    .pipe(audioFrames(counters))
    .subscribe((input) => out.push(input));
  return out;
}

function startsOf(inputs: readonly FramedInput[]): number[] {
  return inputs.flatMap((input) => (input.kind === 'frame' ? [input.startMs] : []));
}

test('audioFrames gives each frame of a message its time, its sound and its share of what was made up', () => {
  marbles(({ cold, expectObservable }) => {
    const input = audio(1000, [0.25, 0.5], 16);
    const frame = (i: number) => ({
      kind: 'frame',
      startMs: 1000 + i * 32,
      endMs: 1032 + i * 32,
      pcm: input.pcm.subarray(i * 512, (i + 1) * 512),
      p: [0.25, 0.5][i],
      concealedMs: 8,
    });
    expectObservable(cold('--a---|', { a: input }).pipe(audioFrames())).toBe('--(xy)|', { x: frame(0), y: frame(1) });
  });
});

test('audioFrames passes other inputs on unchanged', () => {
  assert.deepEqual(framed([face(7)]), [face(7)]);
});

test('audioFrames drops frames that it has had before, and counts them', () => {
  const counters = createCounters();
  const out = framed([audio(0, [1, 1, 1]), audio(32, [1, 1, 1])], counters);
  assert.deepEqual(startsOf(out), [0, 32, 64, 96]);
  assert.equal(counters.lateFrames, 2);
});

test('audioFrames moves frames up where the clock was corrected backwards by a little', () => {
  const out = framed([audio(0, [1]), audio(27, [1]), audio(59, [1])]);
  assert.deepEqual(startsOf(out), [0, 32, 64]);
});

test('audioFrames tells a hole in the sound, and whether it is a long one', () => {
  const gaps = framed([audio(0, [1]), audio(100, [1]), audio(1200, [1])]).filter(({ kind }) => kind === 'audio.gap');
  assert.deepEqual(gaps, [
    { kind: 'audio.gap', fromMs: 32, toMs: 100, reason: 'loss' },
    { kind: 'audio.gap', fromMs: 132, toMs: 1200, reason: 'long-gap' },
  ]);
});

test('audioFrames takes nothing for granted: times that are no numbers and sound that is no whole frame are left out', () => {
  const short: UtteranceInput = { ...audio(0, [1]), pcm: new Float32Array(500) };
  assert.deepEqual(framed([{ ...audio(0, [1]), startMs: NaN }, short]), []);
});
