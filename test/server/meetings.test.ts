import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { UndertoneEvent } from '../../plugin/index.ts';
import { ConfigError, type ConfigInput } from '../../server/index.ts';
import { openStore, type Meeting, type MeetingStore } from '../../server/store/index.ts';
import { startPostgres, withoutPostgres, type PostgresServer } from '../support/postgres.ts';
import { connect, get, openServer, post, register, startServer, TEST_CONFIG } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'undertone-meetings-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(folder, `${++files}`, 'meetings.db');

async function storeOf(t: Pick<TestContext, 'after'>, place: { file: string; postgresUrl?: string }) {
  const store = await openStore(place);
  t.after(() => store.close());
  return store;
}

async function jsonOf(store: MeetingStore, { meetingId }: Meeting): Promise<string[]> {
  const lines: string[] = [];
  for await (const { json } of store.readEvents(meetingId)) lines.push(json);
  return lines;
}

/** A call of two who say yes; one takes it back. What the other saw. */
async function holdCall(t: TestContext, storage: ConfigInput) {
  const server = await openServer(storage);
  const ada = await register(server, 'standup', 'Ada Xylander');
  const bob = await register(server, 'standup', 'Bob');
  const watching = await connect(t, server, '/emotion', bob.token);
  await watching.request('subscribe', { roomId: 'standup', since: 0 });
  const call = await connect(t, server, '/call', ada.token);
  await call.request('join', {});
  const own = await connect(t, server, '/emotion', ada.token);
  await own.request('consent.set', { audio: true, noticeVersion: ada.notice.version });
  await watching.request('consent.set', { audio: true, text: true, noticeVersion: bob.notice.version });
  await own.request('consent.set', { audio: false, noticeVersion: ada.notice.version });
  await watching.event('emotion.retracted');
  const probe = { ready: await get(server, '/readyz'), metrics: await (await fetch(`${server.url}/metrics`)).text() };
  await server.close();
  return { ada, bob, probe, seen: watching.received.map(({ payload }) => payload as UndertoneEvent) };
}

