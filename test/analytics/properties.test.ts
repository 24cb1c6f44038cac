/** What holds for any meeting. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { MeetingReportSchema } from '../../plugin/events/index.ts';
import type { LabelSetRef, UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { MOODS, idOf, meetingOf, reportOn, spoken, takenBack, type Utterance } from './support.ts';

const SETS: LabelSetRef[] = [
  MOODS,
  { id: 'work', hash: '00000000000000bb', kind: 'multi' },
  { id: 'affect', hash: '00000000000000cc', kind: 'dimensional' },
];

const utterance: fc.Arbitrary<Utterance> = fc
  .record({
    who: fc.constantFrom('ada', 'bob', 'cyd', 'dan', 'eve', 'fay'),
    fromTenths: fc.integer({ min: 0, max: 30_000 }),
    lengthTenths: fc.integer({ min: 0, max: 150 }),
    joy: fc.double({ min: 0, max: 1, noNaN: true }),
    sentiment: fc.double({ min: -3, max: 3, noNaN: true }),
    set: fc.constantFrom(...SETS),
    abstained: fc.constantFrom(undefined, undefined, 'low-confidence' as const, 'no-modality' as const),
    scored: fc.boolean(),
  })
  .map(({ who, fromTenths, lengthTenths, joy, sentiment, set, abstained, scored }) => ({
    who,
    from: fromTenths / 10,
    to: (fromTenths + lengthTenths) / 10,
    labels: set.kind === 'single' ? { joy, neutral: 1 - joy } : { joy, [set.id]: sentiment ** 2 / 9 },
    fields: { labelSet: set, sentiment, abstained },
    scored,
  }));

const meetings = fc.uniqueArray(utterance, { selector: idOf, maxLength: 60 });
const runs = { numRuns: 60 };

test('shares sum to 1 or less, means lie in their range, talk is never longer than the meeting', async () => {
  await fc.assert(
    fc.asyncProperty(meetings, async (utterances) => {
      const report = await reportOn(meetingOf(utterances));
      MeetingReportSchema.parse(report);
      for (const { talk, expressions, scales, coverage } of report.participants) {
        assert.ok(talk.talkMs <= report.lengthMs);
        for (const { labels, unclearShare, labelSet, bins } of expressions) {
          const shares = labels.reduce((sum, { share }) => sum + (share ?? 0), 0);
          assert.ok(shares + unclearShare <= 1 + 1e-9);
          if (labelSet.kind === 'dimensional') assert.ok(labels.every(({ share }) => share === null));
          for (const { means } of bins) assert.equal(means.length, labels.length);
        }
        for (const { name, mean } of scales) assert.ok(name !== 'sentiment' || Math.abs(mean) <= 3 + 1e-9);
        const told = [
          coverage.clearShare,
          coverage.withoutResult.share,
          ...coverage.abstained.map(({ share }) => share),
        ];
        const whole = told.reduce((sum, share) => sum + share, 0);
        assert.ok(Math.abs(whole - (coverage.utterances > 0 ? 1 : 0)) < 1e-9);
      }
    }),
    runs,
  );
});

test('the order in which events come does not matter, nor that some come twice', async () => {
  const shuffled = meetings.chain((utterances) => {
    const events = meetingOf(utterances);
    const revised = utterances.slice(0, 5).map((one) => {
      const fields = { ...one.fields, revision: 1, sentiment: 0.5 };
      return spoken({ ...one, fields, scored: true })[2]!;
    });
    const all: UndertoneEvent[] = [...events, ...revised, takenBack('ada', utterances.slice(0, 3).map(idOf))];
    return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.shuffledSubarray(all));
  });
  await fc.assert(
    fc.asyncProperty(shuffled, async ([events, anotherOrder, twice]) => {
      assert.deepEqual(await reportOn([...anotherOrder, ...twice]), await reportOn(events));
    }),
    runs,
  );
});

test('what was taken back leaves no trace, wherever that is told', async () => {
  const input = fc.record({
    utterances: meetings,
    every: fc.integer({ min: 1, max: 5 }),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(input, async ({ utterances, every, at }) => {
      const gone = utterances.filter((_, index) => index % every === 0);
      const secret = gone.map((one) => ({ ...one, labels: { ...one.labels, secret: 0.9 } }));
      const kept = meetingOf(utterances.filter((one) => !gone.includes(one)));
      const events = [...kept, ...meetingOf(secret)];
      events.splice(Math.floor(at * events.length), 0, takenBack('ada', gone.map(idOf)));
      const report = await reportOn(events);
      assert.deepEqual(report, { ...(await reportOn(kept)), roomId: 'standup' });
      assert.equal(JSON.stringify(report).includes('secret'), false);
    }),
    runs,
  );
});
