import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import type { ConfigInput, Server } from '../../server/index.ts';
import { enter, openServer, recordedLog, register, startServer } from './support.ts';

type Consent = { audio: boolean; video: boolean; text: boolean };
type Status = { participantId: string; displayName: string; consent: Consent; analysed: Consent };
type Event = { type: string; seq: number; participantId?: string };

const NOBODY: Consent = { audio: false, video: false, text: false };

let rooms = 0;
const newRoom = () => `emotion-${++rooms}`;

describe('emotion events', () => {
  let server: Server;
  const config: ConfigInput = { limits: { messagesPerSecond: 1_000 } };
  before(async () => {
    server = await openServer(config);
  });
  after(() => server.close());

  test('begin with what is known: nobody has consented and nobody is analysed', async (t) => {
    const ada = await enter(t, server, newRoom());
    const answer = await ada.client.request('subscribe', { roomId: ada.roomId });
    assert.equal(answer.ok, true, JSON.stringify(answer));
    assert.equal(answer['state'], 'active');
    assert.deepEqual(answer['participants'], [
      { participantId: ada.participantId, displayName: 'Ada', consent: NOBODY, analysed: NOBODY },
    ]);
    assert.equal((answer['labelSet'] as { id: string }).id, 'big6');
    assert.deepEqual(answer['missed'], []);
  });

  test('tell the room of consent, given and withdrawn', async (t) => {
    const roomId = newRoom();
    const ada = await enter(t, server, roomId, 'Ada');
    const grace = await enter(t, server, roomId, 'Grace');
    await grace.client.request('subscribe', { roomId });
    const noticeVersion = ada.notice.version;
    const given = await ada.client.request('consent.set', { audio: true, text: true, noticeVersion });
    assert.deepEqual(given['consent'], { audio: true, video: false, text: true });
    const changed = await grace.client.event('consent.changed');
    assert.equal(changed['participantId'], ada.participantId);
    assert.deepEqual(changed['consent'], { audio: true, video: false, text: true });

    // Saying no needs no notice.
    const withdrawn = await ada.client.request('consent.set', { audio: false, text: false });
    assert.deepEqual(withdrawn['consent'], NOBODY);
    const retracted = await grace.client.event('emotion.retracted');
    assert.equal(retracted['reason'], 'consent-withdrawn');
    assert.deepEqual(retracted['modalities'], ['audio', 'text']);
  });

  test('need consent to the notice that is in force', async (t) => {
    const ada = await enter(t, server, newRoom());
    for (const noticeVersion of [undefined, 'an older one']) {
      const { ok, error } = await ada.client.request('consent.set', { audio: true, noticeVersion });
      assert.equal(ok, false);
      assert.equal(error?.code, 'notice-outdated');
      assert.equal(error?.field, 'noticeVersion');
    }
    const room = server.rooms.get(ada.roomId)!;
    assert.deepEqual(room.observer.consent.get(ada.participantId), NOBODY);
  });

  test('record whose consent it was, for which notice', async (t) => {
    const ada = await enter(t, server, newRoom());
    const noticeVersion = ada.notice.version;
    await ada.client.request('consent.set', { video: true, noticeVersion });
    const [entry] = server.rooms.get(ada.roomId)!.observer.consent.audit();
    assert.equal(entry?.action, 'consent.granted');
    assert.deepEqual(entry.modalities, ['video']);
    assert.equal(entry.by, 'participant');
    assert.equal(entry.noticeVersion, noticeVersion);
  });

  test('never let anybody consent for somebody else', async (t) => {
    const roomId = newRoom();
    const ada = await enter(t, server, roomId, 'Ada');
    const grace = await enter(t, server, roomId, 'Grace');
    const { ok, error } = await ada.client.request('consent.set', {
      audio: true,
      noticeVersion: ada.notice.version,
      participantId: grace.participantId,
    });
    assert.equal(ok, false);
    assert.equal(error?.field, 'participantId');
  });

  test('that were missed come with the next subscription, after the last that is known', async (t) => {
    const ada = await enter(t, server, newRoom());
    const { roomId } = ada;
    const first = (await ada.client.request('subscribe', { roomId }))['seq'] as number;
    await ada.client.request('unsubscribe', { roomId });
    const heard = ada.client.received.length;
    await ada.client.request('consent.set', { audio: true, noticeVersion: ada.notice.version });
    await ada.client.request('consent.set', { audio: false });
    assert.equal(ada.client.received.length, heard, 'nothing is sent to who unsubscribed');
    const answer = await ada.client.request('subscribe', { roomId, since: first });
    const missed = answer['missed'] as Event[];
    assert.deepEqual(
      missed.map(({ seq }) => seq),
      missed.map((_, index) => first + 1 + index),
      'without a gap',
    );
    assert.equal(answer['seq'], missed.at(-1)!.seq);
    assert.deepEqual(missed.map(({ type }) => type).filter((type) => type === 'emotion.retracted').length, 1);
  });

  test('of one participant go to those who follow that one', async (t) => {
    const roomId = newRoom();
    const ada = await enter(t, server, roomId, 'Ada');
    const grace = await enter(t, server, roomId, 'Grace');
    const mary = await enter(t, server, roomId, 'Mary');
    const answer = await mary.client.request('subscribe', { roomId, participantId: grace.participantId });
    assert.deepEqual(
      (answer['participants'] as Status[]).map(({ displayName }) => displayName),
      ['Grace'],
    );
    for (const one of [ada, grace]) {
      await one.client.request('consent.set', { audio: true, noticeVersion: one.notice.version });
    }
    await mary.client.event('consent.changed');
    const subjects = new Set(mary.client.received.map(({ payload }) => payload['participantId']));
    assert.deepEqual([...subjects], [grace.participantId]);
    const unknown = await mary.client.request('subscribe', { roomId, participantId: 'nobody' });
    assert.equal(unknown.error?.code, 'not-found');
  });

  test('take no words without consent to text, and reject words that cannot be', async (t) => {
    const ada = await enter(t, server, newRoom());
    const segment = { segmentId: 's1', text: 'I am so glad', final: true };
    const refused = await ada.client.request('transcript.push', segment);
    assert.equal(refused.ok, false);
    assert.equal(refused.error?.code, 'no-consent');

    await ada.client.request('consent.set', { text: true, noticeVersion: ada.notice.version });
    assert.deepEqual(await ada.client.request('transcript.push', segment), { ok: true });
    for (const [change, field] of [
      [{ segmentId: '' }, 'segmentId'],
      [{ text: 'x'.repeat(2_001) }, 'text'],
      [{ final: 'yes' }, 'final'],
      [{ startMs: -1 }, 'startMs'],
      [{ startMs: 20, endMs: 10, clock: 'room' }, 'endMs'],
      [{ clock: 'sundial' }, 'clock'],
      [{ clock: 'media' }, 'producerId'],
      [{ words: [{ text: 'I', startMs: 1 }] }, 'words.0.endMs'],
      [{ participantId: 'another' }, 'participantId'],
    ] as const) {
      const { ok, error } = await ada.client.request('transcript.push', { ...segment, ...change });
      assert.equal(ok, false, field);
      assert.equal(error?.code, 'invalid');
      assert.equal(error?.field, field);
    }
  });

  test('ask the room’s own question as soon as it is put', async (t) => {
    const ada = await enter(t, server, newRoom());
    const labels = ['engaged', 'confused', 'bored'];
    const answer = await ada.client.request('labels.set', { labels });
    assert.equal(answer.ok, true, JSON.stringify(answer));
    assert.deepEqual(answer['labels'], labels);
    assert.match(answer['hash'] as string, /^[0-9a-f]{16}$/);
    const { labelSet } = await ada.client.request('subscribe', { roomId: ada.roomId });
    assert.deepEqual((labelSet as { labels: string[] }).labels, labels);

    for (const wrong of [[], ['one'], 7, 'no-such-set', ['a', '']]) {
      const { ok, error } = await ada.client.request('labels.set', { labels: wrong });
      assert.equal(ok, false, JSON.stringify(wrong));
      assert.equal(error?.code, 'invalid', JSON.stringify(error));
      assert.match(error?.field ?? '', /^labels/);
    }
  });

  test('ask the question of a shipped set by its names alone', async (t) => {
    const ada = await enter(t, server, newRoom());
    const answer = await ada.client.request('labels.set', { labels: ['Calm', 'sad', 'happy'], kind: 'multi' });
    assert.deepEqual([answer['id'], answer['labels']], ['tags', ['happy', 'sad', 'calm']]);
    const single = await ada.client.request('labels.set', { labels: ['calm', 'sad', 'happy'] });
    assert.match(single['id'] as string, /^custom-/, 'of another kind');
  });

  test('tell of the analyzer’s fall and return', async (t) => {
    const own = await startServer(t);
    const ada = await enter(t, own, 'resilient');
    await ada.client.request('subscribe', { roomId: 'resilient' });
    const states: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    ada.client.socket.on('analysis.state', ({ state }: { state: string }) => {
      states.push(state);
      if (state === 'active') resolve();
    });
    const killedAtMs = performance.now();
    process.kill(own.undertone.stats().pid!, 'SIGKILL');
    await promise;
    assert.deepEqual(states, ['degraded', 'active']);
    assert.ok(performance.now() - killedAtMs < 5_000, `${performance.now() - killedAtMs} ms`);
    assert.ok(ada.call.socket.connected, 'the call went on');
  });

  test('use the labels of the room’s configuration', async (t) => {
    const own = await startServer(t, { rooms: { lecture: { labels: ['engaged', 'confused', 'bored'] } } });
    assert.deepEqual((await register(own, 'lecture')).labels.labels, ['engaged', 'confused', 'bored']);
    assert.equal((await register(own, 'other')).labels.id, 'big6');
  });

  test('forget the consent of who leaves', async (t) => {
    const ada = await enter(t, server, newRoom());
    await ada.client.request('consent.set', { audio: true, noticeVersion: ada.notice.version });
    const room = server.rooms.get(ada.roomId)!;
    const left = once(room, 'leave');
    ada.call.close();
    await left;
    assert.deepEqual(room.observer.consent.get(ada.participantId), NOBODY);
  });

  test('put subscriptions and consent on record without names or words', async (t) => {
    const { lines, log } = recordedLog();
    const own = await startServer(t, {}, { log });
    const ada = await enter(t, own, 'recorded', 'Hypatia');
    await ada.client.request('subscribe', { roomId: 'recorded' });
    await ada.client.request('consent.set', { text: true, noticeVersion: ada.notice.version });
    await ada.client.request('transcript.push', { segmentId: 's', text: 'unspeakable', final: true });
    await ada.client.request('transcript.push', { segmentId: 's', text: 7, final: true });
    const text = lines.join('');
    assert.match(text, /"subject":"all","msg":"subscribed"/);
    for (const personal of ['Hypatia', 'unspeakable', ada.token]) assert.ok(!text.includes(personal), personal);
  });
});

