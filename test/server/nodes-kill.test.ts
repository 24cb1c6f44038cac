import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test, type TestContext } from 'node:test';
import { EmotionClient } from '../../client/index.ts';
import type { DurableEvent, EventOf, UndertoneEvent } from '../../plugin/index.ts';
import { RedisServer, WITHOUT_REDIS } from '../support/redis-server.ts';
import { startServer, type ServerProcess } from '../support/server-process.ts';
import { TcpBalancer } from '../support/tcp-balancer.ts';
import { TINY_MODEL } from './support.ts';
import { SECRET, tokenFor } from './host-tokens.ts';

const LEASE_MS = 2_000;

const portOf = ({ url }: ServerProcess) => Number(new URL(url).port);
const isDurable = (event: UndertoneEvent): event is DurableEvent => 'seq' in event;

/** Follows a room and keeps what it got. */
class Watcher {
  readonly client: EmotionClient;
  readonly events: DurableEvent[] = [];

  constructor(t: TestContext, url: string, roomId: string, token: string) {
    const socketOptions = {
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 100,
      reconnectionDelayMax: 500,
    };
    this.client = new EmotionClient({ url, roomId, token, since: 0, socketOptions });
    this.client.on('event', (event) => isDurable(event) && this.events.push(event));
    t.after(() => this.client.close());
  }

  get seqs(): number[] {
    return this.events.map(({ seq }) => seq);
  }

  until<T>(found: () => T | undefined | false, timeoutMs = 90_000): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const look = () => {
      const value = found();
      if (value) resolve(value);
    };
    const timer = setTimeout(() => {
      const seen = this.events.map((event) => ('state' in event ? event.state : event.type)).join(', ');
      reject(new Error(`not within ${timeoutMs} ms (${this.client.status}); there were: ${seen}`));
    }, timeoutMs);
    this.client.on('event', look);
    this.client.on('status', look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.client.off('event', look);
      this.client.off('status', look);
    });
  }

  find<T extends DurableEvent['type']>(type: T): EventOf<T> | undefined {
    return this.events.find((event): event is EventOf<T> & DurableEvent => event.type === type);
  }
}

describe('two server processes behind a TCP balancer', { skip: WITHOUT_REDIS }, () => {
  let redis: RedisServer;
  let balancer: TcpBalancer;
  let one: ServerProcess;
  let other: ServerProcess;

  const start = () =>
    startServer({
      UNDERTONE_REDIS_URL: redis.url,
      UNDERTONE_REDIS_LEASE_MS: String(LEASE_MS),
      UNDERTONE_TOKEN_SECRET: SECRET,
      UNDERTONE_WORKERS: '1',
      UNDERTONE_LOG_LEVEL: 'warn',
      UNDERTONE_ANALYSIS_MODEL: TINY_MODEL,
    });

  before(async () => {
    redis = await RedisServer.start();
    one = await start();
    other = await start();
    balancer = await TcpBalancer.listen([portOf(one), portOf(other)]);
  });
  after(async () => {
    balancer?.close();
    await Promise.all([one?.stop(), other?.stop()]);
    await redis?.close();
  });

  /** A call with real media, on the server that is asked. */
  async function playSample({ url }: ServerProcess) {
    const response = await fetch(`${url}/v1/sample`, { method: 'POST' });
    assert.equal(response.status, 201);
    return (await response.json()) as { roomId: string; token: string; speakers: { participantId: string }[] };
  }

  async function kill(server: ServerProcess): Promise<void> {
    const exited = once(server.child, 'exit');
    server.child.kill('SIGKILL');
    await exited;
  }

  function assertComplete(seqs: number[]): void {
    const first = seqs[0]!;
    assert.deepEqual(
      seqs,
      Array.from(seqs, (_, index) => first + index),
      'in order, none twice, none missing',
    );
  }

  test('a client loses nothing when the server that it is at is killed', async (t) => {
    const { roomId, token } = await playSample(one);
    const direct = new Watcher(t, one.url, roomId, token);
    balancer.use(portOf(other), portOf(one));
    const watcher = new Watcher(t, balancer.url, roomId, token);
    await watcher.until(() => watcher.find('utterance.start'));
    assert.match(await (await fetch(`${other.url}/metrics`)).text(), /undertone_remote_rooms_clients 1/);
    const statuses: string[] = [];
    watcher.client.on('status', (status) => statuses.push(status));
    await kill(other);
    const atKill = watcher.events.length;
    await direct.until(() => direct.events.length > atKill + 5);
    await watcher.until(() => watcher.client.lastSeq === direct.client.lastSeq);
    assert.deepEqual(statuses, ['reconnecting', 'live']);
    assertComplete(watcher.seqs);
    assert.deepEqual(watcher.seqs, direct.seqs.slice(0, watcher.seqs.length));
    other = await start();
  });

  test('a withdrawal at one server takes the results out of the other, and out of Redis to the last byte', async (t) => {
    const { roomId, token } = await playSample(one);
    const watcher = new Watcher(t, other.url, roomId, token);
    const { participantId, utteranceId } = await watcher.until(() => watcher.find('emotion.final'));
    assert.ok((await redis.everything()).includes(utteranceId));
    const own = await tokenFor(participantId, roomId, ['self']);
    const self = new EmotionClient({
      url: other.url,
      roomId,
      token: own,
      socketOptions: { transports: ['websocket'], forceNew: true },
    });
    t.after(() => self.close());
    await self.ready();
    await self.setConsent({ audio: false, video: false, text: false });
    const retracted = await watcher.until(() =>
      watcher.events.find((event) => event.type === 'emotion.retracted' && event.utteranceIds.includes(utteranceId)),
    );
    const left = await redis.everything();
    const { utteranceIds } = retracted as EventOf<'emotion.retracted'>;
    for (const id of utteranceIds) assert.ok(!left.includes(`"utteranceId":"${id}"`), 'no result is left');
    const late = new Watcher(t, other.url, roomId, token);
    await late.client.ready();
    assert.ok(!late.events.some((event) => 'utteranceId' in event && utteranceIds.includes(event.utteranceId)));
  });

  test('clients get all that the server of the call told before it was killed, and the end within seconds', async (t) => {
    const { roomId, token } = await playSample(one);
    const direct = new Watcher(t, one.url, roomId, token);
    const watcher = new Watcher(t, other.url, roomId, token);
    await watcher.until(() => watcher.find('utterance.start'));
    const ended = Promise.withResolvers<{ code: string }>();
    watcher.client.on('problem', ended.resolve);
    const killedMs = performance.now();
    await kill(one);
    const { code } = await ended.promise;
    const tookMs = performance.now() - killedMs;
    assert.equal(code, 'room-closed');
    assert.ok(tookMs < 4 * LEASE_MS, `${tookMs} ms`);
    assertComplete(watcher.seqs);
    const missing = direct.seqs.filter((seq) => !watcher.seqs.includes(seq));
    assert.deepEqual(missing, []);
    const again = await fetch(`${other.url}/v1/rooms/${roomId}/participants`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ displayName: 'Ada' }),
    });
    assert.equal(again.status, 201, 'the room can be opened at the server that is left');
    const { token: fresh } = (await again.json()) as { token: string };
    const anew = new Watcher(t, other.url, roomId, fresh);
    const { seq } = await anew.client.ready();
    assert.ok(seq > watcher.seqs.at(-1)!, 'numbers go on above those of the killed server');
  });
});
