import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import { io, type Socket } from 'socket.io-client';
import type { Alert, EmotionFinal, EmotionInterim, EmotionRetracted, UndertoneEvent } from '../../plugin/index.ts';
import type { Server } from '../../server/index.ts';
import { goldenAs } from '../events/golden.ts';
import { SECRET, tokenFor } from './host-tokens.ts';
import { openServer, register, type Registered } from './support.ts';

/** A client that comes back by itself, as a page does. */
async function returning(t: TestContext, server: Server, { token, roomId }: Registered) {
  const socket: Socket = io(`${server.url}/emotion`, {
    auth: { token },
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 100,
  });
  t.after(() => socket.disconnect());
  const received: UndertoneEvent[] = [];
  socket.onAny((_name: string, event: UndertoneEvent) => received.push(event));
  await next(socket, 'connect');
  await socket.emitWithAck('subscribe', { roomId });
  return { socket, received };
}

function next(socket: Socket, event: string): Promise<unknown> {
  return new Promise((resolve) => void socket.once(event, resolve));
}

describe('a connection that breaks off', () => {
  let server: Server;
  before(async () => {
    server = await openServer({ tokenSecret: SECRET });
  });
  after(() => server.close());

  const inRoom = <E extends UndertoneEvent>(event: E, { roomId, participantId }: Registered, more: object): E => ({
    ...event,
    roomId,
    participantId,
    eventId: crypto.randomUUID(),
    ...more,
  });

  /** Sends events by the room's observer while the client is away; returns what it got once it was back. */
  async function whileAway(t: TestContext, roomId: string, events: (ada: Registered) => UndertoneEvent[]) {
    const ada = await register(server, roomId);
    const { socket, received } = await returning(t, server, ada);
    const { observer } = server.rooms.get(roomId)!;
    // An offset to recover from is known after the first event.
    observer.emit('event', inRoom(goldenAs<EmotionFinal>('emotion.final'), ada, { seq: 1, utteranceId: 'before' }));
    while (!received.some(({ type }) => type === 'emotion.final')) await next(socket, 'emotion.final');

    const back = next(socket, 'connect');
    const away = next(socket, 'disconnect');
    socket.io.engine.close();
    await away;
    for (const event of events(ada)) observer.emit('event', event);
    await back;
    // Answers come in order: whatever was missed has arrived before this one.
    await socket.emitWithAck('unsubscribe', { roomId, participantId: ada.participantId });
    return { socket, missed: received.slice(1) };
  }

  test('has the finals that it missed, but not the interim results', async (t) => {
    const { socket, missed } = await whileAway(t, 'away', (ada) => [
      inRoom(goldenAs<EmotionInterim>('emotion.interim'), ada, { utteranceId: 'one' }),
      inRoom(goldenAs<EmotionFinal>('emotion.final'), ada, { seq: 2, utteranceId: 'one' }),
      inRoom(goldenAs<EmotionFinal>('emotion.final'), ada, { seq: 3, utteranceId: 'two' }),
    ]);
    assert.equal(socket.recovered, true);
    assert.deepEqual(
      missed.map((event) => [event.type, 'utteranceId' in event && event.utteranceId]),
      [
        ['emotion.final', 'one'],
        ['emotion.final', 'two'],
      ],
    );
  });

  test('never gets a result late that was taken back meanwhile', async (t) => {
    const { missed } = await whileAway(t, 'withdrawn', (ada) => [
      inRoom(goldenAs<EmotionFinal>('emotion.final'), ada, { seq: 2, utteranceId: 'taken back' }),
      inRoom(goldenAs<EmotionFinal>('emotion.final'), ada, { seq: 3, utteranceId: 'kept' }),
      inRoom(goldenAs<EmotionRetracted>('emotion.retracted'), ada, { seq: 4, utteranceIds: ['taken back'] }),
    ]);
    assert.ok(!missed.some((event) => 'utteranceId' in event && event.utteranceId === 'taken back'));
    assert.deepEqual(
      missed.map(({ type }) => type),
      ['emotion.final', 'emotion.retracted'],
    );
  });

  test('nor an alert that was taken back', async (t) => {
    const { missed } = await whileAway(t, 'alert-withdrawn', (ada) => [
      inRoom(goldenAs<Alert>('alert'), ada, { seq: 2, alertId: 'taken back' }),
      inRoom(goldenAs<Alert>('alert'), ada, { seq: 3, alertId: 'kept' }),
      inRoom(goldenAs<EmotionRetracted>('emotion.retracted'), ada, { seq: 4, alertIds: ['taken back'] }),
    ]);
    assert.deepEqual(
      missed.map((event) => (event.type === 'alert' ? event.alertId : event.type)),
      ['kept', 'emotion.retracted'],
    );
  });

  /** What a client gets when it comes back to another token, or to none that holds. */
  async function comesBack(t: TestContext, roomId: string, meanwhile: (ada: Registered, socket: Socket) => unknown) {
    const ada = await register(server, roomId);
    const { socket, received } = await returning(t, server, ada);
    const { observer } = server.rooms.get(roomId)!;
    observer.emit('event', inRoom(goldenAs<EmotionFinal>('emotion.final'), ada, { seq: 1 }));
    while (!received.some(({ type }) => type === 'emotion.final')) await next(socket, 'emotion.final');
    const wire: string[] = [];
    socket.io.on('open', () => socket.io.engine.on('data', (data) => wire.push(String(data))));
    const away = next(socket, 'disconnect');
    socket.io.engine.close();
    await away;
    observer.emit('event', inRoom(goldenAs<EmotionFinal>('emotion.final'), ada, { seq: 2, utteranceId: 'secret' }));
    await meanwhile(ada, socket);
    return { ada, socket, observer, wire, received };
  }

  test('gets nothing when its right was taken back meanwhile, not even before the refusal', async (t) => {
    const refused = Promise.withResolvers<Error & { data?: { code?: string } }>();
    const { wire } = await comesBack(t, 'revoked', async ({ roomId, participantId }, socket) => {
      socket.once('connect_error', refused.resolve);
      const admin = await tokenFor('backend', roomId, ['admin']);
      const response = await fetch(`${server.url}/v1/rooms/${roomId}/revocations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
        body: JSON.stringify({ participantId }),
      });
      assert.equal(response.status, 200);
    });
    assert.equal((await refused.promise).data?.code, 'token-revoked');
    assert.ok(wire.length > 0);
    assert.deepEqual(
      wire.filter((text) => text.includes('secret')),
      [],
    );
  });

  test('gets nothing of others when it comes back with fewer rights', async (t) => {
    const { ada, socket, observer, wire, received } = await comesBack(t, 'downgraded', async (one, socket) => {
      const grace = await register(server, one.roomId, 'Grace');
      socket.auth = { token: await tokenFor(grace.participantId, one.roomId, ['self']) };
      await next(socket, 'connect');
    });
    assert.equal(socket.recovered, false);
    observer.emit('event', inRoom(goldenAs<EmotionFinal>('emotion.final'), ada, { seq: 3, utteranceId: 'later' }));
    const answer = (await socket.emitWithAck('subscribe', { roomId: 'downgraded', since: 1 })) as { missed: object[] };
    assert.ok(!JSON.stringify(answer.missed).includes(ada.participantId));
    assert.equal(received.length, 1);
    assert.ok(!wire.some((text) => text.includes('secret') || text.includes('later')));
  });

  test('of the same bearer with the same right to less is a new one', async (t) => {
    const { socket, wire } = await comesBack(t, 'less', async (ada, socket) => {
      socket.auth = { token: await tokenFor(ada.participantId, ada.roomId, ['transcript:write']) };
      await next(socket, 'connect');
    });
    assert.equal(socket.recovered, false);
    await socket.emitWithAck('unsubscribe', { roomId: 'less' });
    assert.ok(!wire.some((text) => text.includes('secret')));
  });

  test('recovers nothing with a token of somebody else', async (t) => {
    const ada = await register(server, 'swapped', 'Ada');
    const other = await register(server, 'another-room', 'Grace');
    const { socket, received } = await returning(t, server, ada);
    const { observer } = server.rooms.get('swapped')!;
    observer.emit('event', inRoom(goldenAs<EmotionFinal>('emotion.final'), ada, { seq: 1 }));
    while (received.length === 0) await next(socket, 'emotion.final');

    socket.auth = { token: other.token };
    const back = next(socket, 'connect');
    socket.io.engine.close();
    await back;
    const before = received.length;
    observer.emit('event', inRoom(goldenAs<EmotionFinal>('emotion.final'), ada, { seq: 2 }));
    await socket.emitWithAck('unsubscribe', { roomId: 'another-room' });
    assert.equal(received.length, before, 'the former subscriptions do not come along');
  });
});
