import assert from 'node:assert/strict';
import test from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { analyzeMeeting, EVERYBODY, MeetingAnalyzer } from '../../plugin/analytics/index.ts';
import { MeetingReportSchema, reportJsonSchema } from '../../plugin/events/index.ts';
import type { EmotionFinal, LabelSetRef, UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { meeting } from '../events/export/meeting.ts';
import { goldenEvent } from '../events/golden.ts';
import { MOODS, idOf, meetingOf, of, reportOn, spoken, T0, takenBack } from './support.ts';

const near = (found: number, wanted: number) => assert.ok(Math.abs(found - wanted) < 1e-9, `${found}, not ${wanted}`);
const HOURS = 3_600;

test('shares are of the speech with a result: each label by the time in which it led clearly, the rest unclear', async () => {
  const report = await reportOn(
    meetingOf([
      { who: 'ada', from: 0, to: 6 },
      { who: 'ada', from: 10, to: 12, labels: { joy: 0.1, neutral: 0.9 } },
      { who: 'ada', from: 20, to: 22, fields: { abstained: 'low-confidence' } },
      { who: 'ada', from: 30, to: 90, scored: false },
    ]),
  );
  const { expressions, coverage, confidence, talk } = of(report, 'ada');
  const [moods] = expressions;
  assert.deepEqual(moods!.labelSet, MOODS);
  assert.deepEqual(
    moods!.labels.map(({ name, share }) => [name, share]),
    [
      ['joy', 0.6],
      ['neutral', 0.2],
    ],
  );
  assert.equal(moods!.unclearShare, 0.2);
  near(moods!.labels[0]!.mean, (6 * 0.7 + 2 * 0.1) / 8);
  assert.deepEqual([moods!.results, moods!.unclear], [2, 1]);
  assert.equal(talk.talkMs, 70_000);
  near(talk.shareOfMeeting, 70 / 90);
  near(coverage.clearShare, 8 / 70);
  assert.deepEqual(coverage.abstained, [{ reason: 'low-confidence', utterances: 1, share: 2 / 70 }]);
  assert.deepEqual(coverage.withoutResult, { utterances: 1, share: 60 / 70 });
  near(confidence!.mean, (6 * 0.7 + 2 * 0.9) / 8);
});

test('the last revision holds, whatever came before it and in which order', async () => {
  const utterance = { who: 'ada', from: 0, to: 4 };
  const first = spoken(utterance);
  const [, , revised] = spoken({
    ...utterance,
    labels: { joy: 0.2, neutral: 0.8 },
    fields: { revision: 1, sentiment: -2 },
  });
  for (const events of [
    [...first, revised!],
    [revised!, ...first],
  ]) {
    const { expressions, scales } = of(await reportOn(events), 'ada');
    assert.equal(expressions[0]!.labels.find(({ name }) => name === 'neutral')!.share, 1);
    assert.equal(scales[0]!.mean, -2);
  }
});

test('interim results and what is not about speech change nothing', async () => {
  const events = meetingOf([{ who: 'ada', from: 0, to: 4 }]);
  const others = ['emotion.interim', 'analysis.state', 'consent.changed', 'overload', 'error'].map(
    (type) => ({ ...goldenEvent(type), participantId: 'ada' }) as unknown as UndertoneEvent,
  );
  assert.deepEqual(await reportOn([...others, ...events]), await reportOn(events));
});

test('an utterance that goes on is told as open and counts nowhere else', async () => {
  const events = meetingOf([{ who: 'ada', from: 0, to: 4 }]);
  const [start] = spoken({ who: 'ada', from: 100, to: 104 });
  const report = await reportOn([...events, start!]);
  assert.equal(of(report, 'ada').coverage.open, 1);
  assert.equal(of(report, 'ada').talk.talkMs, 4_000);
  assert.equal(report.lengthMs, 4_000);
});

test('sets that change in the middle are told apart; sentiment and dimensions go on over all of them', async () => {
  const sets: Record<string, LabelSetRef> = {
    multi: { id: 'work', hash: '00000000000000bb', kind: 'multi' },
    dimensional: { id: 'affect', hash: '00000000000000cc', kind: 'dimensional' },
    ordinal: { id: 'steps', hash: '00000000000000dd', kind: 'ordinal' },
  };
  const set = (kind: string): Partial<EmotionFinal> => ({ labelSet: sets[kind]! });
  const report = await reportOn(
    meetingOf([
      { who: 'ada', from: 0, to: 4, fields: { sentiment: 1 } },
      { who: 'ada', from: 10, to: 14, labels: { bored: 0.6, engaged: 0.9 }, fields: { ...set('multi'), sentiment: 3 } },
      { who: 'ada', from: 20, to: 24, labels: { bored: 0.8, engaged: 0.7 }, fields: { ...set('multi'), sentiment: 1 } },
      {
        who: 'ada',
        from: 30,
        to: 34,
        labels: { arousal: 0.4 },
        fields: { ...set('dimensional'), dimensions: { valence: 0.8 } },
      },
      {
        who: 'ada',
        from: 40,
        to: 44,
        labels: { low: 0.2, high: 0.8 },
        fields: { ...set('ordinal'), dimensions: { valence: 0.4 } },
      },
    ]),
  );
  const { expressions, scales } = of(report, 'ada');
  assert.deepEqual(
    expressions.map(({ labelSet }) => labelSet.id),
    ['moods', 'work', 'affect', 'steps'],
  );
  assert.deepEqual(
    expressions[1]!.labels.map(({ name, share, mean }) => [name, share, Math.round(mean * 100)]),
    [
      ['bored', 0.5, 70],
      ['engaged', 0.5, 80],
    ],
    'several may hold at once, one leads',
  );
  assert.equal(expressions[2]!.labels[0]!.share, null, 'a dimension does not lead');
  assert.deepEqual(
    scales.map(({ name, results, mean }) => [name, results, Math.round(mean * 100)]),
    [
      ['sentiment', 5, 100],
      ['valence', 2, 60],
    ],
  );
});

test('late words are held against the result from before them; modalities cannot be, and that is said', async () => {
  const wordless = { text: { used: false, reason: 'late-words' as const, words: 0 } };
  const golden = goldenEvent('emotion.final') as unknown as EmotionFinal;
  const before = { modalities: { ...golden.modalities, ...wordless } };
  const events = [
    ...spoken({ who: 'ada', from: 0, to: 2, fields: before }),
    spoken({
      who: 'ada',
      from: 0,
      to: 2,
      labels: { joy: 0.2, neutral: 0.8 },
      fields: { revision: 1, sentiment: 1 },
    })[2]!,
    ...spoken({ who: 'ada', from: 5, to: 9, fields: before }),
    spoken({ who: 'ada', from: 5, to: 9, labels: { joy: 0.9, neutral: 0.1 }, fields: { revision: 1 } })[2]!,
    ...spoken({ who: 'ada', from: 20, to: 22, fields: before }),
  ];
  const { agreement, coverage } = of(await reportOn(events), 'ada');
  assert.equal(agreement.modalities, null);
  const { utterances, sameLeading, sentimentShift, distance } = agreement.words!;
  assert.deepEqual([utterances, sameLeading, sentimentShift], [2, 0.5, 0.5]);
  near(distance, (0.5 + 0.2) / 2);
  near(coverage.modalities.text.usedShare, 6 / 8);
  assert.deepEqual(coverage.modalities.text.reasons, [{ reason: 'late-words', results: 1 }]);
});

test('a span that is given cuts what goes over its end, and leaves out what begins outside', async () => {
  const events = meetingOf([
    { who: 'ada', from: -30, to: -20 },
    { who: 'ada', from: 10, to: 20 },
    { who: 'bob', from: 15, to: 25 },
    { who: 'cyd', from: 21, to: 22 },
  ]);
  const report = await analyzeMeeting(events, { view: EVERYBODY, span: { startMs: T0, endMs: T0 + 20_000 } });
  assert.deepEqual(
    report.participants.map(({ participantId, talk: { talkMs, shareOfMeeting } }) => [
      participantId,
      talkMs,
      shareOfMeeting,
    ]),
    [
      ['ada', 10_000, 0.5],
      ['bob', 5_000, 0.25],
    ],
  );
});

test('no events make an empty report; a long meeting has few stretches', async () => {
  const empty = await reportOn([]);
  assert.deepEqual([empty.roomId, empty.span, empty.lengthMs, empty.participants], [null, null, 0, []]);
  MeetingReportSchema.parse(empty);
  for (const hours of [0.1, 1, 8, 47, 100, 2_000]) {
    const { binMs, lengthMs } = await reportOn(meetingOf([{ who: 'ada', from: 0, to: hours * HOURS }]));
    assert.ok(lengthMs / binMs <= 48, `${hours} h`);
  }
});

test('reports satisfy the schema and its JSON Schema, which refuse one that is wrong', async () => {
  const validate = new Ajv2020({ strict: false }).compile(reportJsonSchema());
  const report = await reportOn(meeting);
  assert.deepEqual(MeetingReportSchema.parse(report), report);
  assert.ok(validate(JSON.parse(JSON.stringify(report))), JSON.stringify(validate.errors));
  for (const change of [{ v: 2 }, { binMs: 0 }, { view: 'me' }, { participants: [{}] }]) {
    assert.equal(MeetingReportSchema.safeParse({ ...report, ...change }).success, false);
    assert.equal(validate({ ...report, ...change }), false);
  }
});

test('events of two rooms are an error, unless one is picked', async () => {
  const events = [
    ...spoken({ who: 'ada', from: 0, to: 2 }),
    { ...spoken({ who: 'bob', from: 1, to: 2 })[0]!, roomId: 'other' },
  ];
  await assert.rejects(reportOn(events), /^TypeError: roomId: there are events of standup and of other/);
  const report = await analyzeMeeting(events, { view: EVERYBODY, roomId: 'standup' });
  assert.deepEqual(
    report.participants.map(({ participantId }) => participantId),
    ['ada'],
  );
});

test('a report can be asked for at any time, and again', () => {
  const analyzer = new MeetingAnalyzer();
  for (const event of spoken({ who: 'ada', from: 0, to: 2 })) analyzer.add(event);
  const early = analyzer.report({ view: EVERYBODY });
  const two = { who: 'ada', from: 5, to: 9 };
  for (const event of spoken(two)) analyzer.add(event);
  assert.equal(of(analyzer.report({ view: EVERYBODY }), 'ada').talk.talkMs, 6_000);
  analyzer.add(takenBack('ada', [idOf(two)]));
  assert.deepEqual(analyzer.report({ view: EVERYBODY }), early);
});

test('options that are wrong are named', () => {
  const analyzer = new MeetingAnalyzer();
  assert.throws(
    () => analyzer.report({ view: EVERYBODY, k: 4 }),
    /^RangeError: k: 4 is not a whole number of 5 or more/,
  );
  assert.throws(() => analyzer.report({ view: EVERYBODY, span: { startMs: 2, endMs: 1 } }), /^RangeError: span: ends/);
});
