/** Alerts of a whole server: a real call with real media, a client for each scope, a receiver of webhooks. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connect as connectClient } from '../../client/index.ts';
import { Event } from '../../plugin/events/contract/v1/schema.ts';
import type { Alert, EmotionRetracted } from '../../plugin/index.ts';
import type { Server } from '../../server/index.ts';
import { createSampleCall } from '../../server/sample/index.ts';
import { newSecret } from '../../server/webhooks/signature.ts';
import { goldenEvent } from '../events/golden.ts';
import { Receiver, verified } from '../webhooks/Receiver.ts';
import { SECRET, tokenFor } from './host-tokens.ts';
import { connect, openServer, post, recordedLog } from './support.ts';

const HOOK_SECRET = newSecret();
/** Whatever the model says of sentiment, it is this. */
const always = { measure: 'sentiment', above: -3, margin: 0, minResults: 1 } as const;

describe('alerts of a call', () => {
  let server: Server;
  let receiver: Receiver;
  let sample: { roomId: string; token: string; speakers: { participantId: string }[] };
  const ends: (() => unknown)[] = [];
  const { lines, log } = recordedLog('info');

  before(async () => {
    receiver = await Receiver.start({ after: (end) => ends.push(end as () => unknown) });
    server = await openServer(
      {
        visibility: 'granted',
        tokenSecret: SECRET,
        alerts: {
          rules: [
            { id: 'own', about: 'self', ...always },
            { id: 'mood', about: 'aggregate', ...always },
            { id: 'bored', about: 'self', measure: 'label', label: 'bored', above: 0.5 },
          ],
          webhooks: [{ name: 'ops', url: receiver.url, secrets: [HOOK_SECRET], backoffMs: 50 }],
        },
      },
      // The call goes on for as long as it takes, though nobody of it watches.
      { log, emptyGraceMs: 600_000, createSamplePlayer: ({ router }) => createSampleCall({ router, loop: true }) },
    );
    const { status, body } = await post(server, '/v1/sample');
    assert.equal(status, 201);
    sample = body as typeof sample;
  });
  after(async () => {
    await server?.close();
    for (const end of ends) await end();
  });

  test('a rule about a label that nobody asks for is said at the start', () => {
    assert.ok(lines.some((line) => line.includes('"rule":"bored"') && line.includes('that no room asks for')));
  });

  test(
    'reach a client that sees the participant, and the receiver of webhooks after a failure',
    { timeout: 90_000 },
    async (t) => {
      receiver.answer(503);
      const { roomId } = sample;
      const token = await tokenFor('host', roomId, ['room:all']);
      const emotions = await connectClient({ url: server.url, roomId, token, since: 0, timeoutMs: 30_000 });
      t.after(() => emotions.close());
      for await (const alert of emotions.events({ types: ['alert'] })) {
        Event.parse(alert);
        assert.equal(alert.rule.id, 'own');
        assert.ok(sample.speakers.some(({ participantId }) => participantId === alert.participantId));
        assert.equal(emotions.room.value.alerts[alert.alertId]?.eventId, alert.eventId);
        assert.match(alert.message, /^Expression cues suggest/);
        break;
      }
      const [first, again] = await receiver.until(2);
      assert.equal(first!.headers['webhook-id'], again!.headers['webhook-id']);
      const kept = server.rooms.get(roomId)!.observer.since(0);
      assert.deepEqual(
        verified(HOOK_SECRET, again!).data,
        kept.find(({ eventId }) => eventId === again!.headers['webhook-id']),
      );
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      assert.match(metrics, /undertone_webhook_queue\{webhook="ops"\} \d/);
    },
  );

  test('are seen by whom the participant’s results are seen, and means by those who see means', async (t) => {
    const { roomId, speakers } = sample;
    const [shown, other] = speakers as [{ participantId: string }, { participantId: string }];
    const scopes = {
      one: [`participant:${shown.participantId}`],
      other: [`participant:${other.participantId}`],
      means: ['room:aggregate'],
      all: ['room:all'],
    };
    const clients = new Map<string, Awaited<ReturnType<typeof connect>>>();
    for (const [name, scope] of Object.entries(scopes)) {
      const client = await connect(t, server, '/emotion', await tokenFor(name, roomId, scope));
      assert.equal((await client.request('subscribe', { roomId })).ok, true, name);
      clients.set(name, client);
    }
    const { observer } = server.rooms.get(roomId)!;
    const own = { ...goldenEvent('alert'), roomId, participantId: shown.participantId, eventId: 'own-1' };
    const means = { ...goldenEvent('alert.aggregate'), roomId, eventId: 'means-1' };
    for (const event of [own, means]) observer.emit('event', event as unknown as Alert);
    const got = new Map<string, string[]>();
    for (const [name, client] of clients) {
      // Answers come in order: what was sent before has arrived.
      await client.request('unsubscribe', { roomId });
      const told = client.received.map(({ payload }) => payload['eventId']);
      got.set(
        name,
        ['own-1', 'means-1'].filter((id) => told.includes(id)),
      );
    }
    assert.deepEqual(Object.fromEntries(got), {
      one: ['own-1'],
      other: [],
      means: ['means-1'],
      all: ['own-1', 'means-1'],
    });
  });

  test('are taken back when consent is withdrawn, also from those who were away', { timeout: 90_000 }, async (t) => {
    const { roomId } = sample;
    const { observer } = server.rooms.get(roomId)!;
    const told = () => receiver.posts.map((one) => verified(HOOK_SECRET, one).data as Alert | EmotionRetracted);
    let alert: Alert | undefined;
    for (let count = 1; !alert; count++) {
      await receiver.until(count);
      alert = told().find(
        (event) => event.type === 'alert' && observer.since(0).some(({ eventId }) => eventId === event.eventId),
      ) as Alert | undefined;
    }
    const { participantId, alertId } = alert;
    observer.consent.set(participantId!, { audio: false, video: false, text: false });
    const isBack = (event: Alert | EmotionRetracted) =>
      event.type === 'emotion.retracted' && event.alertIds!.includes(alertId);
    for (let count = 1; !told().some(isBack); count++) await receiver.until(count);
    const client = await connect(t, server, '/emotion', await tokenFor('late', roomId, ['room:all']));
    const { missed } = await client.request('subscribe', { roomId, since: 0 });
    assert.ok(!(missed as Alert[]).some((event) => event.type === 'alert' && event.alertId === alertId));
  });
});