describe('emotion events that only their participant may see', () => {
  let server: Server;
  before(async () => {
    server = await openServer({ visibility: 'self' });
  });
  after(() => server.close());

  test('reach nobody else, not even as missed ones', async (t) => {
    const roomId = newRoom();
    const ada = await enter(t, server, roomId, 'Ada');
    const grace = await enter(t, server, roomId, 'Grace');
    const answer = await grace.client.request('subscribe', { roomId });
    assert.deepEqual(
      (answer['participants'] as Status[]).map(({ displayName }) => displayName),
      ['Grace'],
    );

    await ada.client.request('consent.set', { audio: true, noticeVersion: ada.notice.version });
    await grace.client.request('consent.set', { video: true, noticeVersion: grace.notice.version });
    await grace.client.event('consent.changed');
    const again = await grace.client.request('subscribe', { roomId, since: 0 });
    const events = [...grace.client.received.map(({ payload }) => payload as Event), ...(again['missed'] as Event[])];
    assert.ok(
      events.some(({ type }) => type === 'analysis.state'),
      'what concerns the room is told',
    );
    const subjects = new Set(events.flatMap(({ participantId }) => participantId ?? []));
    assert.deepEqual([...subjects], [grace.participantId]);
  });

  test('cannot be subscribed to, and the labels are not theirs to choose', async (t) => {
    const roomId = newRoom();
    const ada = await enter(t, server, roomId, 'Ada');
    const grace = await enter(t, server, roomId, 'Grace');
    const other = await grace.client.request('subscribe', { roomId, participantId: ada.participantId });
    assert.equal(other.error?.code, 'forbidden');
    assert.equal((await grace.client.request('labels.set', { labels: 'sentiment' })).error?.code, 'forbidden');
  });
});
