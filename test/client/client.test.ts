/** What the client does with refusals, other versions and what it does not know. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';
import { type ClientError, RETRYABLE_CODES } from '../../client/ClientError.ts';
import { connect, EmotionClient, type EmotionClientOptions } from '../../client/index.ts';
import { ERROR_CODES } from '../../plugin/events/contract/v1/error-codes.ts';
import { CONTRACT_VERSION } from '../../plugin/events/contract/v1/version.ts';
import { goldenEvent, goldenEvents } from '../events/golden.ts';
import { StandIn } from './StandIn.ts';
import { final, interim, next, recordNumbers, until } from './support.ts';

let server: StandIn;
let client: EmotionClient | undefined;

beforeEach(async () => {
  server = await StandIn.start();
});

afterEach(async () => {
  client?.close();
  client = undefined;
  await server.close();
});

function open(options: Partial<EmotionClientOptions> = {}): EmotionClient {
  const socketOptions = { reconnectionDelay: 10, reconnectionDelayMax: 20 };
  client = new EmotionClient({ url: server.url, roomId: 'r', token: 't', socketOptions, ...options } as never);
  return client;
}

const has = (seq: number) => (event: object) => 'seq' in event && event.seq === seq;

test('every event of the contract arrives as it was sent, under its own type', async () => {
  const seen = new Map<string, unknown>();
  const emotions = open();
  await emotions.ready();
  const events = goldenEvents
    .map(({ content }) => ({ ...content, roomId: 'r' }))
    .filter((event) => 'seq' in event)
    // Nothing that golden events take back of each other is to stand in the way here.
    .map((event, index) => ({ ...event, seq: index + 1, utteranceId: `u${index}`, utteranceIds: ['other'] }));
  for (const { type } of events as unknown as { type: 'emotion.final' }[]) {
    emotions.on(type, (event) => seen.set(event.type, event));
  }
  for (const event of events) server.send(event, event['type' as never] === 'error' ? 'undertone.error' : undefined);
  await next(emotions, 'event', has(events.length));
  for (const event of events as unknown as { type: string }[]) assert.ok(seen.has(event.type), event.type);
  assert.deepEqual(
    seen.get('error'),
    events.find((event) => event['type' as never] === 'error'),
  );
});

test('alerts stand in the state of the room from when they are raised until they end or are taken back', async () => {
  const emotions = open();
  await emotions.ready();
  const golden = (name: string) => ({ ...goldenEvent(name), roomId: 'r' });
  const raised = golden('alert');
  const events = [
    { ...raised, alertId: 'a' },
    { ...raised, alertId: 'b' },
    golden('alert.aggregate'),
    { ...golden('alert.ended'), alertId: 'a' },
    { ...golden('emotion.retracted'), alertIds: ['b'] },
    { ...raised, alertId: 'b', state: 'ended' },
  ].map((event, index) => ({ ...event, seq: index + 1 }));
  const heard: string[] = [];
  emotions.on('alert', ({ alertId, state }) => heard.push(`${alertId.slice(-2)} ${state}`));
  for (const event of events.slice(0, 3)) server.send(event);
  await until(emotions, ({ alerts }) => Object.keys(alerts).length === 3);
  for (const event of events.slice(3)) server.send(event);
  server.send(final(7));
  await next(emotions, 'event', has(7));
  const [left, ...more] = Object.values(emotions.room.value.alerts);
  assert.deepEqual([left?.rule.about, more], ['aggregate', []]);
  assert.deepEqual(heard, ['a raised', 'b raised', '02 raised', 'a ended'], 'nothing of one that was taken back');
});

test('fields that the client does not know are passed on and do no harm', async () => {
  const emotions = open();
  await emotions.ready();
  server.send({ ...final(1), addedLater: { anything: [1] }, modalities: { smell: { used: true } } });
  const [event] = await next(emotions, 'emotion.final');
  assert.deepEqual((event as unknown as { addedLater: unknown }).addedLater, { anything: [1] });
});

test('types that the client does not know count as received, are told as such, and stay out of everything else', async () => {
  const emotions = open();
  const numbers = recordNumbers(emotions);
  const iterated: string[] = [];
  const events = emotions.events();
  await emotions.ready();
  server.keep(final(1));
  server.send(final(1));
  server.send({ v: 1, type: 'emotion.forecast', eventId: 'f', roomId: 'r', atMs: 1, seq: 2, outlook: 'sunny' });
  server.send({ v: 1, type: 'mood.volatile', eventId: 'f', roomId: 'r', atMs: 1 });
  const [unknown] = await next(emotions, 'unknown');
  assert.equal(unknown['outlook'], 'sunny');
  server.send(final(3));
  for await (const { type } of events) if (iterated.push(type) === 2) break;
  assert.deepEqual(numbers, [1, 3]);
  assert.deepEqual(iterated, ['emotion.final', 'emotion.final']);
  assert.deepEqual(server.sinces, [undefined], 'number 2 was not missing');
});

test('what is no event is passed over', async () => {
  const emotions = open();
  const numbers = recordNumbers(emotions);
  await emotions.ready();
  const { seq: _, ...unnumbered } = final(1);
  const junk = [null, 7, 'text', [], {}, unnumbered, { ...final(1), seq: '1' }, { ...final(1), seq: -1 }];
  for (const value of [...junk, { ...final(1), roomId: 'another' }, { ...interim('u'), seq: 1 }]) {
    server.send(value as never, 'emotion.final');
  }
  server.send(final(1));
  await next(emotions, 'event', has(1));
  assert.deepEqual(numbers, [1]);
});

test('a server of another version is refused with what to do about it', async () => {
  server.subscribed = { contract: '2.0' };
  await assert.rejects(connect({ url: server.url, roomId: 'r', token: 't' }), (error: ClientError) => {
    assert.equal(error.code, 'contract-mismatch');
    assert.match(error.message, /speaks event contract "2\.0", this client reads 1\..*install the release/);
    return true;
  });
});

test('a server with a later minor version is followed, and told which one the client reads', async () => {
  server.subscribed = { contract: '1.99' };
  const emotions = await connect({ url: server.url, roomId: 'r', token: 't' });
  assert.equal(emotions.status, 'live');
  assert.deepEqual(server.handshakes, [{ token: 't', contract: CONTRACT_VERSION }]);
  emotions.close();
});

test('what was missed is heard by who begins to listen once connected', async () => {
  server.keep(final(1), final(2), final(3));
  const emotions = await connect({ url: server.url, roomId: 'r', token: 't', since: 1 });
  const numbers: number[] = [];
  for await (const event of emotions.events({ types: ['emotion.final'] })) {
    numbers.push(event.seq);
    if (event.seq === 3) server.send(final(4));
    if (event.seq === 4) break;
  }
  emotions.close();
  assert.deepEqual(numbers, [2, 3, 4]);
});

test('the means alone are asked for as such, and not along with a participant', async () => {
  const emotions = await connect({ url: server.url, roomId: 'r', token: 't', aggregate: true });
  emotions.close();
  assert.deepEqual(server.asked, [{ name: 'subscribe', payload: { roomId: 'r', aggregate: true } }]);
  const both = { url: server.url, roomId: 'r', token: 't', aggregate: true, participantId: 'ada' };
  await assert.rejects(connect(both), { name: 'TypeError', message: /^aggregate: .*participantId/ });
});

test('an event of another version is told once and not passed on', async () => {
  const emotions = open();
  await emotions.ready();
  const problems: string[] = [];
  emotions.on('problem', ({ code }) => problems.push(code));
  server.send({ ...final(1), v: 2 });
  server.send({ ...final(2), v: 2 });
  server.send(final(1));
  await next(emotions, 'event', has(1));
  assert.deepEqual(problems, ['contract-mismatch']);
});

test('a refused connection is told with its code and field, and not tried again', async () => {
  server.refuse = () => ({ code: 'unauthorized', message: 'the token is not one of this server’s', field: 'token' });
  const emotions = open();
  await assert.rejects(emotions.ready(), { name: 'ClientError', code: 'unauthorized', field: 'token' });
  assert.equal(emotions.status, 'closed');
  assert.equal(emotions.room.value.problem?.code, 'unauthorized');
  assert.equal(server.handshakes.length, 1);
  await assert.rejects(emotions.setConsent({ audio: false }), { code: 'unauthorized' });
});

test('a refusal that may pass is tried again', async () => {
  server.refuse = () => (server.handshakes.length < 2 ? { code: 'unavailable', message: 'not yet' } : undefined);
  const emotions = open();
  const problem = next(emotions, 'problem');
  await emotions.ready();
  assert.equal((await problem)[0].code, 'unavailable');
  assert.equal(server.handshakes.length, 2);
});

test('an expired token is renewed where there is something that renews it', async () => {
  let tokens = 0;
  server.refuse = ({ token }) => (token === 'token 1' ? { code: 'token-expired', message: 'expired' } : undefined);
  const emotions = open({ token: async () => `token ${++tokens}` });
  await emotions.ready();
  assert.deepEqual(
    server.handshakes.map(({ token }) => token),
    ['token 1', 'token 2'],
  );
});

test('a client that the server sends away comes back with a new token and misses nothing', async () => {
  let tokens = 0;
  const emotions = open({ token: () => `token ${++tokens}`, since: 0 });
  const numbers = recordNumbers(emotions);
  await emotions.ready();
  server.keep(final(1));
  for (const socket of server.sockets) socket.disconnect();
  await next(emotions, 'event', has(1));
  assert.deepEqual(numbers, [1]);
  assert.equal(server.handshakes.at(-1)?.['token'], 'token 2');
});

test('why the server ends a connection is told, and decides whether the client comes back', async () => {
  const emotions = open({ token: () => 't' });
  await emotions.ready();
  for (const socket of server.sockets) {
    socket.emit('session.ended', { code: 'later-code', message: 'too slow', retryable: true });
    socket.disconnect();
  }
  const [problem] = await next(emotions, 'problem');
  assert.equal(problem.code, 'later-code');
  await until(emotions, ({ status }) => status === 'live');
  assert.equal(server.handshakes.length, 2);
  for (const socket of server.sockets) {
    socket.emit('session.ended', { code: 'token-revoked', message: 'the token was taken back', retryable: false });
    socket.disconnect();
  }
  await until(emotions, ({ status }) => status === 'closed');
  assert.equal(emotions.room.value.problem?.code, 'token-revoked');
  assert.equal(server.handshakes.length, 2);
});

test('a token that cannot be had is told as such and asked for again', async () => {
  let asked = 0;
  server.refuse = ({ token }) => (token ? undefined : { code: 'unauthorized', message: 'a token is needed' });
  const emotions = open({
    token: () => {
      asked += 1;
      if (asked === 1) throw new Error('the sign-in service is down');
      return 't';
    },
  });
  const problem = next(emotions, 'problem');
  await emotions.ready();
  const [{ code, message }] = await problem;
  assert.equal(code, 'no-token');
  assert.match(message, /sign-in service is down/);
});

test('where nothing listens, connect() says so', async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  const url = `http://127.0.0.1:${port}`;
  await assert.rejects(connect({ url, roomId: 'r', token: 't', timeoutMs: 300 }), { code: 'unreachable' });
});

test('without the address of a server there is no client outside a browser', () => {
  assert.throws(() => new EmotionClient({ roomId: 'r', token: 't' }), /^TypeError: url: the address of the server/);
});

test('requests carry what the contract says, and refusals come with code and field', async () => {
  const emotions = open();
  await emotions.ready();
  await emotions.setConsent({ audio: true }, '2026-11');
  await emotions.setConsent({ audio: false });
  await emotions.setLabels(['calm', 'tense'], 'multi');
  await emotions.pushTranscript({ segmentId: 's', text: 'hello', final: true });
  assert.deepEqual(server.asked.slice(1), [
    { name: 'consent.set', payload: { audio: true, noticeVersion: '2026-11' } },
    { name: 'consent.set', payload: { audio: false } },
    { name: 'labels.set', payload: { labels: ['calm', 'tense'], kind: 'multi' } },
    { name: 'transcript.push', payload: { segmentId: 's', text: 'hello', final: true } },
  ]);
  server.answer = () => ({
    ok: false,
    error: { code: 'notice-outdated', message: 'show it again', field: 'noticeVersion' },
  });
  const refused = { name: 'ClientError', code: 'notice-outdated', field: 'noticeVersion' };
  await assert.rejects(emotions.setConsent({ audio: true }), refused);
  server.answer = () => ({ ok: 'perhaps' });
  await assert.rejects(emotions.setConsent({ audio: true }), { code: 'malformed' });
});

test('an iterator ends without an error by close, break and signal, and with one when the server ends it', async () => {
  const emotions = open();
  await emotions.ready();
  const abort = new AbortController();
  const aborted = emotions.events({ signal: abort.signal });
  const closed = emotions.events();
  abort.abort();
  assert.deepEqual(await aborted.next(), { value: undefined, done: true });
  const waiting = closed.next();
  emotions.close();
  assert.deepEqual(await waiting, { value: undefined, done: true });
  assert.deepEqual(await emotions.events().next(), { value: undefined, done: true });

  const other = open();
  await other.ready();
  const ended = other.events().next();
  server.refuse = () => ({ code: 'room-closed', message: 'the call has ended' });
  for (const socket of server.sockets) socket.disconnect();
  await assert.rejects(ended, { code: 'room-closed' });
  await until(other, ({ status }) => status === 'closed');
});

test('an iterator that is read too slowly drops interim results first, then says what it lost', async () => {
  const emotions = open({ bufferSize: 3 });
  await emotions.ready();
  const events = emotions.events();
  for (const id of ['a', 'b', 'c']) server.send(interim(id));
  for (const seq of [1, 2, 3, 4]) server.send(final(seq));
  await next(emotions, 'event', has(4));
  const seqs: number[] = [];
  await assert.rejects(
    async () => {
      for await (const event of events) seqs.push((event as { seq: number }).seq);
    },
    { code: 'overflow' },
  );
  assert.deepEqual(seqs, [1, 2, 3]);
});

test('a listener that throws hinders neither the others nor the client', async (t) => {
  const emotions = open();
  await emotions.ready();
  const thrown: unknown[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => thrown.push(error));
  t.after(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
  });
  emotions.on('emotion.final', () => {
    throw new Error('mine');
  });
  const numbers = recordNumbers(emotions);
  server.send(final(1));
  server.send(final(2));
  await next(emotions, 'event', has(2));
  assert.deepEqual(numbers, [1, 2]);
  assert.equal(String(thrown[0]), 'Error: mine');
});

test('the codes that the client tries again are those of the contract’s table', () => {
  for (const [code, { retryable }] of Object.entries(ERROR_CODES)) {
    assert.equal(RETRYABLE_CODES.has(code), retryable, code);
  }
});
