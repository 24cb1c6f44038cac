import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { VirtualTimeScheduler } from 'rxjs';
import { createParticipantPipeline, type UtteranceInput } from '../../../plugin/analyzer/utterance/index.ts';
import { encoder, FRAME_MS, modality, sound, words } from './support.ts';

const options = { silenceMs: 600, maxMs: 12_000, minMs: 250, transcriptGraceMs: 1500, interimMs: 0 };

/** A stretch of speech and the silence after it, in frames, and how late each of its words is told. */
interface Stretch {
  speech: number;
  silence: number;
  delaysMs: number[];
}

const WORD_FRAMES = 10;

function stretches(maxDelayMs: number): fc.Arbitrary<Stretch[]> {
  const stretch = fc.integer({ min: 1, max: 12 }).chain((count) =>
    fc.record({
      speech: fc.constant(count * WORD_FRAMES),
      silence: fc.integer({ min: 25, max: 60 }),
      delaysMs: fc.array(fc.integer({ min: 0, max: maxDelayMs }), { minLength: count, maxLength: count }),
    }),
  );
  return fc.array(stretch, { minLength: 1, maxLength: 6 });
}

/** Every word as a segment of its own, told when it has been spoken and delayed. */
function play(plan: readonly Stretch[]): { told: string[]; expected: string[]; revisions: number[] } {
  const clock = new VirtualTimeScheduler();
  let ids = 0;
  const pipeline = createParticipantPipeline({
    participantId: 'ada',
    options,
    encoder: encoder(),
    newId: () => `u${++ids}`,
    scheduler: clock,
    now: () => clock.frame,
  });
  const texts = new Map<string, string>();
  const revisions = new Map<string, number>();
  pipeline.output.subscribe((signal) => {
    if (signal.kind === 'end') texts.set(signal.utteranceId, 'no result');
    if (signal.kind !== 'final') return;
    assert.equal(signal.revision, (revisions.get(signal.utterance.utteranceId) ?? -1) + 1);
    texts.set(signal.utterance.utteranceId, signal.utterance.transcript?.text ?? '');
    revisions.set(signal.utterance.utteranceId, signal.revision);
  });

  const due: { atMs: number; input: UtteranceInput }[] = [];
  const expected: string[] = [];
  let atMs = 0;
  plan.forEach(({ speech, silence, delaysMs }, i) => {
    due.push(...sound(atMs, speech * FRAME_MS, 0.9).map((input) => ({ atMs: input.startMs + FRAME_MS, input })));
    expected.push(delaysMs.map((_, j) => `w${i}.${j}`).join(' '));
    delaysMs.forEach((delayMs, j) => {
      const startMs = atMs + j * WORD_FRAMES * FRAME_MS;
      const endMs = startMs + WORD_FRAMES * FRAME_MS;
      const text = `w${i}.${j}`;
      due.push({ atMs: endMs + delayMs, input: words(text, text, { words: [{ text, startMs, endMs }] }) });
    });
    atMs += speech * FRAME_MS;
    due.push(...sound(atMs, silence * FRAME_MS, 0.01).map((input) => ({ atMs: input.startMs + FRAME_MS, input })));
    atMs += silence * FRAME_MS;
  });
  pipeline.input.next(modality('audio', true));
  pipeline.input.next(modality('text', true));
  for (const { atMs: dueMs, input } of due.sort((a, b) => a.atMs - b.atMs)) {
    clock.maxFrames = dueMs;
    clock.flush();
    clock.frame = dueMs;
    pipeline.input.next(input);
  }
  clock.maxFrames = Infinity;
  clock.flush();
  return { told: [...texts.values()], expected, revisions: [...revisions.values()] };
}

for (const [late, maxDelayMs] of [
  ['1.4 s', 1400],
  ['10 s', 10_000],
] as const) {
  test(`words that come late by up to ${late}, in any order, all end up in the newest result of their utterance`, () => {
    fc.assert(
      fc.property(stretches(maxDelayMs), (plan) => {
        const { told, expected } = play(plan);
        assert.deepEqual(told, expected);
      }),
      { numRuns: 500 },
    );
  });
}

test('words that come in order and late by up to 1.4 s are all in the first result of their utterance', () => {
  const inOrder = stretches(1400).map((plan) =>
    plan.map((stretch) => ({ ...stretch, delaysMs: stretch.delaysMs.map(() => stretch.delaysMs[0]!) })),
  );
  fc.assert(
    fc.property(inOrder, (plan) => {
      const { told, expected, revisions } = play(plan);
      assert.deepEqual(told, expected);
      assert.ok(revisions.every((revision) => revision === 0));
    }),
    { numRuns: 300 },
  );
});
