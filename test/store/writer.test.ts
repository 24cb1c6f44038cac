import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../server/store/index.ts';
import { StoreWriter } from '../../server/store/recording/StoreWriter.ts';
import { toOperations } from '../../server/store/recording/toOperations.ts';
import { withoutPostgres, startPostgres } from '../support/postgres.ts';
import { onBothStores } from './support.ts';
import { finalEvent, interimEvent, MEETING, retractedEvent } from './support-events.ts';

const FULL_DISK = fileURLToPath(new URL('full-disk-child.ts', import.meta.url));

function listening() {
  const lines: { level: string; message: string }[] = [];
  const at = (level: string) => (_facts: object, message: string) => void lines.push({ level, message });
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

const said = (n: number) => ({
  participantId: 'ada',
  utteranceId: `u${n}`,
  startMs: n * 1_000,
  endMs: n * 1_000 + 900,
  text: 'hello there',
});

onBothStores('the writer', ({ open }) => {
  test('writes by itself within a second, in the order of emission, and ends the meeting', async (t) => {
    const store = await open(t);
    const { log } = listening();
    const writer = new StoreWriter({ store, log });
    const meetingId = randomUUID();
    writer.begin({ ...MEETING, meetingId });
    const events = Array.from({ length: 3_000 }, (_, n) => finalEvent(n + 1, said(n)));
    events.forEach((event, ord) => writer.push(meetingId, toOperations(event, ord, MEETING.storage)));
    assert.equal(writer.status.queued, 3_000);
    const startedMs = performance.now();
    writer.end(meetingId, { endMs: 5_000_000, reason: 'empty' });
    await writer.flush();
    t.diagnostic(`3,000 events in ${Math.round(performance.now() - startedMs)} ms`);
    const stored: string[] = [];
    for await (const { json } of store.readEvents(meetingId)) stored.push(json);
    assert.deepEqual(
      stored,
      events.map((event) => JSON.stringify(event)),
    );
    assert.equal((await store.meeting(meetingId))!.endReason, 'empty');
    assert.deepEqual([writer.status.queued, writer.status.written, writer.status.lost], [0, 3_000, 0]);
    await writer.close(1_000);
  });

  test('is bounded: interim results are left out first, a retraction never; what is lost is counted and told', async (t) => {
    const store = await open(t);
    const { log, lines } = listening();
    const writer = new StoreWriter({ store, log, maxQueued: 100 });
    const meetingId = randomUUID();
    writer.begin({ ...MEETING, meetingId });
    const take = async (count: number, make: typeof finalEvent | typeof interimEvent, from: number) => {
      for (let n = from; n < from + count; n++) {
        writer.push(meetingId, toOperations(make(n + 1, said(n)), n, MEETING.storage));
        // The writer looks at its queue every few milliseconds.
        if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 6));
      }
    };
    // No chance to write: the one transaction that runs is held.
    const held = Promise.withResolvers<void>();
    const holding = store.database.transaction(() => held.promise);
    await take(85, finalEvent, 0);
    await take(10, interimEvent, 85);
    const interimsLost = writer.status.lost;
    assert.ok(interimsLost > 0, 'interim results are not taken any more');
    await take(60, finalEvent, 95);
    assert.ok(writer.status.lost > interimsLost, 'then nothing is');
    writer.push(meetingId, toOperations(retractedEvent(999, 9_000_000, 'ada', ['u1']), 999, MEETING.storage));
    const { lost } = writer.status;
    held.resolve();
    await holding;
    await writer.flush();
    const meeting = (await store.meeting(meetingId))!;
    assert.equal(meeting.lost, lost);
    assert.ok(lines.some(({ level, message }) => level === 'error' && message === 'events could not be kept'));
    assert.equal(
      (await store.events(meetingId, { limit: 10_000 })).filter(({ type }) => type !== 'emotion.retracted').length,
      0,
    );
    await writer.close(1_000);
  });

  test('forgets what still comes of a meeting that was deleted while it ran', async (t) => {
    const store = await open(t);
    const { log } = listening();
    const writer = new StoreWriter({ store, log });
    const meetingId = randomUUID();
    writer.begin({ ...MEETING, meetingId });
    writer.push(meetingId, toOperations(finalEvent(1, said(1)), 0, MEETING.storage));
    await writer.flush();
    await store.deleteMeeting(meetingId);
    writer.push(meetingId, toOperations(finalEvent(2, said(2)), 1, MEETING.storage));
    writer.end(meetingId, { endMs: 1, reason: 'empty' });
    await writer.flush();
    assert.equal(writer.status.queued, 0);
    assert.equal(writer.status.failing, undefined);
    assert.deepEqual(await store.meetings(), []);
    await writer.close(1_000);
  });
});

describe('a store that fails', () => {
  test(
    'keeps nobody waiting; when PostgreSQL is back, what waited is written',
    { skip: withoutPostgres() },
    async (t) => {
      const server = await startPostgres();
      t.after(() => server.close());
      const store = await openStore({ file: '', postgresUrl: await server.database() });
      t.after(() => store.close());
      const { log, lines } = listening();
      const writer = new StoreWriter({ store, log });
      const meetingId = randomUUID();
      writer.begin({ ...MEETING, meetingId });
      writer.push(meetingId, toOperations(finalEvent(1, said(1)), 0, MEETING.storage));
      await writer.flush();
      await server.stop('SIGQUIT');
      writer.push(meetingId, toOperations(finalEvent(2, said(2)), 1, MEETING.storage));
      await writer.flush();
      assert.ok(writer.status.failing);
      assert.ok(lines.some(({ level, message }) => level === 'error' && message === 'the store fails'));
      await server.start();
      while (writer.status.failing !== undefined) await writer.flush();
      assert.ok(lines.some(({ message }) => message === 'the store works again'));
      assert.equal((await store.events(meetingId)).length, 2);
      await writer.close(1_000);
    },
  );

  test('because the disk is full says so, keeps what it has, and goes on taking events in', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'undertone-full-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'meetings.db');
    // No file may grow beyond 600 blocks of 1,024 bytes: to the writer that is a disk with no room left.
    const command = `ulimit -f 600; exec "$0" "$1" "$2"`;
    const child = spawn('bash', ['-c', command, process.execPath, FULL_DISK, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(code, 0, text);
    const { failing, queued, blockedMs, errors, stored } = JSON.parse(text) as {
      failing: string;
      queued: number;
      blockedMs: number;
      errors: string[];
      stored: number;
    };
    assert.match(failing, /SQLITE_(FULL|IOERR)/);
    assert.ok(queued > 0);
    assert.ok(blockedMs < 500, `taking in an event took ${blockedMs} ms at most`);
    assert.deepEqual(errors, ['the store fails']);
    const store = await openStore({ file });
    t.after(() => store.close());
    assert.deepEqual(await store.database.check(), []);
    const [meeting] = await store.meetings();
    assert.equal(meeting!.events, stored);
    assert.ok(meeting!.events > 0);
  });
});
