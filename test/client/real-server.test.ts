/** The client against the server itself: a real call of several people, with real media, a real SFU and the model. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { io, Manager } from 'socket.io-client';
import { connect, type UndertoneEvent } from '../../client/index.ts';
import { asyncApiDocument } from '../../plugin/events/contract/v1/asyncapi.ts';
import { schemaName } from '../../plugin/events/contract/v1/json-schema.ts';
import { CONTRACT_VERSION } from '../../plugin/events/contract/v1/version.ts';
import type { Server } from '../../server/index.ts';
import { connect as connectSocket, openServer, post, register, TEST_CONFIG } from '../server/support.ts';
import { next, recordNumbers, until } from './support.ts';

const { components } = asyncApiDocument() as { components: object };
const ajv = new Ajv2020({ strict: false }).addSchema({ components }, 'asyncapi');

/** By the AsyncAPI document, as a reader in another language would check it. */
function assertValid(name: string, value: unknown): void {
  const validate = ajv.getSchema(`asyncapi#/components/schemas/${name}`)!;
  assert.ok(validate(value), `${name}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(value)}`);
}

describe('a call of two and more, by the public client', () => {
  let server: Server;
  before(async () => {
    server = await openServer({ analysis: { ...TEST_CONFIG.analysis, utterance: { interimMs: 1_000 } } });
  });
  after(() => server.close());

  test('every event and every answer is what the AsyncAPI document says', { timeout: 120_000 }, async (t) => {
    const { body } = await post(server, '/v1/sample');
    const { roomId, token } = body as { roomId: string; token: string };
    const emotions = await connect({ url: server.url, roomId, token, since: 0, timeoutMs: 30_000 });
    t.after(() => emotions.close());
    const numbers = recordNumbers(emotions);
    const types = new Map<string, number>();
    const speakers = new Set<string>();
    for await (const event of emotions) {
      assertValid(schemaName(event.type), event);
      types.set(event.type, (types.get(event.type) ?? 0) + 1);
      if (event.type === 'emotion.final') speakers.add(event.participantId);
      if (speakers.size >= 2 && (types.get('emotion.interim') ?? 0) > 0) break;
    }
    t.diagnostic(JSON.stringify(Object.fromEntries(types)));
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => numbers[0]! + index),
      'without a gap, in order',
    );
    for (const [name, payload] of [
      ['subscribe', { roomId, since: 0 }],
      ['labels.set', { labels: ['calm', 'tense'] }],
      ['unsubscribe', { roomId }],
    ] as const) {
      assertValid(`${schemaName(name)}Request`, payload);
      assertValid(`${schemaName(name)}Reply`, await emotions.request(name, payload as never));
    }
    await assert.rejects(emotions.request('labels.set', { labels: 'no-such-set' }), {
      code: 'invalid',
      field: 'labels',
    });
  });

  test('consent moves by the client, and the room’s state follows', { timeout: 60_000 }, async (t) => {
    const ada = await register(server, 'consent', 'Ada');
    const call = await connectSocket(t, server, '/call', ada.token);
    await call.request('join', {});
    const emotions = await connect({ url: server.url, roomId: 'consent', token: ada.token, timeoutMs: 30_000 });
    t.after(() => emotions.close());
    const reply = await emotions.setConsent({ text: true }, ada.notice.version);
    assertValid('ConsentSetReply', reply);
    await until(emotions, ({ participants }) => participants[ada.participantId]?.consent.text === true);
    assert.equal(emotions.room.value.participants[ada.participantId]?.displayName, 'Ada');
    await emotions.pushTranscript({ segmentId: 's', text: 'We shipped it', final: true });
    await emotions.setConsent({ text: false });
    const refused = emotions.pushTranscript({ segmentId: 's2', text: 'no', final: true });
    await assert.rejects(refused, { name: 'ClientError', code: 'no-consent', field: 'text' });
    await assert.rejects(emotions.setConsent({ text: true }, 'an older one'), { code: 'notice-outdated' });
  });

  test('after a broken line it comes back and misses nothing', { timeout: 60_000 }, async (t) => {
    const ada = await register(server, 'broken', 'Ada');
    const grace = await register(server, 'broken', 'Grace');
    const options = { roomId: 'broken', timeoutMs: 30_000 };
    // A manager of the app's own: its line can be broken from here.
    const manager = new Manager(server.url, { reconnectionDelay: 300, transports: ['websocket'] });
    const reader = await connect({ ...options, socket: manager.socket('/emotion', { auth: { token: grace.token } }) });
    const writer = await connect({ ...options, url: server.url, token: ada.token });
    t.after(() => [reader, writer].forEach((client) => client.close()));
    const numbers = recordNumbers(reader);
    const first = reader.lastSeq!;
    await writer.setConsent({ audio: true }, ada.notice.version);
    await until(reader, ({ participants }) => participants[ada.participantId]?.consent.audio === true);

    const down = next(reader, 'status', (status) => status === 'reconnecting');
    const events: UndertoneEvent[] = [];
    reader.on('event', (event) => events.push(event));
    manager.engine.close();
    await down;
    await writer.setConsent({ audio: false });
    await until(reader, ({ status }) => status === 'live');
    await until(reader, ({ participants }) => participants[ada.participantId]?.consent.audio === false);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => first + 1 + index),
    );
    assert.ok(events.some(({ type }) => type === 'emotion.retracted'));
  });

  test('the server tells which contract it speaks, and whether all numbers come', async (t) => {
    const ada = await register(server, 'told', 'Ada');
    const options = { url: server.url, roomId: 'told', token: ada.token, timeoutMs: 30_000 };
    const all = await connect(options);
    const one = await connect({ ...options, participantId: ada.participantId });
    t.after(() => [all, one].forEach((client) => client.close()));
    const { contract, gapless } = await all.ready();
    assert.deepEqual([contract, gapless], [CONTRACT_VERSION, true]);
    assert.equal((await one.ready()).gapless, false);
  });

  test('a client of another contract is refused before its token is looked at, and told what to do', async () => {
    const ada = await register(server, 'versions', 'Ada');
    const reading = (contract: unknown, token: unknown = ada.token) => {
      const auth = { token, contract };
      const socket = io(`${server.url}/emotion`, {
        auth,
        transports: ['websocket'],
        forceNew: true,
        autoConnect: false,
      });
      return connect({ socket, roomId: 'versions' });
    };
    const mismatch = { name: 'ClientError', code: 'contract-mismatch', field: 'contract' };
    await assert.rejects(reading('2.0', 'no token'), {
      ...mismatch,
      message: /speaks 1\..* reads 2\.0: install the rel/,
    });
    for (const contract of ['1', 1, '1.0.0', 'x'.repeat(1_000), null]) {
      await assert.rejects(reading(contract), { code: 'invalid', field: 'contract' });
    }
    for (const contract of [undefined, CONTRACT_VERSION, '1.999']) (await reading(contract)).close();
  });

  test('a token of another room is refused with the field at fault', async () => {
    const ada = await register(server, 'mine', 'Ada');
    await register(server, 'theirs', 'Grace');
    const options = { url: server.url, roomId: 'theirs', token: ada.token, timeoutMs: 30_000 };
    await assert.rejects(connect(options), { code: 'forbidden', field: 'roomId' });
    await assert.rejects(connect({ ...options, token: 'x.y.z' }), { code: 'unauthorized', field: 'token' });
  });
});
