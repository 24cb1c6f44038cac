/** The page's client against a real Socket.IO server that plays the part of ours. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { Server, type Socket as ServerSocket } from 'socket.io';
import { Manager } from 'socket.io-client';
import type { EmotionFinal, UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { EmotionClient } from '../../server/web/emotion/EmotionClient.ts';
import type { EmotionState } from '../../server/web/emotion/EmotionState.ts';
import { finalOf } from './events.ts';

const NOTHING = { audio: false, video: false, text: false };

/** What the server holds: its durable events, and what the client asked for. */
let log: EmotionFinal[];
let asked: { event: string; payload: Record<string, unknown> }[];
let refuse: { code: string; message: string } | undefined;
let gapless: boolean;
let http: HttpServer;
let io: Server;
let client: EmotionClient | undefined;

beforeEach(async () => {
  log = [];
  asked = [];
  refuse = undefined;
  gapless = true;
  http = createServer();
  io = new Server(http);
  io.of('/emotion').on('connection', (socket) => {
    socket.onAny((event: string, payload: Record<string, unknown>, reply: (answer: object) => void) => {
      asked.push({ event, payload });
      if (refuse) return reply({ ok: false, error: refuse });
      if (event !== 'subscribe') return reply({ ok: true, id: 'own', labels: ['calm', 'tense'] });
      const seq = log.at(-1)?.seq ?? 0;
      const since = payload['since'] as number;
      const participants = [{ participantId: 'ada', displayName: 'Ada', consent: NOTHING, analysed: NOTHING }];
      const missed = log.filter((one) => one.seq > since);
      return reply({
        ok: true,
        seq,
        state: 'active',
        participants,
        labelSet: { labels: ['joy', 'neutral'] },
        gapless,
        missed,
      });
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
});

afterEach(async () => {
  client?.close();
  client = undefined;
  await io.close();
});

function connect(): EmotionClient {
  const { port } = http.address() as AddressInfo;
  const manager = new Manager(`http://127.0.0.1:${port}`, { reconnectionDelay: 10, reconnectionDelayMax: 20 });
  client = new EmotionClient({ socket: manager.socket('/emotion'), roomId: 'standup' });
  return client;
}

function append(seq: number): EmotionFinal {
  const event = finalOf(`u${seq}`, seq * 1_000, { eventId: `e${seq}`, seq });
  log.push(event);
  return event;
}

function send(event: UndertoneEvent): void {
  io.of('/emotion').emit(event.type, event);
}

async function until(of: EmotionClient, holds: (state: EmotionState) => boolean): Promise<void> {
  if (holds(of.state.value)) return;
  await new Promise<void>((resolve) => {
    const end = of.state.subscribe(() => {
      if (!holds(of.state.value)) return;
      end();
      resolve();
    });
  });
}

const has =
  (...seqs: number[]) =>
  (state: EmotionState) => {
    const known = state.participants['ada']?.finals.map(({ seq }) => seq) ?? [];
    return seqs.every((seq) => known.includes(seq));
  };
const subscriptions = () => asked.filter(({ event }) => event === 'subscribe').map(({ payload }) => payload['since']);

test('on coming in, everything that the server still has is asked for', async () => {
  append(1);
  append(2);
  await until(connect(), has(1, 2));
  assert.deepEqual(subscriptions(), [0]);
  assert.deepEqual(client?.labels.value.labels, ['joy', 'neutral']);
  assert.equal(client?.state.value.analysis.state, 'active');
});

test('a jump in the numbers is noticed and what lies between is fetched', async () => {
  append(1);
  await until(connect(), has(1));
  append(2);
  append(3);
  send(append(4));
  await until(client!, has(2, 3, 4));
  assert.deepEqual(subscriptions(), [0, 1]);
});

test('numbers without a jump lead to no further question', async () => {
  append(1);
  await until(connect(), has(1));
  send(append(2));
  send(append(3));
  await until(client!, has(2, 3));
  assert.deepEqual(subscriptions(), [0]);
});

test('who sees only their own events takes the numbers of others for what they are', async () => {
  gapless = false;
  append(1);
  await until(connect(), has(1));
  send(append(7));
  await until(client!, has(7));
  assert.deepEqual(subscriptions(), [0]);
});

test('after a lost connection the client follows again and fetches what it missed', async () => {
  append(1);
  await until(connect(), has(1));
  const [socket] = (await io.of('/emotion').fetchSockets()) as unknown as ServerSocket[];
  append(2);
  // As when a network breaks off: no goodbye.
  const engine = (io.of('/emotion').sockets.get(socket!.id) as ServerSocket).conn;
  engine.close();
  await until(client!, has(2));
  assert.deepEqual(subscriptions(), [0, 1]);
});

test('an event of an unknown type counts as received and is otherwise ignored', async () => {
  append(1);
  await until(connect(), has(1));
  const unknown = { v: 1, type: 'emotion.forecast', eventId: 'f', roomId: 'standup', atMs: 1, seq: 2 };
  io.of('/emotion').emit('emotion.forecast', unknown);
  send(append(3));
  await until(client!, has(3));
  assert.deepEqual(subscriptions(), [0], 'number 2 was not missing');
});

test('what is no event of this contract is passed over', async () => {
  append(1);
  await until(connect(), has(1));
  for (const junk of [null, 7, 'text', {}, { v: 2, type: 'emotion.final', seq: 2 }])
    io.of('/emotion').emit('emotion.final', junk);
  send(append(2));
  await until(client!, has(2));
  assert.equal(client?.state.value.lines.length, 2);
});

test('a refusal is told with its code, and consent carries the version of the notice that was shown', async () => {
  append(1);
  await until(connect(), has(1));
  await client!.setConsent({ audio: true }, '2026-11');
  assert.deepEqual(asked.at(-1), { event: 'consent.set', payload: { audio: true, noticeVersion: '2026-11' } });
  refuse = { code: 'no-consent', message: 'you have not allowed your words to be analysed' };
  await assert.rejects(client!.pushTranscript({ segmentId: 's', text: 'hello', final: true }), {
    name: 'ClientError',
    code: 'no-consent',
  });
});

test('chosen labels are in force as soon as the server says so', async () => {
  append(1);
  await until(connect(), has(1));
  await client!.setLabels(['calm', 'tense'], 'single');
  assert.deepEqual(client!.labels.value, { id: 'own', labels: ['calm', 'tense'] });
});
