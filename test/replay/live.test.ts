/** A call as it was live, and as it plays back: real media, SFU, model, gateway, store and client. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect, openReplay, type ParticipantState, type UndertoneEvent } from '../../client/index.ts';
import type { Server } from '../../server/index.ts';
import { openServer, post, TEST_CONFIG } from '../server/support.ts';

interface Seen {
  event: UndertoneEvent;
  participants: Readonly<Record<string, ParticipantState>>;
  analysis: string;
}

describe('a live call that was recorded', () => {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-replay-'));
  let server: Server;
  let meetingId: string;
  let startMs: number;
  let token: string;
  const live: Seen[] = [];

  before(
    async () => {
      server = await openServer({
        storage: 'events+transcript',
        store: { file: join(folder, 'meetings.db') },
        analysis: { ...TEST_CONFIG.analysis, utterance: { interimMs: 500 } },
      });
      const { body } = await post(server, '/v1/sample');
      const { roomId, token: given } = body as { roomId: string; token: string };
      token = given;
      meetingId = server.meetings!.meetingOf(roomId)!;
      const client = await connect({ url: server.url, roomId, token, since: 0, timeoutMs: 60_000 });
      const speakers = new Set<string>();
      await new Promise<void>((resolve) =>
        client.on('event', (event) => {
          const { participants, analysis } = client.room.value;
          live.push({ event, participants, analysis });
          if (event.type === 'emotion.final') speakers.add(event.participantId);
          if (speakers.size >= 2 && live.some((one) => one.event.type === 'emotion.interim')) resolve();
        }),
      );
      // The end of the call is told like all the rest of it.
      const room = server.rooms.get(roomId)!;
      const told = new Promise<void>((resolve) => client.on('status', (status) => status === 'closed' && resolve()));
      room.close('ended');
      await told;
      const { store } = server.meetings!;
      while ((await store.meeting(meetingId))?.endMs === undefined)
        await new Promise((resolve) => setTimeout(resolve, 50));
      startMs = (await store.meeting(meetingId))!.startMs;
    },
    { timeout: 180_000 },
  );
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (options: { speed?: number; paused?: boolean }) =>
    openReplay({ url: server.url, token, meetingId, timeoutMs: 60_000, ...options });

  /** Replays it; resolves with the events and when each came. */
  async function play(speed: number) {
    const replay = await open({ speed });
    const events: UndertoneEvent[] = [];
    const began = performance.now();
    for await (const event of replay) events.push(event);
    replay.close();
    return { events, tookMs: performance.now() - began };
  }

  for (const speed of [1, 16]) {
    test(`plays at ${speed}x: the same events as live, in the same order`, { timeout: 120_000 }, async (t) => {
      const { events, tookMs } = await play(speed);
      const lengthMs = live.at(-1)!.event.atMs - startMs;
      t.diagnostic(`${events.length} events of ${Math.round(lengthMs)} ms in ${Math.round(tookMs)} ms`);
      assert.ok(tookMs > (0.9 * lengthMs) / speed, 'not faster than asked for');
      // Interim results from before the client had subscribed were sent to nobody.
      const seen = new Set(live.map(({ event }) => event.eventId));
      const first = events.findIndex(({ type, eventId }) => type === 'emotion.interim' && seen.has(eventId));
      const comparable = events.filter(({ type }, index) => type !== 'emotion.interim' || index >= first);
      assert.ok(live.length > 10 && comparable.length >= live.length, `${live.length}, ${comparable.length}`);
      for (const [index, { event }] of live.entries()) {
        assert.equal(JSON.stringify(comparable[index]), JSON.stringify(event), `event ${index}`);
      }
      // What comes beyond was emitted while the room closed, when the client had gone.
      assert.ok(comparable.slice(live.length).every(({ atMs }) => atMs >= live.at(-1)!.event.atMs));
    });
  }

  test('leaps to any point, where the state is the one that was live then', { timeout: 120_000 }, async (t) => {
    const replay = await open({ paused: true });
    t.after(() => replay.close());
    let compared = 0;
    for (const [index, { event, participants, analysis }] of [...live.entries()].reverse()) {
      const nextMs = live[index + 1]?.event.atMs ?? event.atMs + 2;
      // As many leaps in a row as one may make.
      if (nextMs - event.atMs < 2 || compared >= 30) continue;
      compared += 1;
      await replay.seek(event.atMs + 1 - startMs);
      const room = replay.room.value;
      assert.equal(room.analysis, analysis);
      for (const [participantId, was] of Object.entries(participants)) {
        const is = room.participants[participantId];
        assert.deepEqual(is?.reading, was.reading, `reading of ${participantId} after event ${index}`);
        assert.equal(is?.speaking ?? false, was.speaking, `speaking after event ${index}`);
      }
    }
    t.diagnostic(`${compared} places`);
    assert.ok(compared > 5);
  });
});
