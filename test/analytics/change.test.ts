import assert from 'node:assert/strict';
import test from 'node:test';
import { seededRandom } from '../../scripts/random.ts';
import { meetingOf, of, reportOn, T0, type Utterance } from './support.ts';

/** Somebody who speaks every 20 s for so many utterances, with the p of joy and the sentiment by the index. */
function talk(count: number, joyAt: (index: number) => number, sentimentAt = (_: number) => 0): Utterance[] {
  const random = seededRandom(3);
  return Array.from({ length: count }, (_, index) => {
    const joy = Math.min(1, Math.max(0, joyAt(index) + (random() - 0.5) * 0.2));
    const fields = { sentiment: sentimentAt(index) + (random() - 0.5) * 0.5 };
    return { who: 'ada', from: index * 20, to: index * 20 + 3, labels: { joy, neutral: 1 - joy }, fields };
  });
}

test('a change of level is found where it is, with the levels before and after it', async () => {
  const report = await reportOn(meetingOf(talk(120, (index) => (index < 70 ? 0.3 : 0.8))));
  const { moments } = of(report, 'ada');
  assert.equal(moments.length, 1);
  const [moment] = moments;
  assert.deepEqual([moment!.of, moment!.resultsBefore, moment!.resultsAfter], ['labels', 70, 50]);
  assert.equal(moment!.atMs, T0 + 70 * 20_000);
  const joy = moment!.changed.find(({ name }) => name === 'joy')!;
  assert.ok(Math.abs(joy.before - 0.3) < 0.03 && Math.abs(joy.after - 0.8) < 0.03);
});

test('a level that stays has no moment of change and no clear trend; one that drifts has a trend', async () => {
  const steady = of(await reportOn(meetingOf(talk(360, () => 0.5))), 'ada');
  assert.deepEqual(steady.moments, []);
  assert.equal(steady.scales[0]!.slope!.clear, false);
  const drift = of(
    await reportOn(
      meetingOf(
        talk(
          360,
          () => 0.5,
          (index) => index / 180,
        ),
      ),
    ),
    'ada',
  );
  const { perHour, clear } = drift.scales[0]!.slope!;
  assert.ok(clear && Math.abs(perHour - 1) < 0.2, `${perHour} an hour`);
});
