/** Who sees what of a report: nobody learns about others more than their view says, nor about fewer than k + 1 together. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { analyzeMeeting, EVERYBODY, ownView, type ReportOptions } from '../../plugin/analytics/index.ts';
import type { EmotionAggregate, UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { goldenEvent } from '../events/golden.ts';
import { idOf, meetingOf, of, takenBack, type Utterance } from './support.ts';

const NAMES = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay', 'gus'];
const AGGREGATE = { all: false, subjects: new Set<string>(), aggregate: true };

/** So many people, each of whom speaks so often, one after the other. */
function round(people: number, times: number): Utterance[] {
  return Array.from({ length: people * times }, (_, index) => {
    const person = index % people;
    const joy = (person + 1) / 10;
    return {
      who: NAMES[person]!,
      from: index * 5,
      to: index * 5 + 3,
      labels: { joy, neutral: 1 - joy },
      fields: { sentiment: person - 3 },
    };
  });
}

const report = (events: UndertoneEvent[], options: Partial<ReportOptions> = {}) =>
  analyzeMeeting(events, { view: AGGREGATE, over: true, ...options });
const withheld = async (...args: Parameters<typeof report>) =>
  Object.fromEntries((await report(...args)).withheld.map(({ what, reason }) => [what, reason]));

test('who may see their own sees their own', async () => {
  const events = meetingOf(round(7, 5));
  const own = await report(events, { view: ownView('ada') });
  const all = await report(events, { view: EVERYBODY });
  assert.deepEqual(own.participants, [of(all, 'ada')], 'and the same as others see of them');
  assert.equal(own.view, 'some');
  assert.equal(own.room, null);
  const text = JSON.stringify(own);
  for (const other of NAMES.slice(1)) assert.equal(text.includes(`"${other}"`), false, other);
});

test('who may see everybody sees each, in the order of their ids', async () => {
  const { participants, view } = await report(meetingOf(round(7, 1).reverse()), { view: EVERYBODY });
  assert.equal(view, 'everybody');
  assert.deepEqual(
    participants.map(({ participantId }) => participantId),
    NAMES,
  );
});

test('with fewer than k others, one’s own report says nothing that rests on them', async () => {
  const events = meetingOf(round(5, 5));
  const own = await report(events, { view: ownView('ada') });
  assert.equal(own.participants[0]!.interplay, null);
  assert.equal(own.speech, null);
  assert.deepEqual(await withheld(events, { view: ownView('ada') }), {
    speech: 'too-few-people',
    interplay: 'too-few-people',
    room: 'not-allowed',
  });
  const six = await report(meetingOf(round(6, 5)), { view: ownView('ada') });
  assert.equal(six.participants[0]!.interplay!.turns, 5);
});

test('means over the room need k + 1 people with enough results; each counts once', async () => {
  const { room, participants, speech } = await report(meetingOf([...round(7, 5), ...extra('ada', 40)]));
  assert.deepEqual(participants, []);
  assert.equal(speech!.people, 7);
  assert.deepEqual(room, {
    source: 'results',
    people: 7,
    labelSet: room!.labelSet,
    labels: [
      { name: 'joy', p: 0.4 },
      { name: 'neutral', p: 0.6 },
    ],
    sentiment: 0,
  });
  assert.deepEqual(await withheld(meetingOf(round(5, 9))), { speech: 'too-few-people', room: 'too-few-people' });
  assert.deepEqual(await withheld(meetingOf(round(6, 4))), { room: 'too-few-people' }, 'too few results');
  assert.deepEqual(await withheld(meetingOf(round(6, 5))), {});
  assert.deepEqual(await withheld(meetingOf(round(6, 5)), { k: 6 }), {
    speech: 'too-few-people',
    room: 'too-few-people',
  });
});

