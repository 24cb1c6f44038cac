/** What the client promises of the order of events, against a server that misbehaves. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { connect, EmotionClient, type EmotionClientOptions, type Gap } from '../../client/index.ts';
import { StandIn } from './StandIn.ts';
import { final, interim, next, recordNumbers, retraction, until } from './support.ts';

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

/** Opened and recorded before anything can come. */
function open(options: Partial<EmotionClientOptions> = {}): { client: EmotionClient; numbers: number[] } {
  const socketOptions = { reconnectionDelay: 10, reconnectionDelayMax: 20 };
  client = new EmotionClient({ url: server.url, roomId: 'r', token: 't', socketOptions, ...options } as never);
  return { client, numbers: recordNumbers(client) };
}

const has = (seq: number) => (event: object) => 'seq' in event && event.seq === seq;

test('a client begins with what comes from now on', async () => {
  server.keep(final(1), final(2));
  const { client, numbers } = open();
  await client.ready();
  server.send(final(3));
  await next(client, 'event', has(3));
  assert.deepEqual(numbers, [3]);
  assert.deepEqual(server.sinces, [undefined]);
});

test('or with all that the server still keeps', async () => {
  server.keep(final(1), final(2));
  const { client, numbers } = open({ since: 0 });
  const deliveries: boolean[] = [];
  client.on('emotion.final', (_event, { live }) => deliveries.push(live));
  await client.ready();
  server.send(final(3));
  await next(client, 'event', has(3));
  assert.deepEqual(numbers, [1, 2, 3]);
  assert.deepEqual(deliveries, [false, false, true]);
});

test('an event that jumps ahead waits until what lies before it has been fetched', async () => {
  const { client, numbers } = open();
  await client.ready();
  server.keep(final(1), final(2), final(3), final(4));
  server.send(final(1));
  server.send(final(4));
  await next(client, 'event', has(4));
  assert.deepEqual(numbers, [1, 2, 3, 4]);
  assert.deepEqual(server.sinces, [undefined, 1]);
});

test('what comes while a gap is being filled keeps its place, and nothing comes twice', async () => {
  const { client, numbers } = open({ since: 0 });
  await client.ready();
  server.keep(final(1), final(2), final(3));
  server.answer = (name) => {
    // The client waits for this answer: these come before it, one of them for the second time.
    if (name === 'subscribe') for (const seq of [5, 3, 4, 4]) server.send(final(seq));
    return undefined;
  };
  server.send(final(3));
  await next(client, 'event', has(5));
  assert.deepEqual(numbers, [1, 2, 3, 4, 5]);
});

test('after a broken line the client comes back by itself and fetches what it missed', async () => {
  const { client, numbers } = open();
  await client.ready();
  server.send(final(1));
  await next(client, 'event', has(1));
  server.keep(final(1), final(2), final(3));
  const statuses: string[] = [];
  client.on('status', (status) => statuses.push(status));
  server.breakLines();
  await next(client, 'event', has(3));
  await until(client, ({ status }) => status === 'live');
  assert.deepEqual(numbers, [1, 2, 3]);
  assert.deepEqual(server.sinces, [undefined, 1]);
  assert.deepEqual(statuses, ['reconnecting', 'live']);
});

test('a viewer to whom not every number comes takes jumps for what they are', async () => {
  server.subscribed = { gapless: false };
  const { client, numbers } = open({ participantId: 'ada' });
  await client.ready();
  server.send(final(4));
  server.send(final(9));
  await next(client, 'event', has(9));
  assert.deepEqual(numbers, [4, 9]);
  assert.deepEqual(server.sinces, [undefined]);
  assert.equal(server.asked[0]?.payload['participantId'], 'ada');
});

test('more than fits into one answer is fetched in several', async () => {
  const all = [1, 2, 3, 4, 5].map((seq) => final(seq));
  server.keep(...all);
  server.answer = (name, { since }) => {
    if (name !== 'subscribe' || since === 4) return undefined;
    const missed = all.slice(since as number, (since as number) + 2);
    return { ok: true, seq: 5, state: 'active', participants: [], labelSet: { labels: [] }, missed, more: true };
  };
  const { client, numbers } = open({ since: 0 });
  await client.ready();
  assert.deepEqual(numbers, [1, 2, 3, 4, 5]);
  assert.deepEqual(server.sinces, [0, 2, 4]);
});

