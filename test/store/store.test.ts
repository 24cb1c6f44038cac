import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { DatabaseError, openStore, type MeetingStore, type StoredEvent } from '../../server/store/index.ts';
import { toOperations } from '../../server/store/recording/toOperations.ts';
import { onBothStores } from './support.ts';
import {
  consentEvent,
  finalEvent,
  interimEvent,
  MEETING,
  retractedEvent,
  startEvent,
  stateEvent,
  valid,
} from './support-events.ts';

const ADA = { participantId: 'ada', utteranceId: 'u1', startMs: 1_001_000, endMs: 1_004_000, text: 'good morning' };
const BOB = {
  participantId: 'bob',
  utteranceId: 'u2',
  startMs: 1_005_000,
  endMs: 1_009_000,
  text: 'where is the “plan”? ☕\u0000',
};

/** Somebody says yes, two people speak, one is scored in between. */
const EVENTS: UndertoneEvent[] = [
  stateEvent(1, 1_000_010),
  consentEvent(2, 1_000_500, 'ada', true),
  startEvent(3, ADA),
  interimEvent(4, ADA),
  finalEvent(4, ADA),
  consentEvent(5, 1_004_500, 'bob', true),
  startEvent(6, BOB),
  finalEvent(7, BOB),
].map(valid);

async function record(store: MeetingStore, events: readonly UndertoneEvent[] = EVENTS, storage = MEETING.storage) {
  const meetingId = await store.begin({ ...MEETING, storage });
  await append(store, meetingId, events, 0, storage);
  return meetingId;
}

async function append(
  store: MeetingStore,
  meetingId: string,
  events: readonly UndertoneEvent[],
  ord: number,
  storage = MEETING.storage,
) {
  await store.write(
    meetingId,
    events.flatMap((event, index) => toOperations(event, ord + index, storage)),
  );
}

async function all(store: MeetingStore, meetingId: string): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of store.readEvents(meetingId)) events.push(event);
  return events;
}

