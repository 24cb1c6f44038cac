import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { Span } from '../../../plugin/events/contract/v1/types.ts';
import { options, RandomCall, step, type Step } from './random-call.ts';

function playAll(steps: readonly Step[], encoderDelayMs: number): RandomCall {
  const call = new RandomCall(encoderDelayMs);
  for (const next of steps) call.play(next);
  call.leave();
  return call;
}

/** What holds of the signals of any call that is over. */
function check({ signals, spokenAtMs, completed, pipeline }: RandomCall): void {
  const { withheld } = pipeline.counters;
  assert.ok(completed, 'the output completes');
  const open = new Set<string>();
  const started = new Set<string>();
  const ended = new Map<string, Span>();
  const revisions = new Map<string, number>();
  for (const signal of signals) {
    if (signal.kind === 'interim' || signal.kind === 'final') {
      const { utteranceId, participantId, audio: chunks, vision, transcript, modalities } = signal.utterance;
      assert.equal(participantId, 'ada');
      assert.ok((chunks?.length ?? 0) <= 12 && (vision?.length ?? 0) <= 24);
      assert.equal(modalities.audio.used, chunks !== undefined);
      assert.equal(modalities.video.used, vision !== undefined);
      assert.equal(modalities.text.words, transcript === undefined ? 0 : transcript.text.split(' ').length);
      if (signal.kind === 'interim') {
        assert.ok(open.has(utteranceId), 'interim results only while open');
        continue;
      }
      assert.deepEqual(signal.utterance.span, ended.get(utteranceId), 'a final has the span of its end');
      assert.equal(signal.revision, revisions.get(utteranceId) ?? 0, 'revisions follow each other, each once');
      revisions.set(utteranceId, signal.revision + 1);
      continue;
    }
    const { utteranceId } = signal;
    if (signal.kind === 'start') {
      assert.ok(!started.has(utteranceId), 'each starts once');
      assert.equal(open.size, 0, 'none starts while another is open');
      started.add(utteranceId);
      open.add(utteranceId);
    } else {
      assert.ok(open.delete(utteranceId), 'what ends was open');
      ended.set(utteranceId, signal.span);
    }
  }
  assert.equal(open.size, 0, 'every start has its end');
  const spans = [...ended.values()];
  for (const [i, span] of spans.entries()) {
    assert.ok(span.endMs > span.startMs && span.endMs - span.startMs <= options.maxMs + 32, JSON.stringify(span));
    if (i > 0) assert.ok(span.startMs >= spans[i - 1]!.endMs, 'none overlaps the one before');
  }
  for (const atMs of spokenAtMs) {
    assert.ok(
      spans.some(({ startMs, endMs }) => startMs <= atMs && atMs <= endMs),
      `speech at ${atMs} is in no utterance`,
    );
  }
  const missing = [...ended.keys()].filter((utteranceId) => !revisions.has(utteranceId));
  assert.ok(missing.length <= withheld, `${missing.length} lost, ${withheld} withheld`);
}

test('an utterance of words that were taken back does not share its millisecond with the next', () => {
  const takenBack = { do: 'words', id: 0, final: false, count: 1, timed: true } as const;
  const steps: Step[] = [
    { do: 'sound', frames: 1, p: 0 },
    { do: 'modality', name: 'audio', available: false, withdrawn: false },
    { do: 'sound', frames: 64, p: 0 },
    { ...takenBack, agoMs: 2049, lengthMs: 2 },
    { ...takenBack, agoMs: 2048, lengthMs: 0 },
    { do: 'sound', frames: 1, p: 0 },
  ];
  const call = playAll(steps, 0);
  assert.ok(call.signals.some(({ kind }) => kind === 'start'));
  check(call);
});

test('words ahead of time take nothing from the speech that comes before it', () => {
  const audible = (available: boolean): Step => ({ do: 'modality', name: 'audio', available, withdrawn: false });
  const ahead: Step = { do: 'words', id: 0, final: false, agoMs: -134, lengthMs: 0, count: 1, timed: true };
  const call = playAll([audible(false), ahead, audible(true), { do: 'sound', frames: 12, p: 0.95 }], 0);
  assert.equal(call.spokenAtMs.length, 1);
  check(call);
});

test('whatever happens, no utterance overlaps another, none is lost, and none is told twice (10,000 runs)', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), fc.constantFrom(0, 5, 400, 6000), (steps, delayMs) => {
      check(playAll(steps, delayMs));
    }),
    { numRuns: 10_000 },
  );
});
