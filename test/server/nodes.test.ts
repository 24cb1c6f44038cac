import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import { io, type Socket } from 'socket.io-client';
import type { DurableEvent, EmotionFinal, EmotionRetracted, UndertoneEvent } from '../../plugin/index.ts';
import type { Server } from '../../server/index.ts';
import { RedisServer, WITHOUT_REDIS } from '../support/redis-server.ts';
import { TcpBalancer } from '../support/tcp-balancer.ts';
import { goldenAs } from '../events/golden.ts';
import { SECRET, tokenFor } from './host-tokens.ts';
import {
  connect,
  get,
  openServer,
  post,
  refusal,
  register,
  tinyUndertone,
  type Client,
  type Registered,
} from './support.ts';

const heard = (socket: Socket, event: string) => new Promise((resolve) => void socket.once(event, resolve));

describe('two servers with one Redis', { skip: WITHOUT_REDIS }, () => {
  let redis: RedisServer;
  let a: Server;
  let b: Server;
  const config = (nodeUrl?: string) => ({
    tokenSecret: SECRET,
    redis: { url: redis.url, leaseMs: 2_000, ...(nodeUrl && { nodeUrl }) },
  });
  before(async () => {
    redis = await RedisServer.start();
    // One analyzer does for both: it knows nothing of servers.
    const undertone = await tinyUndertone();
    a = await openServer(config('https://a.example.org'), { undertone });
    b = await openServer(config(), { undertone });
  });
  after(async () => {
    await Promise.all([a?.close(), b?.close()]);
    await redis?.close();
  });

  /** Sends events as the room's observer does, numbered on. */
  function send(server: Server, { roomId, participantId }: Registered, ...utteranceIds: string[]): DurableEvent[] {
    const { observer } = server.rooms.get(roomId)!;
    return utteranceIds.map((utteranceId) => {
      const seq = (sent.get(roomId) ?? observer.seq) + 1;
      sent.set(roomId, seq);
      const event: EmotionFinal = {
        ...goldenAs<EmotionFinal>('emotion.final'),
        roomId,
        participantId,
        eventId: crypto.randomUUID(),
        utteranceId,
        seq,
      };
      observer.emit('event', event);
      return event;
    });
  }
  const sent = new Map<string, number>();

  /** Takes results back as the room's observer does. */
  function retract(server: Server, { roomId, participantId }: Registered, ...utteranceIds: string[]): void {
    const seq = sent.get(roomId)! + 1;
    sent.set(roomId, seq);
    const event: EmotionRetracted = {
      ...goldenAs<EmotionRetracted>('emotion.retracted'),
      roomId,
      participantId,
      eventId: crypto.randomUUID(),
      utteranceIds,
      seq,
    };
    server.rooms.get(roomId)!.observer.emit('event', event);
  }

  const finals = (client: Client) =>
    client.received.filter(({ name }) => name === 'emotion.final').map(({ payload }) => payload['utteranceId']);

  async function until(client: Client, holds: () => boolean): Promise<void> {
    while (!holds()) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = setTimeout(
        () =>
          reject(
            new Error(
              `not within 10 s; there were ${JSON.stringify(client.received.map(({ payload }) => payload['seq']))}`,
            ),
          ),
        10_000,
      );
      client.socket.onAny(resolve);
      await promise.finally(() => {
        clearTimeout(timer);
        client.socket.offAny(resolve);
      });
    }
  }

  async function subscribed(t: TestContext, server: Server, { roomId, token }: Registered, more: object = {}) {
    const client = await connect(t, server, '/emotion', token);
    const reply = await client.request('subscribe', { roomId, ...more });
    assert.equal(reply.ok, true, JSON.stringify(reply));
    return { client, reply };
  }

  test('a client at one follows a room of the other, in order and each event once', async (t) => {
    const ada = await register(a, 'follow');
    const before = send(a, ada, 'before');
    const { client, reply } = await subscribed(t, b, ada);
    assert.equal((reply['participants'] as unknown[]).length, 0);
    assert.ok(before.length === 1);
    const names = Array.from({ length: 200 }, (_, index) => `u${index}`);
    send(a, ada, ...names);
    await until(client, () => finals(client).length >= 200);
    assert.deepEqual(finals(client), names);
  });

  test('registration works at either; the answer says where the call is, and joining it elsewhere is refused with that', async (t) => {
    const ada = await register(a, 'where');
    const grace = await register(b, 'where', 'Grace');
    assert.equal((grace as { url?: string }).url, 'https://a.example.org');
    assert.equal((ada as { url?: string }).url, undefined);
    assert.ok(a.rooms.get('where')!.participant(grace.participantId));
    assert.equal(b.rooms.get('where'), undefined);
    const told = (await refusal(b, '/call', grace.token)) as { code: string; message: string; url?: string };
    assert.equal(told.code, 'elsewhere');
    assert.equal(told.url, 'https://a.example.org');
    const call = await connect(t, a, '/call', grace.token);
    assert.equal((await call.request('join', {})).ok, true);
    const { body } = await get(b, '/v1/rooms/where');
    assert.equal((body as { participants: unknown[] }).participants.length, 1);
  });

  test('consent, words and labels reach the room from the other server', async (t) => {
    const ada = await register(a, 'asks');
    const call = await connect(t, a, '/call', ada.token);
    await call.request('join', {});
    const { client } = await subscribed(t, b, ada);
    const consent = await client.request('consent.set', { text: true, noticeVersion: ada.notice.version });
    assert.deepEqual(consent['consent'], { audio: false, video: false, text: true });
    assert.equal(a.rooms.get('asks')!.observer.consent.get(ada.participantId).text, true);
    assert.equal((await client.event('consent.changed'))['participantId'], ada.participantId);
    const pushed = await client.request('transcript.push', { segmentId: 's', text: 'hello', final: true });
    assert.equal(pushed.ok, true);
    const labels = await client.request('labels.set', { labels: ['fine', 'not fine'] });
    assert.equal(labels.ok, true, JSON.stringify(labels));
    const wrong = await client.request('consent.set', { audio: true, noticeVersion: 'old' });
    assert.equal(wrong.error?.code, 'notice-outdated');
    assert.equal((await client.request('subscribe', { roomId: 7 })).error?.field, 'roomId');
    assert.equal((await client.request('trace.read', {})).ok, true);
  });

  test('the means and the results of single others are kept apart, at whichever server each is asked for', async (t) => {
    const ada = await register(a, 'apart');
    const token = await tokenFor('watcher', 'apart', ['room:aggregate', `participant:${ada.participantId}`]);
    const here = await connect(t, a, '/emotion', token);
    const there = await connect(t, b, '/emotion', token);
    assert.equal((await here.request('subscribe', { roomId: 'apart', aggregate: true })).ok, true);
    const refused = await there.request('subscribe', { roomId: 'apart', participantId: ada.participantId });
    assert.equal(refused.error?.code, 'forbidden');
  });

  test('a revocation at one ends connections at the other, and no server lets the token in again', async (t) => {
    const ada = await register(a, 'revoked');
    const there = await connect(t, b, '/emotion', ada.token);
    const admin = await tokenFor('backend', 'revoked', ['admin']);
    const response = await fetch(`${a.url}/v1/rooms/revoked/revocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
      body: JSON.stringify({ participantId: ada.participantId }),
    });
    assert.deepEqual(await response.json(), { ended: 1 });
    assert.equal((await there.event('session.ended'))['code'], 'token-revoked');
    assert.equal((await refusal(b, '/emotion', ada.token)).code, 'token-revoked');
    const third = await openServer(config());
    t.after(() => third.close());
    assert.equal((await refusal(third, '/emotion', ada.token)).code, 'token-revoked');
  });

  test('what is taken back leaves Redis with its bytes', async (t) => {
    const ada = await register(a, 'purged');
    const { client } = await subscribed(t, b, ada);
    send(a, ada, 'kept-utterance', 'secret-utterance');
    await until(client, () => finals(client).length === 2);
    assert.ok((await redis.everything()).includes('secret-utterance'));
    retract(a, ada, 'secret-utterance');
    await client.event('emotion.retracted');
    send(a, ada, 'later');
    await until(client, () => finals(client).length === 3);
    const left = await redis.everything();
    assert.ok(left.includes('kept-utterance') && left.includes('later'));
    const named = left.match(/secret-utterance/g)?.length;
    assert.equal(named, 1, 'only that it was taken back is left');
  });

  test('who comes back to the other server gets what they missed, without what was taken back meanwhile', async (t) => {
    const ada = await register(a, 'moves');
    // What nobody at a server follows, it does not keep.
    const { client: other } = await subscribed(t, b, ada);
    const balancer = await TcpBalancer.listen([Number(new URL(a.url).port)]);
    t.after(() => balancer.close());
    const socket = io(`${balancer.url}/emotion`, {
      auth: { token: ada.token },
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 200,
    });
    t.after(() => socket.disconnect());
    const got: UndertoneEvent[] = [];
    socket.onAny((_name: string, event: UndertoneEvent) => got.push(event));
    await heard(socket, 'connect');
    await socket.emitWithAck('subscribe', { roomId: 'moves' });
    const first = heard(socket, 'emotion.final');
    send(a, ada, 'before');
    await first;
    balancer.use(Number(new URL(b.url).port));
    const away = heard(socket, 'disconnect');
    const back = heard(socket, 'connect');
    balancer.cut();
    await away;
    send(a, ada, 'secret', 'kept');
    retract(a, ada, 'secret');
    await other.event('emotion.retracted');
    await back;
    assert.equal(socket.recovered, true);
    // Answers come in order: whatever was missed has arrived before this one.
    await socket.emitWithAck('unsubscribe', { roomId: 'moves' });
    const missed = got.slice(1).map((event) => ('utteranceId' in event ? event.utteranceId : event.type));
    assert.deepEqual(missed, ['kept', 'emotion.retracted']);
  });

  test('who asks at one to be erased is erased at the other and in Redis', async (t) => {
    const ada = await register(a, 'erased');
    const { client } = await subscribed(t, b, ada);
    send(a, ada, 'one', 'two');
    await until(client, () => finals(client).length === 2);
    assert.ok((await redis.everything()).includes(`"participantId":"${ada.participantId}"`));
    const headers = { authorization: `Bearer ${ada.token}` };
    const exported = await fetch(`${b.url}/v1/participants/${ada.participantId}/export`, { headers });
    assert.match(await exported.text(), /"other servers":\[\{"live calls"/);
    const response = await fetch(`${b.url}/v1/participants/${ada.participantId}`, { method: 'DELETE', headers });
    const receipt = (await response.json()) as { erased: { where: string; counts: Record<string, number> }[] };
    const counts = Object.fromEntries(receipt.erased.map(({ where, counts }) => [where, counts]));
    assert.equal(counts['redis']?.['streamEntries'], 2);
    assert.equal(counts['recovery buffers']?.['packets'], 2);
    const left = (await redis.everything()).split('"participantId"').filter((text) => text.includes(ada.participantId));
    assert.deepEqual(
      left.filter((text) => !text.includes('emotion.retracted')),
      [],
    );
  });

  test('events that could not be sent are fetched when Redis is back, without a restart', async (t) => {
    const ada = await register(a, 'outage');
    const { client: there } = await subscribed(t, b, ada);
    const { client: here } = await subscribed(t, a, ada);
    const events: UndertoneEvent[] = [];
    a.rooms.get('outage')!.observer.on('event', (event) => events.push(event));
    const { consent: registry } = a.rooms.get('outage')!.observer;
    const by = { by: 'participant', noticeVersion: ada.notice.version } as const;
    const consent = (value: boolean) => registry.set(ada.participantId, { text: value }, by);
    consent(true);
    await there.event('consent.changed');
    await redis.stop();
    for (let round = 0; round < 5; round++) consent(round % 2 === 1);
    await until(here, () => here.received.length >= events.length);
    const ready = (await get(a, '/readyz')) as { status: number; body: { degraded: string[] } };
    assert.deepEqual([ready.status, ready.body.degraded], [200, ['redis']]);
    assert.match(await (await fetch(`${a.url}/metrics`)).text(), /undertone_redis_up 0/);
    assert.equal((await post(b, '/v1/rooms/new-room/participants', { displayName: 'Ada' })).status, 503);
    assert.equal((await there.request('consent.set', { text: false })).error?.code, 'unavailable');
    await redis.start();
    await until(there, () => there.received.length >= events.length);
    const seqs = (client: Client) => client.received.map(({ payload }) => payload['seq']);
    assert.deepEqual(seqs(there), seqs(here));
    assert.equal((await post(b, '/v1/rooms/new-room/participants', { displayName: 'Ada' })).status, 201);
  });
});