onBothStores('a store', ({ kind, fresh, open }) => {
  test('gives back every event byte for byte, in the order of emission, interim results among them', async (t) => {
    const store = await open(t);
    assert.equal(store.kind, kind);
    const meetingId = await record(store);
    const stored = await all(store, meetingId);
    assert.deepEqual(
      stored.map(({ json }) => json),
      EVENTS.map((event) => JSON.stringify(event)),
    );
    assert.deepEqual(
      stored.map(({ ord }) => ord),
      EVENTS.map((_, ord) => ord),
    );
    assert.deepEqual(
      stored.map(({ seq }) => seq),
      [1, 2, 3, undefined, 4, 5, 6, 7],
    );
    assert.deepEqual(
      (await store.events(meetingId, { types: ['emotion.final'], participantId: 'bob' })).map(
        ({ utteranceId }) => utteranceId,
      ),
      ['u2'],
    );
    const types = ['emotion.final', 'consent.changed'] as const;
    assert.deepEqual(
      (await store.events(meetingId, { types, from: 2, limit: 2 })).map(({ ord, type }) => [ord, type]),
      [
        [4, 'emotion.final'],
        [5, 'consent.changed'],
      ],
    );
    assert.deepEqual(await store.events(meetingId, { types: [] }), []);
    assert.deepEqual(
      (await store.events(meetingId, { from: 2, to: 5 })).map(({ ord }) => ord),
      [2, 3, 4],
    );
    assert.deepEqual(
      (await store.events(meetingId, { from: 2, limit: 1 })).map(({ ord }) => ord),
      [2],
    );
  });

  test('knows its meetings: what they ran with, how far they are, and their end', async (t) => {
    const store = await open(t);
    const meetingId = await record(store);
    const { labels, model, purpose, noticeVersion, ...meeting } = (await store.meeting(meetingId))!;
    assert.deepEqual(
      { labels, model, purpose, noticeVersion },
      {
        labels: MEETING.labels,
        model: MEETING.model,
        purpose: MEETING.purpose,
        noticeVersion: MEETING.noticeVersion,
      },
    );
    assert.equal(meeting.endMs, undefined);
    assert.equal(meeting.events, EVENTS.length);
    assert.equal(meeting.lastSeq, 7);
    assert.equal(await store.lastSeq(MEETING.roomId), 7);
    assert.equal(await store.lastSeq('elsewhere'), 0);
    await store.end(meetingId, { endMs: 1_010_000, reason: 'empty' });
    const later = await store.begin({ ...MEETING, startMs: 2_000_000, roomId: 'retro' });
    assert.deepEqual(
      (await store.meetings()).map((one) => [one.meetingId, one.endReason]),
      [
        [later, undefined],
        [meetingId, 'empty'],
      ],
    );
    assert.deepEqual(
      (await store.meetings({ roomId: 'retro' })).map((one) => one.meetingId),
      [later],
    );
    assert.deepEqual(
      (await store.meetings({ before: 2_000_000 })).map((one) => one.meetingId),
      [meetingId],
    );
    assert.equal(await store.meeting('none'), undefined);
  });

  test('tells the state at any point: consent, who is there, how the analysis stands', async (t) => {
    const store = await open(t);
    const meetingId = await record(store);
    await store.write(meetingId, [
      {
        op: 'presence',
        presence: { participantId: 'ada', change: 'join', atMs: 1_000_400, ord: 1 },
        displayName: 'Ada',
        role: 'speaker',
      },
      { op: 'presence', presence: { participantId: 'ada', change: 'leave', atMs: 1_004_400, ord: 5 } },
    ]);
    assert.equal(await store.ordAt(meetingId, 1_000_500), 1);
    assert.equal(await store.ordAt(meetingId, 0), 0);
    assert.equal(await store.ordAt(meetingId, 9e9), EVENTS.length);
    const early = await store.stateAt(meetingId, 4);
    assert.deepEqual(early.present, ['ada']);
    assert.deepEqual(Object.keys(early.consent), ['ada']);
    assert.deepEqual(
      early.events.map(({ ord }) => ord),
      [0, 1],
    );
    const late = await store.stateAt(meetingId, EVENTS.length);
    assert.deepEqual(late.present, []);
    assert.deepEqual(Object.keys(late.consent), ['ada', 'bob']);
    assert.deepEqual(await store.participants(meetingId), [
      { participantId: 'ada', displayName: 'Ada', role: 'speaker' },
      { participantId: 'bob' },
    ]);
  });

  test('takes retracted results out at once, whether they were written before or in the same batch', async (t) => {
    const store = await open(t);
    const meetingId = await record(store);
    const second = { ...ADA, utteranceId: 'u3', startMs: 1_010_000, endMs: 1_011_000 };
    const seen = {
      ...ADA,
      utteranceId: 'u4',
      startMs: 1_012_000,
      endMs: 1_013_000,
      uses: { audio: false, video: true },
    };
    const more = [
      finalEvent(8, second),
      finalEvent(9, seen),
      consentEvent(10, 1_014_000, 'ada', false),
      retractedEvent(11, 1_014_001, 'ada', ['u3']),
    ].map(valid);
    await append(store, meetingId, more, EVENTS.length);
    const stored = await all(store, meetingId);
    // u1 was not named, but rests on the withdrawn sound all the same; u4 does not.
    assert.deepEqual(
      stored.flatMap(({ utteranceId }) => utteranceId ?? []),
      ['u2', 'u2', 'u4'],
    );
    assert.equal(stored.at(-1)!.type, 'emotion.retracted');
    assert.equal((await store.meeting(meetingId))!.events, stored.length);
  });

  test('keeps no word of what was said under `events`', async (t) => {
    const store = await open(t);
    const meetingId = await record(store, EVENTS, 'events');
    const stored = await all(store, meetingId);
    assert.equal(stored.length, EVENTS.length);
    for (const { json } of stored) assert.doesNotMatch(json, /good|morning|plan|transcript"/);
  });

  test('opens a page: lanes by participant, of the latest revision of each utterance', async (t) => {
    const store = await open(t);
    const revised = finalEvent(8, { ...ADA, happy: 0.25, revision: 1 });
    const meetingId = await record(store, [...EVENTS, revised]);
    const running = await store.page(meetingId);
    await store.end(meetingId, { endMs: 1_010_000, reason: 'empty' });
    const page = (await store.page(meetingId))!;
    assert.deepEqual(page.lanes, running!.lanes);
    assert.equal(page.lanes.length, 2);
    const ada = page.lanes[0]!;
    assert.deepEqual(
      [ada.participantId, ada.utterances, ada.speechMs, ada.labels],
      ['ada', 1, 3_000, ['happy', 'sad']],
    );
    assert.deepEqual(ada.p, [0.25, 0.75]);
    assert.deepEqual(ada.buckets, [{ i: 1, n: 1, speechMs: 3_000, p: [0.25, 0.75], sentiment: -0.5 }]);
    assert.deepEqual(ada.coverage, { audio: 1, video: 0, text: 1 });
    assert.equal(await store.page('none'), undefined);
  });

  test('is opened again as it was left, and by several at once', async (t) => {
    const place = await fresh();
    const stores = await Promise.all([openStore(place), openStore(place), openStore(place)]);
    const meetingId = await record(stores[0]);
    assert.equal((await all(stores[1], meetingId)).length, EVENTS.length);
    for (const store of stores) await store.close();
    const again = await open(t, place);
    assert.equal((await all(again, meetingId)).length, EVENTS.length);
    const versions = await again.database.all('SELECT module, version FROM schema_versions ORDER BY module, version');
    assert.deepEqual(
      versions.map(({ module, version }) => ({ module, version })),
      [
        { module: 'meetings', version: 1 },
        { module: 'meetings', version: 2 },
        { module: 'replay', version: 1 },
      ],
    );
    assert.deepEqual(await again.database.check(), []);
  });

  test('refuses what a newer version has written', async () => {
    const place = await fresh();
    const store = await openStore(place);
    await store.database.run(`INSERT INTO schema_versions VALUES ('meetings', 99, 'later', 0)`);
    await store.close();
    await assert.rejects(openStore(place), (error) => error instanceof DatabaseError && error.code === 'NEWER_SCHEMA');
  });

  test('writes all of a batch or nothing', async (t) => {
    const store = await open(t);
    const meetingId = await record(store);
    const again = finalEvent(9, { ...ADA, utteranceId: 'u9' });
    await assert.rejects(
      append(store, meetingId, [again, again], 100).then(() => append(store, meetingId, [again, again], 101)),
      DatabaseError,
    );
    assert.equal((await all(store, meetingId)).length, EVENTS.length + 2);
  });
});