test('what the server does not keep any more is told as a gap', async () => {
  server.keep(final(7), final(8));
  server.subscribed = { truncated: true };
  const { client, numbers } = open({ since: 3 });
  const [gap] = await next(client, 'gap');
  assert.deepEqual(gap, { afterSeq: 3, beforeSeq: 7, reason: 'not-kept' } satisfies Gap);
  await client.ready();
  assert.deepEqual(numbers, [7, 8]);
});

test('a room that counts anew is told and followed from its beginning', async () => {
  server.keep(final(1), final(2));
  const { client, numbers } = open({ since: 40 });
  const [gap] = await next(client, 'gap');
  assert.deepEqual(gap, { afterSeq: 40, beforeSeq: 1, reason: 'restarted' } satisfies Gap);
  await client.ready();
  assert.deepEqual(numbers, [1, 2]);
  assert.deepEqual(server.sinces, [40, 0]);
});

test('a server that has yet to hear of an event from another is asked again until it has', async () => {
  const { client, numbers } = open({ since: 0 });
  await client.ready();
  let answers = 0;
  server.answer = (name) => {
    if (name !== 'subscribe') return undefined;
    answers += 1;
    // The first answer still lacks number 1.
    if (answers === 2) server.keep(final(1), final(2));
    return undefined;
  };
  server.send(final(2));
  await next(client, 'event', has(2));
  assert.deepEqual(numbers, [1, 2]);
});

test('results that were taken back are not delivered, wherever they wait', async () => {
  const { client, numbers } = open({ since: 0 });
  await client.ready();
  const iterated = client.events({ types: ['emotion.final', 'emotion.interim'] });
  // Waits in the iterator.
  server.send(final(1, 'gone'));
  await next(client, 'event', has(1));
  // Waits for number 2; comes after what takes it back; has no number.
  server.answer = (name) => {
    if (name !== 'subscribe') return undefined;
    server.send(retraction(4, ['gone', 'late', 'held']));
    server.keep(final(1, 'gone'), final(2, 'kept'), retraction(4, ['gone', 'late', 'held']), final(5, 'late'));
    return undefined;
  };
  server.send(final(3, 'held'));
  await next(client, 'emotion.retracted');
  server.send(interim('gone'));
  server.send(final(6, 'kept-too'));
  await next(client, 'event', has(6));
  assert.deepEqual(numbers, [1, 2, 4, 6]);
  const seen: string[] = [];
  for await (const event of iterated) {
    seen.push(event.utteranceId);
    if (event.utteranceId === 'kept-too') break;
  }
  assert.deepEqual(seen, ['kept', 'kept-too']);
});

test('interim results come at once and have no part in the order', async () => {
  const { client } = open();
  await client.ready();
  server.send(interim('u1'));
  const [event] = await next(client, 'emotion.interim');
  assert.equal('seq' in event, false);
  assert.equal(client.room.value.participants['ada']?.reading?.type, 'emotion.interim');
  server.send(final(1, 'u1'));
  await next(client, 'emotion.final');
  server.send(interim('u1'));
  server.send(final(2));
  await next(client, 'event', has(2));
  assert.equal(client.room.value.participants['ada']?.reading?.utteranceId, 'u2');
});

test('a client that goes on from the last number of another misses nothing', async () => {
  server.keep(final(1), final(2));
  const first = open({ since: 0 });
  await first.client.ready();
  const since = first.client.lastSeq;
  first.client.close();
  server.keep(final(3));
  client = await connect({ url: server.url, roomId: 'r', token: 't', since });
  const [event] = await next(client, 'emotion.final');
  assert.deepEqual([event.seq, client.lastSeq], [3, 3]);
  assert.deepEqual(server.sinces, [0, 2]);
});
