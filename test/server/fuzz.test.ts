import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { io } from 'socket.io-client';
import type { Server } from '../../server/index.ts';
import { CALL_REQUESTS } from '../../server/sfu/signalling/index.ts';
import { EMOTION_REQUESTS } from '../../server/gateway/emotion/index.ts';
import { connect, get, microphone, openServer, register, type Ack, type Client } from './support.ts';

/** To each namespace. */
const RUNS = 5_000;
const BATCH = 100;

const EVENTS = {
  '/call': Object.keys(CALL_REQUESTS),
  '/emotion': Object.keys(EMOTION_REQUESTS),
} as const;

const KEYS = [
  ...['direction', 'transportId', 'dtlsParameters', 'fingerprints', 'kind', 'rtpParameters', 'codecs', 'encodings'],
  ...['source', 'producerId', 'rtpCapabilities', 'consumerId', 'roomId', 'participantId', 'since', 'audio', 'text'],
  ...[
    'noticeVersion',
    'segmentId',
    'final',
    'words',
    'startMs',
    'labels',
    '__proto__',
    'constructor',
    'toJSON',
    'length',
  ],
];

const scalar = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('send', 'recv', 'audio', 'video', 'microphone', 'camera', 'x'.repeat(20_000)),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
);

/** Values that look like requests more often than chance would have it. */
const hostile = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('value'), { maxLength: 6 }), tie('object')),
  // A field that no request has: whatever else the payload holds, the answer must be an error.
  object: fc
    .dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 8 })), tie('value'), { maxKeys: 6 })
    .map((object) => ({ ...object, 'no such field': 1 })),
}));

const payload = fc.oneof(
  { weight: 4, arbitrary: hostile.object },
  // A payload that is null is an empty one.
  { weight: 2, arbitrary: scalar.filter((value) => value !== null && value !== undefined && !Number.isNaN(value)) },
  { weight: 1, arbitrary: fc.array(hostile.value, { maxLength: 4 }) },
);

