import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { VirtualTimeScheduler } from 'rxjs';
import { createParticipantPipeline, type UtteranceInput } from '../../../plugin/analyzer/utterance/index.ts';
import { encoder, FRAME_MS, modality, sound, words } from './support.ts';

const options = { silenceMs: 600, maxMs: 12_000, minMs: 250, transcriptGraceMs: 1500, interimMs: 0 };

/** A word, told by itself or with others, first as interim where the recogniser does so. */
interface Telling {
  words: number;
  interim: boolean;
  delayMs: number;
}

/** A stretch of speech and the silence after it, and how late which of its words are told. */
interface Stretch {
  silence: number;
  tellings: Telling[];
}

const WORD_FRAMES = 10;
const WORD_MS = WORD_FRAMES * FRAME_MS;
/** As many as fit into the longest utterance with the sound before them. */
const MAX_WORDS = 36;
const INTERIM_MS = 100;

function stretches(maxDelayMs: number): fc.Arbitrary<Stretch[]> {
  const telling = fc.record({
    words: fc.integer({ min: 1, max: 4 }),
    interim: fc.boolean(),
    delayMs: fc.integer({ min: 0, max: maxDelayMs }),
  });
  const stretch = fc.record({
    silence: fc.integer({ min: 25, max: 60 }),
    tellings: fc.array(telling, { minLength: 1, maxLength: MAX_WORDS }).map((all) => {
      let words = 0;
      return all.filter((each) => (words += each.words) <= MAX_WORDS || words === each.words);
    }),
  });
  return fc.array(stretch, { minLength: 1, maxLength: 5 });
}

interface Result {
  atMs: number;
  revision: number;
  words: string[];
}

interface Played {
  /** Of each utterance, in order. */
  results: Result[][];
  expected: string[][];
  /** When each word was told for good. */
  toldAtMs: Map<string, number>;
}

/** Speech, and its words as segments that are told when they have been spoken and delayed. */
function play(plan: readonly Stretch[]): Played {
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
  const results = new Map<string, Result[]>();
  pipeline.output.subscribe((signal) => {
    if (signal.kind === 'end') results.set(signal.utteranceId, []);
    if (signal.kind !== 'final') return;
    const words = signal.utterance.transcript?.text.split(' ') ?? [];
    results.get(signal.utterance.utteranceId)!.push({ atMs: clock.frame, revision: signal.revision, words });
  });

  const due: { atMs: number; input: UtteranceInput }[] = [];
  const expected: string[][] = [];
  const toldAtMs = new Map<string, number>();
  let atMs = 0;
  plan.forEach(({ silence, tellings }, i) => {
    const fromMs = atMs;
    const texts: string[] = [];
    for (const { words: count, interim, delayMs } of tellings) {
      const timed = Array.from({ length: count }, (_, j) => {
        const startMs = fromMs + (texts.length + j) * WORD_MS;
        return { text: `w${i}.${texts.length + j}`, startMs, endMs: startMs + WORD_MS };
      });
      texts.push(...timed.map(({ text }) => text));
      const endMs = timed.at(-1)!.endMs;
      const said = timed.map(({ text }) => text).join(' ');
      const tell = (final: boolean) => words(`${i}.${texts.length}`, said, { final, words: timed });
      if (interim) due.push({ atMs: endMs + Math.min(INTERIM_MS, delayMs), input: tell(false) });
      due.push({ atMs: endMs + delayMs, input: tell(true) });
      for (const { text } of timed) toldAtMs.set(text, endMs + delayMs);
    }
    expected.push(texts);
    const speechMs = texts.length * WORD_MS;
    const heard = [...sound(atMs, speechMs, 0.9), ...sound(atMs + speechMs, silence * FRAME_MS, 0.01)];
    due.push(...heard.map((input) => ({ atMs: input.startMs + FRAME_MS, input })));
    atMs += speechMs + silence * FRAME_MS;
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
  return { results: [...results.values()], expected, toldAtMs };
}

for (const [late, maxDelayMs] of [
  ['1.4 s', 1400],
  ['10 s', 10_000],
] as const) {
  test(`words that come late by up to ${late}, in any order, are all in their utterance's results from then on`, () => {
    fc.assert(
      fc.property(stretches(maxDelayMs), (plan) => {
        const { results, expected, toldAtMs } = play(plan);
        assert.deepEqual(
          results.map((all) => all.at(-1)!.words),
          expected,
        );
        results.forEach((all, i) => {
          all.forEach(({ revision, atMs, words: told }, n) => {
            assert.equal(revision, n);
            const due = expected[i]!.filter((word) => toldAtMs.get(word)! < atMs || told.includes(word));
            assert.deepEqual(told, due);
            assert.ok(told.every((word) => toldAtMs.get(word)! <= atMs));
          });
        });
      }),
      { numRuns: 200 },
    );
  });
}

test('words that come in order and late by up to 1.4 s are all in the first result of their utterance', () => {
  const inOrder = stretches(1400).map((plan) =>
    plan.map(({ silence, tellings }) => ({
      silence,
      tellings: tellings.map((each) => ({ ...each, delayMs: tellings[0]!.delayMs })),
    })),
  );
  fc.assert(
    fc.property(inOrder, (plan) => {
      const { results, expected } = play(plan);
      assert.deepEqual(
        results.map((all) => all.map(({ words: told }) => told)),
        expected.map((texts) => [texts]),
      );
    }),
    { numRuns: 200 },
  );
});