describe('a server that keeps meetings', () => {
  let postgres: PostgresServer | undefined;
  before(async () => {
    if (withoutPostgres() === false) postgres = await startPostgres();
  });
  after(() => postgres?.close());

  for (const kind of ['sqlite', 'postgres'] as const) {
    test(
      `in ${kind}: records a call as it was seen, who was in it, and closes it in good order`,
      { skip: kind === 'postgres' && withoutPostgres() },
      async (t) => {
        const place = kind === 'sqlite' ? { file: newFile() } : { file: '', postgresUrl: await postgres!.database() };
        const store = kind === 'sqlite' ? { file: place.file } : { postgresUrl: place.postgresUrl! };
        const { ada, probe, seen } = await holdCall(t, { storage: 'events', store });
        const ready = probe.ready.body as { ready: boolean; store: { kind: string; ok: boolean } };
        assert.deepEqual([ready.ready, ready.store.kind, ready.store.ok], [true, kind, true]);
        assert.match(probe.metrics, /^undertone_store_up 1$/m);
        assert.match(probe.metrics, /^undertone_store_lost_total 0$/m);

        const kept = await storeOf(t, place);
        const [meeting, ...none] = await kept.meetings();
        assert.equal(none.length, 0);
        assert.equal(meeting!.endReason, 'shutdown');
        assert.deepEqual(
          [meeting!.roomId, meeting!.source, meeting!.storage, meeting!.visibility],
          ['standup', 'call', 'events', 'room'],
        );
        assert.equal(meeting!.noticeVersion, ada.notice.version);
        assert.ok(meeting!.model?.id);
        const lines = await jsonOf(kept, meeting!);
        // The state of the analysis was told before anybody could see it, and its end after everybody was gone.
        const from = lines.findIndex((line) => line === JSON.stringify(seen[0]));
        assert.deepEqual(
          lines.slice(from, from + seen.length),
          seen.map((event) => JSON.stringify(event)),
        );
        assert.ok(seen.length >= 4);
        const people = await kept.participants(meeting!.meetingId);
        assert.deepEqual(
          people.find(({ participantId }) => participantId === ada.participantId),
          {
            participantId: ada.participantId,
            displayName: 'Ada Xylander',
            role: 'speaker',
          },
        );
        const presence = await kept.presence(meeting!.meetingId);
        assert.deepEqual(
          presence.map(({ participantId, change }) => [participantId, change]),
          [[ada.participantId, 'join']],
        );
      },
    );
  }

  test('keeps nothing unless it is told to, and the notice says what is kept', async (t) => {
    const file = newFile();
    const off = await startServer(t, { store: { file } });
    const before = (await register(off, 'standup')).notice;
    assert.equal(off.meetings, undefined);
    assert.throws(() => readdirSync(join(file, '..')), { code: 'ENOENT' });
    assert.doesNotMatch(before.text.join(' '), /kept for/);
    assert.equal('store' in ((await get(off, '/readyz')).body as object), false);
    const on = await startServer(t, { storage: 'events', store: { file, retentionDays: 7 } });
    const { notice } = await register(on, 'standup');
    assert.notEqual(notice.version, before.version);
    assert.match(notice.text.join(' '), /Your results, without your words, are kept for up to 7 days/);
  });

  test('asks before it keeps anything about a participant, where somebody wants to be asked', async (t) => {
    const file = newFile();
    const server = await openServer({ storage: 'events', store: { file } });
    const ada = await register(server, 'standup', 'Ada Xylander');
    const bob = await register(server, 'standup', 'Bob');
    server.meetings!.askBeforeStoring(
      (roomId, participantId) => roomId === 'standup' && participantId !== ada.participantId,
    );
    for (const { token, notice } of [ada, bob]) {
      const emotion = await connect(t, server, '/emotion', token);
      await emotion.request('consent.set', { audio: true, noticeVersion: notice.version });
    }
    await server.close();
    const store = await storeOf(t, { file });
    const [meeting] = await store.meetings();
    assert.deepEqual(
      (await store.participants(meeting!.meetingId)).map(({ participantId }) => participantId),
      [bob.participantId],
    );
    assert.ok(!readFileSync(file).includes(ada.participantId));
  });

  test('numbers go on above what is kept, even where the clock was set back', async (t) => {
    const file = newFile();
    const store = await openStore({ file });
    const future = Date.now() + 86_400_000;
    const meetingId = await store.begin({
      roomId: 'standup',
      source: 'call',
      startMs: Date.now() - 1_000,
      storage: 'events',
      labels: { labels: ['a', 'b'] },
      contract: '1.0',
      software: '0.1.0',
    });
    const event = { ord: 0, seq: future, type: 'analysis.state' as const, atMs: Date.now(), json: '{}' };
    await store.write(meetingId, [{ op: 'event', event, uses: 0 }]);
    await store.close();
    const server = await startServer(t, { storage: 'events', store: { file } });
    await register(server, 'standup');
    assert.ok(server.rooms.get('standup')!.observer.seq > future);
  });

  test('does not start with a store that cannot be used, and says which setting it is', async () => {
    const notADatabase = { storage: 'events', store: { file: new URL(import.meta.url).pathname } } as const;
    await assert.rejects(
      openServer(notADatabase),
      (error) => error instanceof ConfigError && /store\.file.*cannot be used/.test(error.message),
    );
    const secret = 'postgres://ada:hunter2@127.0.0.1:1/none';
    await assert.rejects(
      openServer({ storage: 'events', store: { postgresUrl: secret } }),
      (error) =>
        error instanceof ConfigError && /store\.postgresUrl/.test(error.message) && !error.message.includes('hunter2'),
    );
    const words = {
      storage: 'events+transcript',
      analysis: { ...TEST_CONFIG.analysis, includeTranscript: false },
    } as const;
    await assert.rejects(openServer(words), /storage.*includeTranscript is false/);
  });

  test(
    'records the sample call: every event of the live stream, in its order, byte for byte',
    { timeout: 240_000 },
    async (t) => {
      const file = newFile();
      const server = await openServer({ analysis: { provider: 'cpu' }, storage: 'events+transcript', store: { file } });
      let closed = false;
      t.after(() => (closed ? undefined : server.close()));
      const { status, body } = await post(server, '/v1/sample');
      assert.equal(status, 201);
      const { roomId, token, durationMs, speakers } = body as {
        roomId: string;
        token: string;
        durationMs: number;
        speakers: { participantId: string; displayName: string }[];
      };
      const call = await connect(t, server, '/call', token);
      await call.request('join', {});
      const emotion = await connect(t, server, '/emotion', token);
      const { missed } = await emotion.request('subscribe', { roomId, since: 0 });
      await call.event('call.ended', durationMs + 30_000);
      await server.close();
      closed = true;
      const live = [
        ...(missed as UndertoneEvent[]),
        ...emotion.received.map(({ payload }) => payload as UndertoneEvent).filter(({ v }) => v === 1),
      ].map((event) => JSON.stringify(event));
      const store = await storeOf(t, { file });
      const [meeting] = await store.meetings();
      assert.deepEqual([meeting!.source, meeting!.endReason, meeting!.lost], ['sample', 'ended', 0]);
      const kept = await jsonOf(store, meeting!);
      const at = kept.indexOf(live[0]!);
      assert.deepEqual(kept.slice(at, at + live.length), live);
      assert.ok(kept.length - live.length <= 2, 'all but what nobody could see live');
      assert.ok(live.some((line) => line.includes('"emotion.interim"')) || live.length > 20);
      assert.ok(live.some((line) => line.includes('"transcript":{"text"')));
      const page = (await store.page(meeting!.meetingId))!;
      assert.deepEqual(
        page.lanes.map(({ displayName }) => displayName).sort(),
        speakers.map(({ displayName }) => displayName).sort(),
      );
    },
  );
});
