import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test, type TestContext } from 'node:test';
import { io, type Socket } from 'socket.io-client';
import type { EmotionFinal, EmotionInterim, EmotionRetracted, UndertoneEvent } from '../../plugin/index.ts';
import type { Server } from '../../server/index.ts';
import { openServer, register, type Registered } from './support.ts';

const GOLDEN = new URL('../../plugin/events/contract/v1/golden/', import.meta.url);
const golden = <E>(name: string) => JSON.parse(readFileSync(new URL(name, GOLDEN), 'utf8')) as E;

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
    server = await openServer();
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
    observer.emit('event', inRoom(golden<EmotionFinal>('emotion.final.json'), ada, { seq: 1, utteranceId: 'before' }));
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
      inRoom(golden<EmotionInterim>('emotion.interim.json'), ada, { utteranceId: 'one' }),
      inRoom(golden<EmotionFinal>('emotion.final.json'), ada, { seq: 2, utteranceId: 'one' }),
      inRoom(golden<EmotionFinal>('emotion.final.json'), ada, { seq: 3, utteranceId: 'two' }),
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
      inRoom(golden<EmotionFinal>('emotion.final.json'), ada, { seq: 2, utteranceId: 'taken back' }),
      inRoom(golden<EmotionFinal>('emotion.final.json'), ada, { seq: 3, utteranceId: 'kept' }),
      inRoom(golden<EmotionRetracted>('emotion.retracted.json'), ada, { seq: 4, utteranceIds: ['taken back'] }),
    ]);
    assert.ok(!missed.some((event) => 'utteranceId' in event && event.utteranceId === 'taken back'));
    assert.deepEqual(
      missed.map(({ type }) => type),
      ['emotion.final', 'emotion.retracted'],
    );
  });

  test('recovers nothing with a token of somebody else', async (t) => {
    const ada = await register(server, 'swapped', 'Ada');
    const other = await register(server, 'another-room', 'Grace');
    const { socket, received } = await returning(t, server, ada);
    const { observer } = server.rooms.get('swapped')!;
    observer.emit('event', inRoom(golden<EmotionFinal>('emotion.final.json'), ada, { seq: 1 }));
    while (received.length === 0) await next(socket, 'emotion.final');

    socket.auth = { token: other.token };
    const back = next(socket, 'connect');
    socket.io.engine.close();
    await back;
    const before = received.length;
    observer.emit('event', inRoom(golden<EmotionFinal>('emotion.final.json'), ada, { seq: 2 }));
    await socket.emitWithAck('unsubscribe', { roomId: 'another-room' });
    assert.equal(received.length, before, 'the former subscriptions do not come along');
  });
});
