import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { of, throwError, timer, map, VirtualTimeScheduler, type ObservableInput } from 'rxjs';
import {
  createParticipantPipeline,
  type CloseTrigger,
  type UtteranceInput,
  type UtteranceSignal,
} from '../../../plugin/analyzer/utterance/index.ts';
import type { Span } from '../../../plugin/events/contract/v1/types.ts';
import { audio, face, modality, words } from './support.ts';

type Signal = UtteranceSignal<number, number, string>;

const options = { silenceMs: 600, maxMs: 4000, minMs: 250, transcriptGraceMs: 1500, interimMs: 1000 };

/** What may happen next; times are relative to where the media are by then. */
type Step =
  | { do: 'sound'; frames: number; p: number }
  | { do: 'gap'; ms: number }
  | { do: 'repeat'; frames: number }
  | { do: 'face'; quality: number | null }
  | { do: 'words'; id: number; final: boolean; agoMs: number; lengthMs: number; count: number; timed: boolean }
  | { do: 'modality'; name: 'audio' | 'video' | 'text'; available: boolean; withdrawn: boolean }
  | { do: 'tick'; ms: number }
  | { do: 'close'; trigger: CloseTrigger };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('sound' as const),
      frames: fc.integer({ min: 1, max: 60 }),
      p: fc.constantFrom(0, 0.2, 0.4, 0.6, 0.95),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('gap' as const), ms: fc.integer({ min: 1, max: 3000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), frames: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('face' as const), quality: fc.constantFrom(null, 0.05, 0.4, 0.9) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('words' as const),
      id: fc.integer({ min: 0, max: 5 }),
      final: fc.boolean(),
      agoMs: fc.integer({ min: -2000, max: 12_000 }),
      lengthMs: fc.integer({ min: 0, max: 6000 }),
      count: fc.integer({ min: 0, max: 8 }),
      timed: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('modality' as const),
      name: fc.constantFrom('audio' as const, 'video' as const, 'text' as const),
      available: fc.boolean(),
      withdrawn: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tick' as const), ms: fc.integer({ min: 0, max: 3000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('close' as const),
      trigger: fc.constantFrom<CloseTrigger>('mute', 'leave', 'consent', 'pause'),
    }),
  },
);

interface Outcome {
  signals: Signal[];
  withheld: number;
  completed: boolean;
}

/** Runs the steps through a pipeline in virtual time, with an encoder that is slow and fails now and then. */
function play(steps: readonly Step[], encoderDelayMs: number): Outcome {
  const clock = new VirtualTimeScheduler();
  let asked = 0;
  const answer = <T>(tokens: T): ObservableInput<T> => {
    asked += 1;
    if (asked % 7 === 0) return throwError(() => Object.assign(new Error('shed'), { code: 'overloaded' }));
    return encoderDelayMs === 0 ? of(tokens) : timer(encoderDelayMs, clock).pipe(map(() => tokens));
  };
  let ids = 0;
  const pipeline = createParticipantPipeline<number, number, string>({
    participantId: 'ada',
    options,
    encoder: {
      encodeAudio: (pcm) => (assert.ok(pcm.length > 0 && pcm.length <= 16_000), answer(pcm.length)),
      encodeFace: (pixels) => answer(pixels[0]!),
      encodeText: (text) => answer(text),
    },
    newId: () => `u${++ids}`,
    scheduler: clock,
    now: () => clock.frame,
  });
  const signals: Signal[] = [];
  let completed = false;
  pipeline.output.subscribe({ next: (signal) => signals.push(signal), complete: () => (completed = true) });

  const until = (ms: number): void => {
    clock.maxFrames = Math.max(clock.frame, ms);
    clock.flush();
    clock.frame = clock.maxFrames;
  };
  const feed = (input: UtteranceInput): void => pipeline.input.next(input);
  let atMs = 20_000;
  for (const name of ['audio', 'video', 'text'] as const) feed(modality(name, true));
  for (const next of steps) {
    switch (next.do) {
      case 'sound':
        feed(audio(atMs, Array<number>(next.frames).fill(next.p)));
        atMs += next.frames * 32;
        break;
      case 'gap':
        feed({ kind: 'audio.gap', fromMs: atMs, toMs: atMs + next.ms, reason: next.ms > 1000 ? 'long-gap' : 'loss' });
        atMs += next.ms;
        break;
      case 'repeat':
        feed(audio(atMs - next.frames * 32, Array<number>(next.frames).fill(0.9)));
        break;
      case 'face':
        feed(face(atMs, next.quality));
        break;
      case 'words': {
        const text = Array.from({ length: next.count }, (_, i) => `w${i}`).join(' ');
        const startMs = atMs - next.agoMs;
        const times = next.timed ? { startMs, endMs: startMs + next.lengthMs } : {};
        feed(words(`s${next.id}`, text, { final: next.final, ...times }));
        break;
      }
      case 'modality':
        feed(modality(next.name, next.available, next.available ? undefined : next.withdrawn ? 'no-consent' : 'muted'));
        break;
      case 'tick':
        atMs += next.ms;
        feed({ kind: 'tick', atMs });
        break;
      case 'close':
        feed({ kind: 'close', trigger: next.trigger, atMs });
    }
    until(atMs);
  }
  pipeline.close('leave');
  until(atMs + 60_000);
  return { signals, withheld: pipeline.counters.withheld, completed };
}

function check({ signals, withheld, completed }: Outcome): void {
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
  const missing = [...ended.keys()].filter((utteranceId) => !revisions.has(utteranceId));
  assert.ok(missing.length <= withheld, `${missing.length} lost, ${withheld} withheld`);
}

test('whatever happens, no utterance overlaps another, none is lost, and none is told twice (2,000 runs)', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), fc.constantFrom(0, 5, 400, 6000), (steps, delayMs) => {
      check(play(steps, delayMs));
    }),
    { numRuns: 2000 },
  );
});