/** More of what they said anyway. */
function extra(who: string, times: number): Utterance[] {
  const joy = (NAMES.indexOf(who) + 1) / 10;
  const fields = { sentiment: NAMES.indexOf(who) - 3 };
  return Array.from({ length: times }, (_, index) => ({
    who,
    from: 1_000 + index * 5,
    to: 1_003 + index * 5,
    labels: { joy, neutral: 1 - joy },
    fields,
  }));
}

test('no means while the meeting goes on, nor after something was taken back: what lies between two would be somebody’s', async () => {
  const utterances = round(7, 6);
  const events = meetingOf(utterances);
  assert.deepEqual(await withheld(events, { over: false }), { speech: 'not-over', room: 'not-over' });
  const back = [...events, takenBack('ada', [idOf(utterances[0]!)])];
  assert.deepEqual(await withheld(back), { speech: 'taken-back', room: 'taken-back' });
  assert.deepEqual(await withheld(events, { takenBack: true }), { speech: 'taken-back', room: 'taken-back' });
  const own = await withheld(back, { view: ownView('bob') });
  assert.equal(own['interplay'], 'taken-back');
  assert.deepEqual(await withheld(back, { view: EVERYBODY }), {}, 'who sees each can work it out');
});

test('nobody gets means along with results of single others', async () => {
  const view = { all: false, subjects: new Set(['ada', 'bob']), aggregate: true };
  assert.deepEqual(await withheld(meetingOf(round(7, 6)), { view }), { room: 'others-seen' });
  const own = { all: false, subjects: new Set(['ada']), aggregate: true };
  assert.equal((await report(meetingOf(round(7, 6)), { view: own })).room!.people, 7);
});

test('where means were made live, the report’s are made of them alone', async () => {
  const mean = goldenEvent('emotion.aggregate') as unknown as EmotionAggregate;
  const means = [
    { ...mean, seq: 9_001, people: 6, sentiment: 1, labels: [{ name: 'joy', p: 0.2 }] },
    { ...mean, seq: 9_002, people: 12, sentiment: -0.5, labels: [{ name: 'joy', p: 0.5 }] },
  ];
  const events = meetingOf(round(7, 6));
  const { room } = await report([...events, ...means, means[0]!]);
  assert.deepEqual([room!.source, room!.people, room!.sentiment], ['live-means', 12, 0]);
  assert.deepEqual(room!.labels, [{ name: 'joy', p: 0.4 }]);
  const without = await report([...meetingOf(round(7, 6).slice(0, 20)), ...means]);
  assert.deepEqual(without.room, room, 'whatever the results are');
  assert.equal((await report([...events, ...means], { view: EVERYBODY })).room!.source, 'results');
});

test('means have the dimensions that the results of all have, and no others', async () => {
  const dimensions = (index: number, valence: number) => ({ valence, ...(index !== 3 && { arousal: 0.5 }) });
  const spoken = round(7, 6).map((one, index) => ({
    ...one,
    fields: { ...one.fields, dimensions: dimensions(index % 7, (index % 7) / 10) },
  }));
  const { room } = await report(meetingOf(spoken));
  assert.deepEqual(room!.dimensions, { valence: 0.3 }, 'one of them has no arousal');
  assert.equal((await report(meetingOf(round(7, 6)))).room!.dimensions, undefined);
  const mean = goldenEvent('emotion.aggregate') as unknown as EmotionAggregate;
  const means = [
    { ...mean, seq: 9_001, people: 6, dimensions: { valence: 0.2, arousal: 0.4 } },
    { ...mean, seq: 9_002, people: 12, dimensions: { valence: 0.5 } },
  ];
  const live = await report([...meetingOf(spoken), ...means]);
  assert.deepEqual(live.room!.dimensions, { valence: 0.4 });
});

test('a report ranks nobody: no figure is a place among people', async () => {
  const text = JSON.stringify(await report(meetingOf(round(7, 6)), { view: EVERYBODY }));
  assert.doesNotMatch(text, /"(rank|place|score|top|best|worst)\w*":/i);
});
