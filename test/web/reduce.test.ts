import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { INITIAL, type EmotionState } from '../../server/web/emotion/EmotionState.ts';
import { reduce } from '../../server/web/emotion/reduce.ts';
import { consentOf, finalOf, interimOf, retractionOf } from './events.ts';
import { readGolden } from './golden.ts';

const after = (...events: UndertoneEvent[]): EmotionState => events.reduce(reduce, INITIAL);
const ada = (state: EmotionState) => state.participants['ada'];

test('the newest result is the current one, whichever arrives last', () => {
  const [early, late] = [finalOf('a', 1_000), finalOf('b', 5_000)];
  assert.equal(ada(after(early, late))?.current, late);
  assert.equal(ada(after(late, early))?.current, late);
});

test('finals and transcript lines stand in the order in which things were said', () => {
  const state = after(finalOf('b', 5_000), finalOf('c', 9_000), finalOf('a', 1_000));
  assert.deepEqual(
    ada(state)?.finals.map(({ utteranceId }) => utteranceId),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(
    state.lines.map(({ utteranceId }) => utteranceId),
    ['a', 'b', 'c'],
  );
});

test('a revised final replaces the first one and an older revision does not come back', () => {
  const first = finalOf('a', 1_000);
  const revised = finalOf('a', 1_000, { eventId: 'revised', revision: 1, sentiment: -2 });
  for (const state of [after(first, revised), after(revised, first)]) {
    assert.deepEqual(ada(state)?.finals, [revised]);
    assert.equal(ada(state)?.current, revised);
    assert.equal(state.lines.length, 1);
  }
});

test('an interim result gives way to the final of its utterance and never follows it', () => {
  const interim = interimOf('a', 1_000);
  assert.equal(ada(after(interim))?.current, interim);
  for (const state of [after(interim, finalOf('a', 1_000)), after(finalOf('a', 1_000), interim)]) {
    assert.equal(ada(state)?.current?.type, 'emotion.final');
  }
});

test('a retraction takes away the reading, the strip and the words, and leaves a mark', () => {
  const state = after(finalOf('a', 1_000), finalOf('b', 5_000), retractionOf(['a', 'b']));
  assert.equal(ada(state)?.current, undefined);
  assert.deepEqual(ada(state)?.finals, []);
  assert.deepEqual(ada(state)?.retracted?.modalities, ['video']);
  for (const line of state.lines) {
    assert.equal(line.status, 'withdrawn');
    assert.ok(!('reading' in line), 'neither result nor words are kept');
  }
});

test('a retraction of the current reading does not bring an older one back as if it were of now', () => {
  const state = after(finalOf('a', 1_000), finalOf('b', 5_000), retractionOf(['b']));
  assert.equal(ada(state)?.current, undefined);
  assert.deepEqual(
    ada(state)?.finals.map(({ utteranceId }) => utteranceId),
    ['a'],
  );
});

test('nothing about a retracted utterance is shown again, whatever arrives late and in whichever order', () => {
  const start = { ...readGolden('utterance.start'), participantId: 'ada', utteranceId: 'a' } as UndertoneEvent;
  const end = { ...readGolden('utterance.end'), participantId: 'ada', utteranceId: 'a' } as UndertoneEvent;
  const about = [start, interimOf('a', 1_000), end, finalOf('a', 1_000), finalOf('a', 1_000, { revision: 1 })];
  fc.assert(
    fc.property(fc.shuffledSubarray([...about, retractionOf(['a'])], { minLength: 6 }), (events) => {
      const state = after(...events);
      assert.equal(ada(state)?.current, undefined);
      assert.deepEqual(ada(state)?.finals, []);
      assert.deepEqual(ada(state)?.open, []);
      assert.ok(state.lines.every(({ status, reading }) => status === 'withdrawn' && !reading));
    }),
  );
});

test('events that come twice change nothing the second time', () => {
  const events = [
    consentOf(1, true),
    interimOf('a', 1_000),
    finalOf('a', 1_000),
    finalOf('b', 3_000),
    retractionOf(['a']),
  ];
  assert.deepEqual(after(...events, ...events), after(...events));
});

test('an older consent does not undo a newer one', () => {
  assert.equal(ada(after(consentOf(9, false), consentOf(4, true)))?.analysed.video, false);
});

test('somebody speaks from the start of an utterance to its end', () => {
  const start = { ...readGolden('utterance.start'), participantId: 'ada', utteranceId: 'a' } as UndertoneEvent;
  const end = { ...readGolden('utterance.end'), participantId: 'ada', utteranceId: 'a' } as UndertoneEvent;
  assert.deepEqual(ada(after(start))?.open, ['a']);
  assert.equal(after(start).lines[0]?.status, 'open');
  assert.deepEqual(ada(after(start, end))?.open, []);
  assert.equal(after(start, end).lines[0]?.status, 'closed');
});

test('analysis state and overload follow the newest event', () => {
  const degraded = { ...readGolden('analysis.state'), seq: 5, state: 'degraded' } as UndertoneEvent;
  const active = { ...readGolden('analysis.state'), seq: 6, state: 'active' } as UndertoneEvent;
  assert.equal(after(degraded).analysis.state, 'degraded');
  assert.equal(after(active, degraded).analysis.state, 'active');
  const overload = { ...readGolden('overload'), level: 2 } as UndertoneEvent;
  assert.equal(after(overload).overload.level, 2);
});

test('an event of a type that is not known yet changes nothing', () => {
  const unknown = {
    v: 1,
    type: 'emotion.forecast',
    eventId: 'x',
    roomId: 'r',
    atMs: 1,
    seq: 1,
  } as unknown as UndertoneEvent;
  assert.equal(reduce(INITIAL, unknown), INITIAL);
});
