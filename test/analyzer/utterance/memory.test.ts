import assert from 'node:assert/strict';
import test from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { VirtualTimeScheduler } from 'rxjs';
import { createParticipantPipeline } from '../../../plugin/analyzer/utterance/index.ts';
import { audio, encoder, face, modality, words } from './support.ts';

const SECOND = 31;

test('a pipeline that runs for an hour needs no more memory than one that has run for ten minutes', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
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
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };

  const early = heapAfter(0, 10);
  const late = heapAfter(10, 60);
  assert.ok(finals > 350, `${finals} finals`);
  assert.ok(late - early < 1_000_000, `heap grew by ${late - early} bytes in 50 minutes`);
});
