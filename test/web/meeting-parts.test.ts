/** What the page of a past meeting is made of, without a browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EmotionFinal, MeetingReport } from '../../plugin/events/contract/v1/types.ts';
import { readAddress, writeAddress } from '../../server/web/meetings/address.ts';
import { coarser } from '../../server/web/meetings/coarser.ts';
import { labelsOf, lanesOf, type MeetingLane } from '../../server/web/meetings/lanesOf.ts';
import { momentSentence } from '../../server/web/meetings/momentWords.ts';
import { comparable, pairLabels, pairPeople } from '../../server/web/meetings/pairs.ts';
import { Place } from '../../server/web/meetings/Place.ts';
import { Results } from '../../server/web/meetings/Results.ts';
import { ticks } from '../../server/web/timeline/view.ts';
import { finalEvent, retractedEvent } from '../store/support-events.ts';

const HOUR_MS = 3_600_000;

function lane(participantId: string, labels: string[], buckets: MeetingLane['buckets'] = []): MeetingLane {
  const coverage = { audio: 1, video: 0, text: 0 };
  const counts = { utterances: 1, abstained: 0, speechMs: 0, sentiment: 0 };
  return { participantId, bucketMs: 1_000, labels, p: [], coverage, ...counts, buckets };
}

test('a link to a place comes back as it was written, and what is not understood is left out', () => {
  const place = {
    atMs: 61_000,
    view: { fromMs: 60_000, toMs: 90_000 },
    filter: { labels: ['joy', 'a, b'], modalities: ['video' as const, 'text' as const] },
  };
  const written = writeAddress('?debug&t=5', place);
  assert.match(written, /^\?debug=&t=61000&/);
  assert.deepEqual(readAddress(written), place);
  assert.deepEqual(readAddress('?t=soon&from=9&to=5&rests-on=smell&with=../x'), {
    filter: { labels: [], modalities: [] },
  });
  assert.equal(readAddress('?with=m-1').other, 'm-1');
});

test('the view turns like a page while time plays, and moves no more than needed for a leap', () => {
  const place = new Place(HOUR_MS, { view: { fromMs: 0, toMs: 10_000 } });
  const views: number[] = [];
  place.view.subscribe(() => views.push(place.view.value.fromMs));
  for (let ms = 0; ms <= 20_000; ms += 100) place.play(ms);
  assert.equal(views.length, 2);
  place.leap(1_000);
  assert.deepEqual([place.at.value, place.view.value.fromMs], [1_000, 1_000]);
  place.leap(2 * HOUR_MS);
  assert.deepEqual([place.at.value, place.view.value.toMs], [HOUR_MS, HOUR_MS]);
});

test('times over the lanes are far enough from each other to be read, however long the meeting', () => {
  for (const lengthMs of [1_000, 60_000, HOUR_MS, 8 * HOUR_MS, 100 * HOUR_MS]) {
    for (const width of [358, 1_400]) {
      const told = ticks({ fromMs: 0, toMs: lengthMs }, 0, width, 76);
      const apartPx = ((told[1]!.atMs - told[0]!.atMs) / lengthMs) * width;
      assert.ok(
        told.length >= 2 && apartPx >= 76,
        `${lengthMs} ms on ${width} px: ${told.map(({ text }) => text).join(', ')}`,
      );
    }
  }
  const hours = ticks({ fromMs: 0, toMs: 8 * HOUR_MS }, 0, 358, 76).map(({ text }) => text);
  assert.deepEqual(hours, ['0:00', '2:00:00', '4:00:00', '6:00:00', '8:00:00']);
});

test('stretches are put together by how much was spoken in each, and those that abstained say nothing', () => {
  const bucket = (i: number, speechMs: number, p: number[], sentiment = 0) => ({ i, n: 1, speechMs, p, sentiment });
  const fine = lane(
    'ada',
    ['joy', 'neutral'],
    [bucket(0, 3_000, [1, 0], 1), bucket(1, 1_000, [0, 1], -1), bucket(2, 500, [], 0), bucket(7, 100, [0.25, 0.75])],
  );
  const coarse = coarser(fine, 4);
  assert.equal(coarse.bucketMs, 4_000);
  assert.deepEqual(coarse.buckets, [
    { i: 0, n: 3, speechMs: 4_500, p: [0.75, 0.25], sentiment: 0.5 },
    { i: 1, n: 1, speechMs: 100, p: [0.25, 0.75], sentiment: 0 },
  ]);
});

test('who has no results has a lane, and the labels are those of all lanes', () => {
  const lanes = lanesOf({
    participants: [{ participantId: 'grace', displayName: 'Grace' }, { participantId: 'ada' }],
    lanes: [lane('ada', ['sad', 'happy']), lane('erased-name', ['calm'])],
  });
  assert.deepEqual(
    lanes.map(({ participantId, utterances }) => [participantId, utterances]),
    [
      ['grace', 0],
      ['ada', 1],
      ['erased-name', 1],
    ],
  );
  assert.deepEqual(labelsOf(lanes), ['calm', 'happy', 'sad']);
});

test('a moment is told as what cues suggest, with the largest change first', () => {
  const about = { atMs: 0, resultsBefore: 9, resultsAfter: 9 };
  const labels = momentSentence({
    ...about,
    of: 'labels',
    changed: [
      { name: 'joy', before: 0.3, after: 0.2 },
      { name: 'anger', before: 0.1, after: 0.6 },
    ],
  });
  assert.equal(
    labels.replaceAll('\u202f', ' '),
    'expression cues suggest more anger (10 % → 60 %), less joy (30 % → 20 %)',
  );
  const sentiment = { ...about, of: 'sentiment' as const, changed: [{ name: 'sentiment', before: 0.4, after: -1 }] };
  assert.equal(momentSentence(sentiment), 'expression cues suggest a more negative sentiment (+0.4 → \u22121.0)');
});

test('two reports are paired by id, in the order of ids, and by label only as what they are', () => {
  const report = (...ids: string[]) =>
    ({ participants: ids.map((participantId) => ({ participantId })) }) as unknown as MeetingReport;
  const paired = pairPeople([report('grace', 'ada'), report('bob', 'ada')]);
  assert.deepEqual(
    paired.map(({ participantId, reports }) => [participantId, ...reports.map((one) => one !== undefined)]),
    [
      ['ada', true, true],
      ['bob', false, true],
      ['grace', true, false],
    ],
  );
  const set = (hash: string, ...names: string[]) => ({
    setId: 'x',
    hash,
    shares: names.map((name) => ({ name, share: 0.5 })),
  });
  const pairs = [set('one', 'joy', 'calm'), set('two', 'joy')] as const;
  assert.equal(comparable(pairs), false);
  assert.deepEqual(pairLabels(pairs), [
    { name: 'joy', shares: [0.5, 0.5] },
    { name: 'calm', shares: [0.5, undefined] },
  ]);
});

test('results are fetched once for each stretch, again after a failure, and never come back once erased', async () => {
  const startMs = 1_000_000;
  const said = (utteranceId: string, atMs: number, revision = 0): EmotionFinal =>
    finalEvent(1, {
      participantId: 'ada',
      utteranceId,
      startMs: startMs + atMs,
      endMs: startMs + atMs + 1_000,
      revision,
    });
  const asked: number[] = [];
  let fails = true;
  const results = new Results(startMs, HOUR_MS, async (fromMs) => {
    asked.push(fromMs);
    if (fails) throw new Error('the server cannot be reached');
    return { events: [said(`u${fromMs}`, fromMs + 2_000)] };
  });
  const changed = () => new Promise<void>((done) => results.version.subscribe(done));
  const view = { fromMs: 0, toMs: 60_000 };
  let next = changed();
  results.want(view);
  await next;
  assert.equal(results.problem.value, 'the server cannot be reached');
  assert.equal(results.has(view), false);
  fails = false;
  next = changed();
  results.want(view);
  results.want(view);
  await next;
  assert.deepEqual(asked, [0, 0]);
  assert.equal(results.has(view), true);
  results.add(said('u0', 2_500, 1));
  results.add(said('u0', 2_000, 0));
  assert.deepEqual(
    results.of('ada').map((one) => [one.startMs, one.revision]),
    [[2_500, 1]],
  );
  results.add(retractedEvent(2, startMs, 'ada', ['u0']));
  assert.deepEqual(results.of('ada'), []);
  results.forget('ada');
  results.add(said('other', 9_000));
  assert.deepEqual(results.within({ fromMs: 0, toMs: HOUR_MS }), []);
});
