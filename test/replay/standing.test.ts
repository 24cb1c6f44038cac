/** What stood at any place of a meeting, out of either database: as if all before it had been played. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stateOf } from '../../client/replay/stateOf.ts';
import type { ParticipantState } from '../../client/index.ts';
import type { UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { keep, talk } from '../meetings/support.ts';
import { finalEvent, interimEvent, startEvent, valid } from '../store/support-events.ts';
import { onBothStores } from '../store/support.ts';

const PEOPLE = { ada: 'Ada', grace: 'Grace', mute: 'Mute' };

/** People who take turns, then results that come out of order, revised, and interim. */
function events(): UndertoneEvent[] {
  const made = talk(['ada', 'grace'], 3, 1_000_000, 'standup');
  const first = { participantId: 'ada', utteranceId: 'first', startMs: 1_070_000, endMs: 1_072_000, text: 'one' };
  const second = { ...first, utteranceId: 'second', startMs: 1_073_000, endMs: 1_074_000, text: 'two' };
  const third = { ...first, utteranceId: 'third', startMs: 1_076_000, endMs: 1_077_000, text: 'three' };
  const more = [
    startEvent(50, first),
    startEvent(51, second),
    finalEvent(52, second),
    finalEvent(53, first),
    finalEvent(54, { ...first, revision: 1 }),
    finalEvent(55, { ...second, revision: 1, happy: 0.25 }),
    startEvent(56, third),
    interimEvent(57, third),
  ].map((event, index) => valid({ ...event, atMs: 1_078_000 + index * 10 }));
  return [...made, ...more];
}

const told = (participants: Readonly<Record<string, ParticipantState>>) =>
  Object.fromEntries(
    Object.entries(participants).map(([id, { reading, speaking, consent }]) => [
      id,
      { reading: reading?.eventId, speaking, consent },
    ]),
  );

onBothStores('what stood at a place', (place) => {
  test('is what all events before it come to', async (t) => {
    const store = await place.open(t);
    const { meetingId, events: made } = await keep(store, { people: PEOPLE }, events());
    const common = { replayId: 'r', positionMs: 0, speed: 1, playback: 'paused' as const };
    for (let ord = 0; ord <= made.length; ord += 1) {
      const { events: standing, present } = await store.standing(meetingId, ord);
      assert.deepEqual(present, Object.keys(PEOPLE));
      const sent = standing.map(({ json }) => JSON.parse(json) as UndertoneEvent);
      assert.ok(sent.length <= 2 + 5 * Object.keys(PEOPLE).length);
      const leapt = stateOf({ ...common, events: sent, present });
      const played = stateOf({ ...common, events: made.slice(0, ord), present });
      assert.deepEqual(told(leapt.participants), told(played.participants), `before event ${ord}`);
      assert.equal(leapt.analysis, played.analysis);
    }
  });

  test('is nothing in a meeting that is not there', async (t) => {
    const store = await place.open(t);
    assert.deepEqual(await store.standing('nothing', 5), { events: [], present: [] });
  });
});
