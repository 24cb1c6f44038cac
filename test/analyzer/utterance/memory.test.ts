import assert from 'node:assert/strict';
import test from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { VirtualTimeScheduler } from 'rxjs';
import { createParticipantPipeline } from '../../../plugin/analyzer/utterance/index.ts';
import { RandomCall, step } from './random-call.ts';
import { audio, encoder, face, modality, words } from './support.ts';

const SECOND = 31;
const MINUTE_MS = 60_000;
const ALLOWED_GROWTH = 1_000_000;

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

test('a pipeline that runs for an hour needs no more memory than one that has run for ten minutes', () => {
  const clock = new VirtualTimeScheduler();
  let ids = 0;
  let finals = 0;
  const pipeline = createParticipantPipeline({
    participantId: 'ada',
    options: { silenceMs: 600, maxMs: 12_000, minMs: 250, transcriptGraceMs: 1500, interimMs: 3000 },
    encoder: encoder(),
    newId: () => `u${++ids}`,
    scheduler: clock,
    now: () => clock.frame,
    contextTurns: 4,
  });
  pipeline.output.subscribe((signal) => {
    if (signal.kind === 'final') finals += 1;
  });
  for (const name of ['audio', 'video', 'text'] as const) pipeline.input.next(modality(name, true));

  const heapAfter = (fromMinute: number, toMinute: number): number => {
    for (let second = fromMinute * 60; second < toMinute * 60; second += 1) {
      const startMs = second * SECOND * 32;
      clock.maxFrames = startMs;
      clock.flush();
      clock.frame = startMs;
      // Five seconds of speech, two of silence, two of noise.
      const phase = second % 9;
      const p = phase < 5 ? 0.9 : phase < 7 ? 0.02 : 0.4;
      pipeline.input.next(audio(startMs, Array<number>(SECOND).fill(p)));
      pipeline.input.next(face(startMs, phase % 3 === 0 ? null : 0.7));
      const final = second % 2 === 0;
      const times = { startMs: startMs - 900, endMs: startMs };
      pipeline.input.next(words(`s${second - (second % 2)}`, 'a few words', { final, ...times }));
    }
    return heapAfterCollection();
  };

  const early = heapAfter(0, 10);
  const late = heapAfter(10, 60);
  assert.ok(finals > 350, `${finals} finals`);
  assert.ok(late - early < ALLOWED_GROWTH, `heap grew by ${late - early} bytes in 50 minutes`);
});

test('a pipeline to which anything happens for an hour needs no more memory than after ten minutes of it', () => {
  const call = new RandomCall(400, false);
  let id = 0;
  let seed = 0;
  const heapAt = (minutes: number): number => {
    while (call.elapsedMs < minutes * MINUTE_MS) {
      for (const next of fc.sample(step, { numRuns: 500, seed: (seed += 1) })) {
        // Segments by the thousand, each of its own: what is kept of them must not grow either.
        call.play(next.do === 'words' ? { ...next, id: (id += 1) } : next);
      }
    }
    return heapAfterCollection();
  };
  const early = heapAt(10);
  const late = heapAt(60);
  assert.ok(id > 500, `${id} segments`);
  assert.ok(late - early < ALLOWED_GROWTH, `heap grew by ${late - early} bytes in 50 minutes`);
});
