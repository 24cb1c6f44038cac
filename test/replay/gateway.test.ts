/** Replays over the real server, the real store and the real client. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test, type TestContext } from 'node:test';
import {
  createServer as createTcpServer,
  connect as connectTcp,
  type AddressInfo,
  type Socket as TcpSocket,
} from 'node:net';
import { io } from 'socket.io-client';
import { openReplay, type OpenReplayOptions, type Replay, type UndertoneEvent } from '../../client/index.ts';
import { keep, serverWithStore, signed, talk, type Kept } from '../meetings/support.ts';
import { Client, refusal, register } from '../server/support.ts';

const fast = { speed: 32, timeoutMs: 60_000 };

async function readAll(replay: Replay): Promise<UndertoneEvent[]> {
  const events: UndertoneEvent[] = [];
  for await (const event of replay) events.push(event);
  return events;
}

const bytes = (events: readonly UndertoneEvent[]) => events.map((event) => JSON.stringify(event));

/** Between client and server: its lines break when the test says so. */
async function lineBreaker(url: string) {
  const { port } = new URL(url);
  const open = new Set<TcpSocket>();
  const server = createTcpServer((client) => {
    const upstream = connectTcp(Number(port), '127.0.0.1');
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.once('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakLines = () => {
    for (const one of open) one.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    breakLines,
    close: () => {
      breakLines();
      server.close();
    },
  };
}

describe('a replay', () => {
  let kept: Kept;
  let meetingId: string;
  let lines: string[];
  before(async () => {
    kept = await serverWithStore({ limits: { replaysPerConnection: 2, replaysPerAddress: 5 } });
    const { meetingId: id, events } = await keep(kept.store);
    meetingId = id;
    lines = bytes(events);
  });
  after(() => kept.close());

  const everybody = () => signed('watcher', 'standup', 'room:all');
  async function open(t: TestContext, options: Partial<OpenReplayOptions> = {}): Promise<Replay> {
    const token = options.token ?? (await everybody());
    const replay = await openReplay({ url: kept.server.url, meetingId, ...fast, ...options, token });
    t.after(() => replay.close());
    return replay;
  }
  async function raw(t: TestContext, token: string): Promise<Client> {
    const client = new Client(kept.server, '/emotion', token);
    (client.socket.auth as { past?: boolean }).past = true;
    t.after(() => client.close());
    return client.connected();
  }

  test('gives the events of the meeting, byte for byte, in their order, to each viewer the same', async (t) => {
    const opening = [open(t), open(t), open(t, { speed: 16 })];
    const played = await Promise.all(opening.map(async (replay) => readAll(await replay)));
    for (const events of played) assert.deepEqual(bytes(events), lines);
    const [first] = await Promise.all(opening);
    assert.deepEqual(first!.position.value, { positionMs: 60_000, speed: 32, playback: 'ended' });
    assert.deepEqual(
      (await first!.ready()).participants.map(({ displayName }) => displayName),
      ['Ada', 'Grace'],
    );
  });

  test('has the state that a viewer from the start would have there, wherever it leaps', async (t) => {
    const from = await open(t);
    const states: { ord: number; positionMs: number; participants: object; analysis: string }[] = [];
    from.on('event', ({ atMs }, { ord }) => {
      const { participants, analysis } = from.room.value;
      states.push({ ord, positionMs: atMs - 1_000_000 + 1, participants, analysis });
    });
    await readAll(from);
    assert.equal(states.length, lines.length);
    const leaping = await open(t, { paused: true });
    for (const index of [12, 3, states.length - 1, 0, 8]) {
      const { positionMs, participants, analysis } = states[index]!;
      await leaping.seek(positionMs);
      const room = leaping.room.value;
      assert.deepEqual({ ...room.participants }, { ...withPresent(participants) }, `at ${positionMs}`);
      assert.equal(room.analysis, analysis);
    }
  });

  /** Both were there from the beginning, also before anything was said of them. */
  function withPresent(participants: object) {
    const nothing = { audio: false, video: false, text: false };
    const there = (participantId: string, displayName: string) => ({
      [participantId]: { participantId, displayName, consent: nothing, analysed: nothing, speaking: false },
    });
    const all = { ...there('ada', 'Ada'), ...there('grace', 'Grace') };
    for (const [id, known] of Object.entries(participants) as ['ada' | 'grace', object][]) {
      all[id] = { ...all[id]!, ...known };
    }
    return all;
  }

  test('pauses, goes on, and changes its speed', async (t) => {
    const replay = await open(t, { from: 20_500, paused: true });
    assert.equal(replay.position.value.playback, 'paused');
    const events: UndertoneEvent[] = [];
    replay.on('event', (event) => events.push(event));
    await replay.rate(0.25);
    await replay.resume();
    await replay.pause();
    assert.ok(replay.position.value.positionMs < 30_000);
    assert.deepEqual(events, []);
    await replay.rate(32);
    await replay.resume();
    await new Promise<void>((resolve) => replay.on('position', ({ playback }) => playback === 'ended' && resolve()));
    const first = lines.findIndex((line) => (JSON.parse(line) as UndertoneEvent).atMs >= 1_020_500);
    assert.deepEqual(bytes(events), lines.slice(first));
  });

  test('goes on where it was after a broken line, without a gap', async (t) => {
    const proxy = await lineBreaker(kept.server.url);
    t.after(() => proxy.close());
    const socketOptions = { reconnectionDelay: 50, transports: ['websocket'] };
    const replay = await open(t, { url: proxy.url, socketOptions, paused: true });
    const reading = readAll(replay);
    let seen = 0;
    replay.on('event', () => {
      if ((seen += 1) === 5) proxy.breakLines();
    });
    const problem = new Promise((resolve) => replay.once('problem', resolve));
    await replay.resume();
    assert.deepEqual(bytes(await reading), lines);
    assert.equal(((await problem) as { code: string }).code, 'unreachable');
  });

  test('is opened on a live connection too, and ends with it', async (t) => {
    const { connect } = await import('../../client/index.ts');
    await register(kept.server, 'standup');
    const client = await connect({
      url: kept.server.url,
      roomId: 'standup',
      token: await everybody(),
      timeoutMs: 60_000,
    });
    t.after(() => client.close());
    const live: UndertoneEvent[] = [];
    client.on('event', (event) => live.push(event));
    const replay = client.replay(meetingId, { speed: 32 });
    assert.deepEqual(bytes(await readAll(replay)), lines);
    assert.deepEqual(live, [], 'nobody takes it for what happens now');
    const other = client.replay(meetingId, { paused: true });
    await other.ready();
    client.close();
    assert.equal(other.room.value.status, 'closed');
  });

  test('shows what the token shows, and no more than participants were told', async (t) => {
    const subjects = async (id: string, ...token: Parameters<typeof signed>) => {
      const replay = await open(t, { meetingId: id, token: await signed(...token) });
      const events = await readAll(replay);
      replay.close();
      return [...new Set(events.map((event) => ('participantId' in event ? event.participantId : event.type)))].sort();
    };
    assert.deepEqual(await subjects(meetingId, 'ada', 'standup', 'self'), ['ada', 'analysis.state']);
    assert.deepEqual(await subjects(meetingId, 'bot', 'standup', 'participant:grace'), ['analysis.state', 'grace']);
    assert.deepEqual(await subjects(meetingId, 'means', 'standup', 'room:aggregate'), ['analysis.state']);
    const { meetingId: own } = await keep(kept.store, { roomId: 'own', visibility: 'self' });
    assert.deepEqual(await subjects(own, 'ada', 'own', 'self', 'room:all'), ['ada', 'analysis.state']);
    const refused = open(t, { meetingId: own, token: await signed('watcher', 'own', 'room:all') });
    await assert.rejects(refused, { code: 'forbidden', field: 'meetingId' });
    const state = await open(t, { token: await signed('ada', 'standup', 'self'), from: 50_000, paused: true });
    assert.deepEqual(Object.keys(state.room.value.participants), ['ada'], 'nor by a leap');
  });

  test('is refused with a code of the table, and the field', async (t) => {
    await assert.rejects(open(t, { meetingId: 'nothing' }), { code: 'not-found', field: 'meetingId' });
    await assert.rejects(open(t, { speed: 64 }), { code: 'invalid', field: 'speed' });
    await assert.rejects(open(t, { token: await signed('a', 'other', 'room:all') }), { code: 'forbidden' });
    const { meetingId: running } = await keep(kept.store, { roomId: 'standup', startMs: 5_000_000, running: true });
    await assert.rejects(open(t, { meetingId: running }), {
      code: 'conflict',
      field: 'meetingId',
      // What to do in place of it.
      message: /subscribe to its room with `since`/,
    });
    const soFar = await fetch(`${kept.server.url}/v1/meetings/${running}/events`, {
      headers: { authorization: `Bearer ${await everybody()}` },
    });
    assert.ok(((await soFar.json()) as { events: unknown[] }).events.length > 10, 'as it stands, over HTTP');

    const client = await raw(t, await everybody());
    const ask = async (name: string, payload: object) => {
      const { ok, error } = await client.request(name, payload);
      return ok ? 'ok' : [error!.code, error!.field].join(' ');
    };
    assert.equal(await ask('subscribe', { roomId: 'standup' }), 'room-closed ');
    assert.equal(await ask('replay.seek', { replayId: 'a', to: 0 }), 'not-found replayId');
    assert.equal(await ask('replay.close', { replayId: 'a' }), 'not-found replayId');
    const wanted = { replayId: 'a', meetingId, paused: true };
    assert.equal(await ask('replay.open', wanted), 'ok');
    assert.equal(await ask('replay.open', wanted), 'conflict replayId');
    assert.equal(await ask('replay.rate', { replayId: 'a', speed: 0.1 }), 'invalid speed');
    assert.equal(await ask('replay.seek', { replayId: 'a', to: -1 }), 'invalid to');
    assert.equal(await ask('replay.open', { ...wanted, replayId: 'b' }), 'ok');
    assert.equal(await ask('replay.open', { ...wanted, replayId: 'c' }), 'full replayId');
    assert.equal(await ask('replay.close', { replayId: 'a' }), 'ok');
    assert.equal(await ask('replay.open', { ...wanted, replayId: 'c' }), 'ok');
    const leaps = await Promise.all(
      Array.from({ length: 60 }, (_, index) => ask('replay.seek', { replayId: 'b', to: index })),
    );
    assert.ok(leaps.includes('ok') && leaps.includes('rate-limited '), leaps.join());
  });

  test('is bounded for each address', async (t) => {
    const token = await everybody();
    const answers: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const client = await raw(t, token);
      for (const replayId of ['a', 'b']) {
        const { ok, error } = await client.request('replay.open', { replayId, meetingId, paused: true });
        answers.push(ok ? 'ok' : error!.code);
      }
    }
    assert.deepEqual(answers, ['ok', 'ok', 'ok', 'ok', 'ok', 'full']);
  });

  test('needs no open room only where it is asked for, and a token in any case', async (t) => {
    assert.equal((await refusal(kept.server, '/emotion', await signed('ada', 'gone', 'self'))).code, 'room-closed');
    await assert.rejects(open(t, { token: 'x.y.z' }), { code: 'unauthorized' });
  });

  test('forgets who is erased while it runs: what is read ahead, and what the viewer has', async (t) => {
    const { meetingId: id } = await keep(kept.store, { roomId: 'forget' });
    const token = await signed('watcher', 'forget', 'room:all');
    const replay = await open(t, { meetingId: id, token, speed: 1, from: 12_000 });
    assert.ok(replay.room.value.participants['ada']?.reading);
    // Once its time goes on, what comes next has been read.
    await new Promise<void>((resolve) => replay.on('position', ({ positionMs }) => positionMs > 12_000 && resolve()));
    const retracted = new Promise((resolve) => replay.once('retracted', resolve));
    const receipt = await kept.store.eraseParticipant({ participantId: 'ada', roomId: 'forget' });
    assert.ok((receipt.places['replays'] ?? 0) > 0, JSON.stringify(receipt));
    assert.equal(await retracted, 'ada');
    assert.equal(replay.room.value.participants['ada'], undefined);
    await replay.rate(32);
    const events = await readAll(replay);
    assert.ok(events.length > 0);
    assert.ok(events.every((event) => !('participantId' in event) || event.participantId === 'grace'));
    await replay.seek(0);
    assert.deepEqual(Object.keys(replay.room.value.participants), ['grace']);
  });

  test('ends when its meeting is deleted', async (t) => {
    const { meetingId: id } = await keep(kept.store, { roomId: 'deleted' });
    const token = await signed('watcher', 'deleted', 'room:all');
    const replay = await open(t, { meetingId: id, token, speed: 1, from: 12_000 });
    const closed = new Promise((resolve) => replay.once('closed', resolve));
    await kept.store.deleteMeeting(id);
    assert.equal(((await closed) as { code: string }).code, 'not-found');
    await assert.rejects(readAll(replay), { code: 'not-found' });
  });

  test('waits for a client that does not read, and leaves nothing out', async (t) => {
    const made = talk(['ada', 'grace'], 1_500, 9_000_000, 'long').map((event, index) => ({
      ...event,
      // All within two minutes, and with many words: more than what fits into the buffers on the way.
      atMs: 9_000_000 + index * 12,
      ...('transcript' in event && event.transcript && { transcript: { text: 'word '.repeat(1_000) } }),
    })) as UndertoneEvent[];
    const { meetingId: id } = await keep(kept.store, { roomId: 'long', startMs: 9_000_000 }, made);
    const socket = io(`${kept.server.url}/emotion`, {
      auth: { token: await signed('watcher', 'long', 'room:all'), past: true },
      transports: ['websocket'],
      forceNew: true,
    });
    t.after(() => socket.disconnect());
    await once(socket as unknown as NodeJS.EventEmitter, 'connect');
    const received: string[] = [];
    socket.on('replay.event', ({ event }: { event: object }) => received.push(JSON.stringify(event)));
    const ended = new Promise<void>((resolve) =>
      socket.on('replay.position', ({ playback }: { playback: string }) => playback === 'ended' && resolve()),
    );
    const tcp = (socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws
      ._socket;
    await socket.emitWithAck('replay.open', { replayId: 'r', meetingId: id, speed: 32 });
    tcp.pause();
    // So does one whose program does not read its iterator.
    const slow = await open(t, { meetingId: id, token: await signed('slow', 'long', 'room:all') });
    const unread = slow.events();
    // Another viewer sees all of it meanwhile.
    const other = await open(t, { meetingId: id, token: await signed('other', 'long', 'room:all') });
    assert.deepEqual(bytes(await readAll(other)), bytes(made));
    const before = received.length;
    assert.ok(before < made.length / 2, `${before} of ${made.length}`);
    assert.equal(slow.position.value.playback, 'waiting');
    assert.ok(slow.position.value.positionMs < 100_000, String(slow.position.value.positionMs));
    const read: UndertoneEvent[] = [];
    for await (const event of unread) read.push(event);
    assert.deepEqual(bytes(read), bytes(made));
    tcp.resume();
    await ended;
    assert.deepEqual(received, bytes(made));
  });
});
