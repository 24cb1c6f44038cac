import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { types as mediasoup } from 'mediasoup';
import type { Server } from '../../server/index.ts';
import {
  connect,
  get,
  microphone,
  openServer,
  register,
  simulcastCamera,
  startServer,
  type Client,
} from './support.ts';

let rooms = 0;
const newRoom = () => `call-${++rooms}`;

/** Registers, connects and joins. */
async function enter(t: TestContext, server: Server, roomId: string, displayName = 'Ada') {
  const registered = await register(server, roomId, displayName);
  const client = await connect(t, server, '/call', registered.token);
  const joined = await client.request('join', {});
  assert.equal(joined.ok, true, JSON.stringify(joined));
  return { ...registered, client, joined };
}

async function transport(client: Client, direction: 'send' | 'recv'): Promise<string> {
  const created = await client.request('transport.create', { direction });
  assert.equal(created.ok, true, JSON.stringify(created));
  return created['id'] as string;
}

async function produce(client: Client, transportId: string, ssrc = 1_111): Promise<string> {
  const produced = await client.request('produce', {
    transportId,
    kind: 'audio',
    rtpParameters: microphone(ssrc),
    source: 'microphone',
  });
  assert.equal(produced.ok, true, JSON.stringify(produced));
  return produced['producerId'] as string;
}

