import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import { ERROR_CODES, type ErrorCode } from '../../plugin/events/contract/v1/error-codes.ts';
import type { Server } from '../../server/index.ts';
import { RedisServer, WITHOUT_REDIS } from '../support/redis-server.ts';
import { SECRET, tokenFor as token } from './host-tokens.ts';
import { Client, connect, get, microphone, openServer, post, refusal, register, startServer } from './support.ts';

type Told = { code?: string; message?: string; field?: string };
type Reach = (t: TestContext) => Promise<Told | undefined>;

const told = ({ body }: { body: unknown }) => (body as { error?: Told }).error;

async function refused(server: Server, bearer: unknown, contract?: unknown): Promise<Told> {
  const client = new Client(server, '/emotion', bearer, contract);
  try {
    await client.connected();
    return {};
  } catch (error) {
    return (error as { data: Told }).data;
  } finally {
    client.close();
  }
}

describe('every error code', () => {
  let server: Server;
  let rooms = 0;
  before(async () => {
    server = await openServer({ tokenSecret: SECRET }, { pageDir: '/nowhere' });
  });
  after(() => server.close());

  /** A participant in a room of their own, with an answer of `/emotion` or of `/call`. */
  async function ask(t: TestContext, name: string, payload: object, namespace: '/emotion' | '/call' = '/emotion') {
    const ada = await register(server, `errors-${++rooms}`);
    const client = await connect(t, server, namespace, ada.token);
    return (await client.request(name, payload)).error;
  }

  const reached: Record<Exclude<ErrorCode, 'slow-consumer'>, Reach> = {
    invalid: (t) => ask(t, 'subscribe', { roomId: 7 }),
    'unknown-event': (t) => ask(t, 'replay.start', {}),
    'not-found': (t) => ask(t, 'subscribe', { roomId: `errors-${rooms + 1}`, participantId: 'nobody' }),
    forbidden: (t) => ask(t, 'subscribe', { roomId: 'elsewhere' }),
    conflict: async (t) => {
      const { token: bearer } = await register(server, 'conflict');
      const call = await connect(t, server, '/call', bearer);
      await call.request('join', {});
      const { id: transportId } = await call.request('transport.create', { direction: 'send' });
      const produce = { transportId, kind: 'audio', rtpParameters: microphone(), source: 'microphone' };
      const [room] = [...server.rooms].filter(({ id }) => id === 'conflict');
      const [participant] = room!.visible;
      // Closed by a worker that went away, between the look at it and its use.
      [...participant!.transports.values()][0]!.produce = () => {
        throw Object.assign(new Error('closed'), { name: 'InvalidStateError' });
      };
      return (await call.request('produce', produce)).error;
    },
    full: async (t) => {
      const small = await startServer(t, { limits: { participantsPerRoom: 1 } });
      const { token: bearer } = await register(small, 'small');
      const call = await connect(t, small, '/call', bearer);
      await call.request('join', {});
      return told(await post(small, '/v1/rooms/small/participants', { displayName: 'Grace' }));
    },
    'rate-limited': async (t) => {
      const strict = await startServer(t, { limits: { messagesPerSecond: 1 } });
      const client = await connect(t, strict, '/emotion', (await register(strict, 'fast')).token);
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => client.request('subscribe', { roomId: 'fast' })),
      );
      return answers.find(({ error }) => error)?.error;
    },
    unauthorized: () => refused(server, 'no token'),
    'token-expired': async () =>
      refused(server, await token('ada', 'x', ['self'], Math.floor(Date.now() / 1_000) - 60)),
    'token-revoked': async () => {
      const ada = await register(server, 'revoked');
      const admin = await token('backend', 'revoked', ['admin']);
      await fetch(`${server.url}/v1/rooms/revoked/revocations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
        body: JSON.stringify({ participantId: ada.participantId }),
      });
      return refused(server, ada.token);
    },
    'room-closed': async () => refused(server, await token('ada', 'gone', ['self'])),
    'not-joined': (t) => ask(t, 'transport.create', { direction: 'send' }, '/call'),
    'no-consent': (t) => ask(t, 'transcript.push', { segmentId: 's', text: 'x', final: true }),
    'notice-outdated': (t) => ask(t, 'consent.set', { audio: true, noticeVersion: 'older' }),
    elsewhere: async (t) => {
      const redis = await RedisServer.start();
      t.after(() => redis.close());
      const group = { tokenSecret: SECRET, redis: { url: redis.url } };
      const [owner, other] = [await startServer(t, group), await startServer(t, group)];
      const { token: bearer } = await register(owner, 'one-call');
      return refusal(other, '/call', bearer);
    },
    unavailable: async () => told(await get(server, '/')),
    'too-many-connections': async (t) => {
      const narrow = await startServer(t, { limits: { connectionsPerAddress: 1 } });
      const { token: bearer } = await register(narrow, 'narrow');
      await connect(t, narrow, '/emotion', bearer);
      return refused(narrow, bearer);
    },
    'contract-mismatch': () => refused(server, 'never looked at', '2.0'),
    'too-large': async () => told(await post(server, '/v1/rooms/x/participants', { displayName: 'x'.repeat(100_000) })),
    internal: async (t) => {
      const ada = await register(server, 'internal');
      const client = await connect(t, server, '/emotion', ada.token);
      server.rooms.get('internal')!.observer.since = () => {
        throw new Error('a secret of the server');
      };
      const { error } = await client.request('subscribe', { roomId: 'internal', since: 0 });
      assert.doesNotMatch(error!.message, /secret/);
      return error;
    },
  };

  for (const [code, reach] of Object.entries(reached)) {
    const skip = code === 'elsewhere' && WITHOUT_REDIS;
    test(`is reached: ${code}`, { skip }, async (t) => {
      const error = await reach(t);
      assert.equal(error?.code, code, JSON.stringify(error));
      assert.ok(error.message);
    });
  }

  test('stands in the table (a client that reads too slowly is cut off in another test)', () => {
    assert.deepEqual([...Object.keys(reached), 'slow-consumer'].sort(), Object.keys(ERROR_CODES).sort());
  });
});