describe('hostile messages', () => {
  let server: Server;
  before(async () => {
    server = await openServer({ limits: { messagesPerSecond: 100_000 } });
  });
  after(() => server.close());

  for (const namespace of ['/call', '/emotion'] as const) {
    test(`to ${namespace}: ${RUNS} of them are each answered with an error, and the call goes on`, async (t) => {
      const { token, roomId } = await register(server, `fuzz${namespace.slice(1)}`);
      const call = await connect(t, server, '/call', token);
      assert.equal((await call.request('join', {})).ok, true);
      const client = namespace === '/call' ? call : await connect(t, server, namespace, token);

      const events = fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...EVENTS[namespace]) },
        { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 20 }).filter((name) => !isReserved(name)) },
      );
      const fitting = payload.filter(fitsOneMessage);
      const messages = fc.sample(fc.tuple(events, fitting), { numRuns: RUNS, seed: 20_261_123 });
      for (let from = 0; from < messages.length; from += BATCH) {
        const answers = await Promise.all(
          messages
            .slice(from, from + BATCH)
            .map(async ([event, value]) => ({ event, value, ack: await send(client, event, value) })),
        );
        for (const { event, value, ack } of answers) {
          const what = `${event} ${JSON.stringify(value)?.slice(0, 300)} -> ${JSON.stringify(ack)}`;
          assert.equal(ack.ok, false, what);
          assert.ok(ack.error!.code && ack.error!.message, what);
          assert.notEqual(ack.error!.code, 'internal', what);
          assert.ok(ack.error!.field, `names the field: ${what}`);
        }
      }

      assert.equal(client.socket.connected, true);
      assert.equal((await get(server, `/v1/rooms/${roomId}`)).status, 200);
      const created = await call.request('transport.create', { direction: 'send' });
      assert.equal(created.ok, true, 'the call still works');
      const produced = await call.request('produce', {
        transportId: created['id'],
        kind: 'audio',
        rtpParameters: microphone(),
        source: 'microphone',
      });
      assert.equal(produced.ok, true);
      assert.equal(({} as Record<string, unknown>)['no such field'], undefined, 'no prototype was touched');
    });
  }

  test('that are almost right are refused by mediasoup and do not harm it', async (t) => {
    const { token } = await register(server, 'fuzz-rtp');
    const client = await connect(t, server, '/call', token);
    await client.request('join', {});
    const { id: transportId } = await client.request('transport.create', { direction: 'send' });
    const parameter = fc.oneof(fc.string({ maxLength: 10 }), fc.integer(), fc.boolean());
    const rtpParameters = fc.record(
      {
        mid: fc.string({ maxLength: 40 }),
        codecs: fc.array(
          fc.record({
            mimeType: fc.constantFrom('audio/opus', 'audio/OPUS', 'video/VP8', 'audio/rtx', 'video/rtx', 'audio/PCMU'),
            payloadType: fc.integer({ min: 0, max: 127 }),
            clockRate: fc.constantFrom(48_000, 90_000, 1),
            channels: fc.constantFrom(1, 2, 8),
            parameters: fc.dictionary(fc.constantFrom('apt', 'useinbandfec', 'profile-id', 'x'), parameter),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        encodings: fc.array(
          fc.record(
            {
              ssrc: fc.constantFrom(0, 1, 0xffff_ffff),
              rid: fc.string({ maxLength: 20 }),
              codecPayloadType: fc.nat(127),
            },
            { requiredKeys: [] },
          ),
          { maxLength: 3 },
        ),
        headerExtensions: fc.array(fc.record({ uri: fc.string({ maxLength: 30 }), id: fc.nat(300) }), { maxLength: 3 }),
      },
      { requiredKeys: ['codecs'] },
    );
    for (const given of fc.sample(rtpParameters, { numRuns: 300, seed: 7 })) {
      const ack = await client.request('produce', {
        transportId,
        kind: 'audio',
        rtpParameters: given,
        source: 'microphone',
      });
      if (ack.ok) await client.request('producer.close', { producerId: ack['producerId'] });
      else assert.notEqual(ack.error!.code, 'internal', `${JSON.stringify(given)} -> ${JSON.stringify(ack)}`);
    }
    assert.equal(server.pool.deaths, 0);
    const good = { transportId, kind: 'audio', rtpParameters: microphone(9_999), source: 'microphone' };
    assert.equal((await client.request('produce', good)).ok, true);
  });

  test('that come with the handshake are refused with a code, and let nobody in', async () => {
    const { token } = await register(server, 'fuzz-handshake');
    const hands = fc.dictionary(
      fc.oneof(fc.constantFrom('token', 'contract', 'past', '__proto__'), fc.string({ maxLength: 8 })),
      fc.oneof(hostile.value, fc.constantFrom(token, `${token.slice(0, -4)}AAAA`, '1.0', '2.0', '1')),
      { maxKeys: 4 },
    );
    const given = fc.sample(hands.filter(fitsOneMessage), { numRuns: 300, seed: 20_261_128 });
    let entered = 0;
    for (const [index, auth] of given.entries()) {
      const namespace = index % 2 === 0 ? '/emotion' : '/call';
      const told = await knock(server, namespace, auth);
      const what = `${namespace} ${JSON.stringify(auth)?.slice(0, 300)} -> ${JSON.stringify(told)}`;
      if (told === undefined) {
        assert.equal(auth['token'], token, what);
        entered += 1;
        continue;
      }
      assert.ok(['unauthorized', 'invalid', 'contract-mismatch'].includes(told.code), what);
      assert.ok(told.message && told.field, what);
    }
    assert.ok(entered < given.length / 2, `${entered} had the token`);
    assert.deepEqual(await get(server, '/healthz'), { status: 200, body: { ok: true } });
  });

  test('that come too fast are refused, and who goes on is cut off', async (t) => {
    const strict = await openServer({ limits: { messagesPerSecond: 10 } });
    t.after(() => strict.close());
    const { token } = await register(strict, 'flood');
    const client = await connect(t, strict, '/emotion', token);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => client.request('subscribe', { roomId: 'flood' })),
    );
    const refused = answers.filter(({ error }) => error?.code === 'rate-limited').length;
    assert.ok(refused >= 50 && refused <= 60, `${refused} of 100 were refused with a burst of 40`);

    const disconnected = client.disconnected();
    for (let i = 0; i < 2_000; i++) client.socket.emit('subscribe', {}, () => undefined);
    assert.match(await disconnected, /server disconnect|transport/);
  });

  test('that are too large end the connection, not the server', async (t) => {
    const { token } = await register(server, 'large');
    const client = await connect(t, server, '/emotion', token);
    const disconnected = client.disconnected();
    client.socket.emit('transcript.push', { text: 'x'.repeat(100_000) });
    assert.match(await disconnected, /transport/);
    assert.deepEqual(await get(server, '/healthz'), { status: 200, body: { ok: true } });
  });
});

/** How somebody is answered who comes with this; undefined for who is let in. */
async function knock({ url }: Server, namespace: string, auth: Record<string, unknown>) {
  const socket = io(`${url}${namespace}`, { auth, transports: ['websocket'], forceNew: true, reconnection: false });
  try {
    return await new Promise<{ code: string; message: string; field?: string } | undefined>((resolve) => {
      socket.once('connect', () => resolve(undefined));
      socket.once('connect_error', (error: Error & { data?: { code: string; message: string; field?: string } }) =>
        resolve(error.data ?? { code: error.message, message: '' }),
      );
    });
  } finally {
    socket.disconnect();
  }
}

/** socket.io-client refuses to send these. */
function isReserved(name: string): boolean {
  return ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'].includes(name);
}

/** Larger messages end the connection, as another test shows; so do more than 10 binary attachments. */
function fitsOneMessage(value: unknown): boolean {
  const text = JSON.stringify(value) ?? '';
  return text.length < 50_000 && text.split('"Buffer"').length <= 10;
}

function send(client: Client, event: string, value: unknown): Promise<Ack> {
  return client.request(event, value);
}