describe('signalling', () => {
  let server: Server;
  before(async () => {
    server = await openServer({ limits: { participantsPerRoom: 3, messagesPerSecond: 1_000 } });
  });
  after(() => server.close());

  test('lets two participants hear each other', async (t) => {
    const roomId = newRoom();
    const ada = await enter(t, server, roomId, 'Ada');
    const codecs = (ada.joined['routerRtpCapabilities'] as mediasoup.RtpCapabilities).codecs ?? [];
    for (const mimeType of ['audio/opus', 'video/VP8', 'video/VP9', 'video/H264', 'video/AV1']) {
      assert.ok(
        codecs.some((codec) => codec.mimeType === mimeType),
        mimeType,
      );
    }
    const send = await transport(ada.client, 'send');
    const producerId = await produce(ada.client, send);

    const grace = await enter(t, server, roomId, 'Grace');
    assert.deepEqual(grace.joined['participants'], [
      {
        participantId: ada.participantId,
        displayName: 'Ada',
        sample: false,
        producers: [{ producerId, kind: 'audio' }],
      },
    ]);
    assert.deepEqual(await ada.client.event('participant.joined'), {
      participantId: grace.participantId,
      displayName: 'Grace',
      sample: false,
    });

    await transport(grace.client, 'recv');
    const consumed = await grace.client.request('consume', {
      producerId,
      rtpCapabilities: grace.joined['routerRtpCapabilities'],
    });
    assert.equal(consumed.ok, true, JSON.stringify(consumed));
    assert.equal(consumed['kind'], 'audio');
    assert.deepEqual(await grace.client.request('consumer.resume', { consumerId: consumed['consumerId'] }), {
      ok: true,
    });

    assert.deepEqual(await ada.client.request('producer.pause', { producerId }), { ok: true });
    const about = { participantId: ada.participantId, producerId };
    assert.deepEqual(await grace.client.event('producer.paused'), about);
    assert.deepEqual(await ada.client.request('producer.resume', { producerId }), { ok: true });
    assert.deepEqual(await grace.client.event('producer.resumed'), about);
    assert.deepEqual(await ada.client.request('producer.close', { producerId }), { ok: true });
    assert.deepEqual(await grace.client.event('producer.closed'), about);
    assert.deepEqual(await grace.client.event('consumer.closed'), { consumerId: consumed['consumerId'] });

    ada.client.close();
    assert.deepEqual(await grace.client.event('participant.left'), { participantId: ada.participantId });
  });

  test('takes simulcast video and restarts ICE', async (t) => {
    const ada = await enter(t, server, newRoom());
    const transportId = await transport(ada.client, 'send');
    const produced = await ada.client.request('produce', {
      transportId,
      kind: 'video',
      rtpParameters: simulcastCamera(),
      source: 'camera',
    });
    assert.equal(produced.ok, true, JSON.stringify(produced));
    const { producer } = server.rooms.get(ada.roomId)!.producer(produced['producerId'] as string)!;
    assert.equal(producer.type, 'simulcast');
    assert.equal(producer.appData['participantId'], ada.participantId, 'identity comes from the token');
    const restarted = await ada.client.request('transport.restartIce', { transportId });
    assert.equal(typeof (restarted['iceParameters'] as mediasoup.IceParameters).usernameFragment, 'string');
  });

  test('asks to join first', async (t) => {
    const { token } = await register(server, newRoom());
    const client = await connect(t, server, '/call', token);
    const { ok, error } = await client.request('transport.create', { direction: 'send' });
    assert.equal(ok, false);
    assert.equal(error?.code, 'not-joined');
  });

  test('names the field of a wrong request', async (t) => {
    const ada = await enter(t, server, newRoom());
    const send = await transport(ada.client, 'send');
    const rtpParameters = microphone();
    const good = { transportId: send, kind: 'audio', rtpParameters, source: 'microphone' };
    const capabilities = ada.joined['routerRtpCapabilities'];
    const fingerprint = { algorithm: 'sha-256', value: 'zz' };
    for (const [event, payload, code, field] of [
      ['transport.create', { direction: 'both' }, 'invalid', 'direction'],
      ['transport.create', {}, 'invalid', 'direction'],
      ['transport.create', 'send', 'invalid', 'payload'],
      ['transport.create', { direction: 'send', port: 1 }, 'invalid', 'port'],
      ['transport.connect', { transportId: send, dtlsParameters: {} }, 'invalid', 'dtlsParameters.fingerprints'],
      [
        'transport.connect',
        { transportId: send, dtlsParameters: { fingerprints: [fingerprint] } },
        'invalid',
        'dtlsParameters.fingerprints.0.value',
      ],
      ['transport.restartIce', { transportId: 'nope' }, 'not-found', 'transportId'],
      ['produce', { ...good, transportId: 'nope' }, 'not-found', 'transportId'],
      ['produce', { ...good, kind: 'smell' }, 'invalid', 'kind'],
      ['produce', { ...good, source: 'camera' }, 'invalid', 'kind'],
      ['produce', { ...good, rtpParameters: { ...rtpParameters, codecs: [] } }, 'invalid', 'rtpParameters.codecs'],
      [
        'produce',
        { ...good, rtpParameters: { ...rtpParameters, encodings: [{ ssrc: -1 }] } },
        'invalid',
        'rtpParameters.encodings.0.ssrc',
      ],
      ['producer.pause', { producerId: 'nope' }, 'not-found', 'producerId'],
      ['consume', { producerId: 'nope', rtpCapabilities: capabilities }, 'not-found', 'producerId'],
      ['consume', { producerId: 'nope', rtpCapabilities: {} }, 'invalid', 'rtpCapabilities.codecs'],
      ['consumer.resume', { consumerId: 'nope' }, 'not-found', 'consumerId'],
    ] as const) {
      const { ok, error } = await ada.client.request(event, payload);
      assert.equal(ok, false, event);
      assert.deepEqual({ event, code: error?.code, field: error?.field }, { event, code, field });
      assert.ok(error!.message.length > 10, error!.message);
    }
  });

  test('refuses codecs that the room does not speak', async (t) => {
    const ada = await enter(t, server, newRoom());
    const { ok, error } = await ada.client.request('produce', {
      transportId: await transport(ada.client, 'send'),
      kind: 'audio',
      rtpParameters: { ...microphone(), codecs: [{ mimeType: 'audio/PCMU', payloadType: 0, clockRate: 8_000 }] },
      source: 'microphone',
    });
    assert.equal(ok, false);
    assert.equal(error?.code, 'invalid');
    assert.match(error.message, /audio\/PCMU/);
  });

  test('refuses a second microphone, a fifth transport, and to use what is another’s', async (t) => {
    const roomId = newRoom();
    const ada = await enter(t, server, roomId, 'Ada');
    const send = await transport(ada.client, 'send');
    const producerId = await produce(ada.client, send);
    const again = { transportId: send, kind: 'audio', rtpParameters: microphone(3_333), source: 'microphone' };
    assert.equal((await ada.client.request('produce', again)).error?.field, 'source');
    for (let i = 0; i < 3; i++) await transport(ada.client, 'recv');
    assert.equal((await ada.client.request('transport.create', { direction: 'recv' })).error?.code, 'full');

    const grace = await enter(t, server, roomId, 'Grace');
    assert.equal((await grace.client.request('producer.close', { producerId })).error?.code, 'not-found');
    assert.equal((await grace.client.request('transport.restartIce', { transportId: send })).error?.code, 'not-found');
    assert.equal((await grace.client.request('produce', again)).error?.code, 'not-found');
  });

  test('refuses to receive one’s own, twice, by a sending transport, or from another room', async (t) => {
    const roomId = newRoom();
    const ada = await enter(t, server, roomId, 'Ada');
    const producerId = await produce(ada.client, await transport(ada.client, 'send'));
    const rtpCapabilities = ada.joined['routerRtpCapabilities'];
    const consume = (client: Client, more: object = {}) =>
      client.request('consume', { producerId, rtpCapabilities, ...more });
    assert.equal((await consume(ada.client)).error?.code, 'invalid');

    const grace = await enter(t, server, roomId, 'Grace');
    assert.equal((await consume(grace.client)).error?.field, 'transportId');
    assert.equal(
      (await consume(grace.client, { transportId: await transport(grace.client, 'send') })).error?.code,
      'invalid',
    );
    await transport(grace.client, 'recv');
    assert.equal((await consume(grace.client)).ok, true);
    assert.equal((await consume(grace.client)).error?.code, 'conflict');

    const mary = await enter(t, server, newRoom(), 'Mary');
    await transport(mary.client, 'recv');
    assert.equal((await consume(mary.client)).error?.code, 'not-found');
  });

  test('answers unknown events, and names of JavaScript’s own, with an error', async (t) => {
    const ada = await enter(t, server, newRoom());
    for (const event of ['nothing', 'constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      assert.equal((await ada.client.request(event, {})).error?.code, 'unknown-event');
    }
  });

  test('takes no more participants than the room has seats for', async (t) => {
    const roomId = newRoom();
    for (const name of ['Ada', 'Grace', 'Mary']) await enter(t, server, roomId, name);
    await assert.rejects(register(server, roomId, 'Joan'), /503.*full/);
  });

  test('gives the seat of somebody who never came to somebody who does', async (t) => {
    const roomId = newRoom();
    for (const name of ['Ada', 'Grace']) await enter(t, server, roomId, name);
    await register(server, roomId, 'never comes');
    await enter(t, server, roomId, 'Mary');
    const { body } = await get(server, `/v1/rooms/${roomId}`);
    assert.equal((body as { participants: unknown[] }).participants.length, 3);
  });

  test('lets a page that is loaded again take over from its former self', async (t) => {
    const roomId = newRoom();
    const ada = await enter(t, server, roomId, 'Ada');
    const grace = await enter(t, server, roomId, 'Grace');
    const producerId = await produce(ada.client, await transport(ada.client, 'send'));
    assert.equal((await grace.client.event('producer.new'))['producerId'], producerId);

    const reloaded = await connect(t, server, '/call', ada.token);
    assert.deepEqual(await ada.client.event('call.ended'), { reason: 'replaced' });
    assert.equal((await reloaded.request('join', {})).ok, true);
    assert.equal((await grace.client.event('producer.closed'))['producerId'], producerId);
    await produce(reloaded, await transport(reloaded, 'send'), 4_444);
    assert.ok(!grace.client.received.some(({ name }) => name === 'participant.left'), 'she never left');
  });

  test('waits for a broken line, and counts it as leaving when it does not come back', async (t) => {
    const roomId = newRoom();
    const ada = await enter(t, server, roomId, 'Ada');
    const grace = await enter(t, server, roomId, 'Grace');
    const brokenAtMs = performance.now();
    ada.client.socket.io.engine.close();
    assert.deepEqual(await grace.client.event('participant.left'), { participantId: ada.participantId });
    const waitedMs = performance.now() - brokenAtMs;
    assert.ok(waitedMs > 2_500 && waitedMs < 6_000, `${waitedMs} ms`);
  });

  test('closes a room when nobody has been there for the grace time', async (t) => {
    const brief = await startServer(t, {}, { emptyGraceMs: 50 });
    const ada = await enter(t, brief, 'brief');
    const room = brief.rooms.get('brief')!;
    const closed = once(room, 'close');
    ada.client.close();
    assert.deepEqual(await closed, ['empty']);
    assert.equal(room.router.closed, true);
    assert.equal((await get(brief, '/v1/rooms/brief')).status, 404);
  });

  test('ends the calls of a media worker that dies, and replaces the worker', async (t) => {
    const own = await startServer(t);
    const ada = await enter(t, own, 'fragile');
    const [pid] = own.pool.pids;
    const died = once(own.pool, 'change');
    process.kill(pid!, 'SIGKILL');
    assert.deepEqual(await ada.client.event('call.ended'), { reason: 'worker-died' });
    await died;
    assert.equal(own.pool.ready, 0);
    assert.equal((await get(own, '/readyz')).status, 503);
    await once(own.pool, 'change');
    assert.equal(own.pool.ready, 1);
    assert.notEqual(own.pool.pids[0], pid);
    assert.equal((await get(own, '/readyz')).status, 200);
    assert.equal((await enter(t, own, 'fragile')).joined.ok, true);
  });
});
