import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Socket as TcpSocket } from 'node:net';
import type { EmotionAggregate, EmotionFinal, UndertoneEvent } from '../../plugin/index.ts';
import type { Server } from '../../server/index.ts';
import { connect, openServer, register, TEST_CONFIG, type Client } from './support.ts';

const GOLDEN = new URL('../../plugin/events/contract/v1/golden/', import.meta.url);
const golden = <E>(name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, GOLDEN), 'utf8')) as E;
const final = golden<EmotionFinal>('emotion.final');

describe('a client that does not read', () => {
  test('has its interim results dropped first, is then cut off with a code, and can have the rest', async (t) => {
    const server = await openServer();
    t.after(() => server.close());
    const ada = await register(server, 'slow');
    const client = await connect(t, server, '/emotion', ada.token);
    client.socket.io.reconnection(true);
    client.socket.io.reconnectionDelay(50);
    await client.request('subscribe', { roomId: 'slow' });
    const { observer } = server.rooms.get('slow')!;
    const send = (event: UndertoneEvent) =>
      observer.emit('event', { ...event, roomId: 'slow', participantId: ada.participantId } as UndertoneEvent);
    send({ ...final, seq: 1 });
    await client.event('emotion.final');

    lineOf(client).pause();
    const text = 'x'.repeat(4_000);
    let seq = 1;
    // First what the kernel takes, until the line is full.
    const closed = new Promise((resolve) => client.socket.once('disconnect', resolve));
    for (let round = 0; round < 4_000; round += 1) {
      seq += 1;
      send({ ...final, seq, transcript: { text } });
      const { seq: _, type: __, revision, ...result } = final;
      send({ ...result, type: 'emotion.interim', revision, utteranceId: `interim-${seq}` });
      if (round % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const back = new Promise<void>((resolve) => client.socket.once('connect', resolve));
    lineOf(client).resume();
    await closed;
    const ended = client.received.find(({ name }) => name === 'session.ended');
    assert.deepEqual([ended?.payload['code'], ended?.payload['retryable']], ['slow-consumer', true]);
    const interims = client.received.filter(({ name }) => name === 'emotion.interim').length;
    const finals = client.received.filter(({ name }) => name === 'emotion.final').length;
    assert.ok(finals > 1 && interims < finals / 2, `${interims} interims, ${finals} finals before the end`);

    await back;
    assert.equal(client.socket.recovered, true);
    await client.request('unsubscribe', { roomId: 'slow' });
    const seqs = client.received.flatMap(({ name, payload }) => (name === 'emotion.final' ? [payload['seq']] : []));
    assert.deepEqual(
      seqs,
      Array.from({ length: seq }, (_, index) => index + 1),
      'every final, once, in order',
    );
  });
});

/** The TCP connection under a client. */
function lineOf(client: Client): TcpSocket {
  const { transport } = client.socket.io.engine as unknown as { transport: { ws: { _socket: TcpSocket } } };
  return transport.ws._socket;
}

describe('means over the room', () => {
  let server: Server;
  before(async () => {
    server = await openServer({ visibility: 'aggregate' });
  });
  after(() => server.close());

  test('reach those who ask for them, and results of others nobody', async (t) => {
    const roomId = 'means';
    const ada = await register(server, roomId, 'Ada');
    const grace = await register(server, roomId, 'Grace');
    const client = await connect(t, server, '/emotion', ada.token);
    const own = await client.request('subscribe', { roomId });
    assert.equal(own.ok, true);
    const means = await client.request('subscribe', { roomId, aggregate: true });
    assert.deepEqual([means.ok, means['participants']], [true, []]);
    const other = await client.request('subscribe', { roomId, participantId: grace.participantId });
    assert.equal(other.error?.code, 'forbidden');

    const { observer } = server.rooms.get(roomId)!;
    observer.emit('event', { ...final, roomId, seq: 1, participantId: grace.participantId });
    observer.emit('event', { ...golden<EmotionAggregate>('emotion.aggregate'), roomId, seq: 2 });
    await client.event('emotion.aggregate');
    await client.request('unsubscribe', { roomId, aggregate: true });
    observer.emit('event', { ...golden<EmotionAggregate>('emotion.aggregate'), roomId, seq: 3 });
    await client.request('unsubscribe', { roomId });
    assert.deepEqual(
      client.received.map(({ name }) => name),
      ['emotion.aggregate'],
    );
  });

  test('are not asked of one participant', async (t) => {
    const ada = await register(server, 'both');
    const client = await connect(t, server, '/emotion', ada.token);
    const { participantId } = ada;
    const { error } = await client.request('subscribe', { roomId: 'both', participantId, aggregate: true });
    assert.deepEqual([error?.code, error?.field], ['invalid', 'aggregate']);
  });
});

describe('numbers of events', () => {
  test('go on when a room is opened again, and what is lost is told', async (t) => {
    let server = await openServer({}, { emptyGraceMs: 60_000 });
    const enter = async () => {
      const ada = await register(server, 'again');
      const client = await connect(t, server, '/emotion', ada.token);
      return { ada, client };
    };
    const first = await enter();
    const before = await first.client.request('subscribe', { roomId: 'again', since: 0 });
    assert.equal(before['truncated'], false);
    await first.client.request('consent.set', { audio: true, noticeVersion: first.ada.notice.version });
    const last = (await first.client.event('consent.changed'))['seq'] as number;
    await server.close();

    server = await openServer();
    t.after(() => server.close());
    const second = await enter();
    const answer = await second.client.request('subscribe', { roomId: 'again', since: last });
    assert.equal(answer['truncated'], true, 'nobody knows what was on its way when the server went down');
    const missed = answer['missed'] as { seq: number }[];
    assert.ok(missed.length > 0 && missed.every(({ seq }) => seq > last));
    const upToDate = await second.client.request('subscribe', { roomId: 'again', since: answer['seq'] });
    assert.deepEqual([upToDate['truncated'], upToDate['missed']], [false, []]);
  });

  test('a long absence is fetched in pieces', async (t) => {
    const server = await openServer({ analysis: { ...TEST_CONFIG.analysis, historySize: 5_000 } });
    t.after(() => server.close());
    const ada = await register(server, 'pieces');
    const client = await connect(t, server, '/emotion', ada.token);
    const { observer } = server.rooms.get('pieces')!;
    for (let i = 0; i < 1_200; i += 1)
      observer.consent.set(ada.participantId, { audio: i % 2 === 0 }, { noticeVersion: observer.consent.notice });
    const seqs: number[] = [];
    let since = 0;
    for (let more = true, asked = 0; more; asked += 1) {
      const answer = await client.request('subscribe', { roomId: 'pieces', since });
      const missed = answer['missed'] as { seq: number }[];
      assert.ok(missed.length <= 1_000 && asked < 5);
      seqs.push(...missed.map(({ seq }) => seq));
      since = seqs.at(-1)!;
      more = answer['more'] as boolean;
    }
    assert.ok(seqs.length > 1_200);
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => seqs[0]! + index),
    );
  });
});
