import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { TraceBatch } from '../../plugin/index.ts';
import { TraceReaders } from '../../server/gateway/emotion/TraceReaders.ts';
import type { Server } from '../../server/index.ts';
import type { TraceListener } from '../../plugin/observer/EmotionObserverTypes.ts';
import { emptyBatch } from '../../plugin/events/trace/TraceTypes.ts';
import { enter, openServer, type Client } from './support.ts';

let rooms = 0;
const newRoom = () => `trace-${++rooms}`;

/** Reads until the condition holds for what has come so far, at the pace of a client: what is read is asked for, not sent. */
async function readUntil(client: Client, participantId: string, holds: (batches: TraceBatch[]) => boolean) {
  const batches: TraceBatch[] = [];
  for (;;) {
    const answer = await client.request('trace.read', { participantId });
    assert.equal(answer.ok, true, JSON.stringify(answer));
    batches.push(...(answer['batches'] as TraceBatch[]));
    if (holds(batches)) return batches;
    await pause(20);
  }
}

describe('the trace of the windows', () => {
  let server: Server;
  before(async () => {
    server = await openServer({ limits: { messagesPerSecond: 1_000 } });
  });
  after(() => server.close());

  test('is empty for whoever has consented to nothing', async (t) => {
    const ada = await enter(t, server, newRoom(), 'Ada');
    const answer = await ada.client.request('trace.read', {});
    assert.deepEqual(answer, { ok: true, batches: [], retracted: false, lost: 0 });
  });

  test('tells what becomes of a modality and of words, as soon as they are consented to', async (t) => {
    const ada = await enter(t, server, newRoom(), 'Ada');
    await ada.client.request('trace.read', {});
    await ada.client.request('consent.set', { text: true, noticeVersion: ada.notice.version });
    const segment = { segmentId: 's', text: 'good day', final: true };
    assert.equal((await ada.client.request('transcript.push', segment)).ok, true);
    const batches = await readUntil(ada.client, ada.participantId, (read) =>
      read.some(({ texts }) => texts.length > 0),
    );
    const { words } = batches.flatMap(({ texts }) => texts).at(-1)!;
    assert.deepEqual(
      words.map(({ text, final }) => [text, final]),
      [
        ['good', true],
        ['day', true],
      ],
    );
    const opened = batches.flatMap(({ windows }) => windows).find(({ kind }) => kind === 'open');
    assert.equal(opened?.kind === 'open' && opened.trigger, 'words');

    await ada.client.request('consent.set', { text: false });
    const after_ = await ada.client.request('trace.read', {});
    assert.deepEqual(after_, { ok: true, batches: [], retracted: true, lost: 0 }, 'it is to be forgotten');
  });

  test('is only read of participants who are there', async (t) => {
    const ada = await enter(t, server, newRoom(), 'Ada');
    const { error } = await ada.client.request('trace.read', { participantId: 'nobody' });
    assert.deepEqual([error?.code, error?.field], ['not-found', 'participantId']);
    const wrong = await ada.client.request('trace.read', { everybody: true });
    assert.equal(wrong.error?.code, 'invalid');
  });
});

describe('the trace of the windows where each sees only their own events', () => {
  let server: Server;
  before(async () => {
    server = await openServer({ visibility: 'self' });
  });
  after(() => server.close());

  test('is nobody else’s to read', async (t) => {
    const roomId = newRoom();
    const ada = await enter(t, server, roomId, 'Ada');
    const grace = await enter(t, server, roomId, 'Grace');
    const { error } = await grace.client.request('trace.read', { participantId: ada.participantId });
    assert.deepEqual([error?.code, error?.field], ['forbidden', 'participantId']);
    assert.equal((await grace.client.request('trace.read', {})).ok, true);
  });
});

/** An observer of which only `trace` is asked. */
function observed() {
  const listeners = new Map<string, TraceListener>();
  const trace = (participantId: string, listener: TraceListener) => {
    listeners.set(participantId, listener);
    return () => listeners.delete(participantId);
  };
  return { listeners, observer: { trace } as unknown as ConstructorParameters<typeof TraceReaders>[0] };
}

const numbered = (lost: number): TraceBatch => ({ ...emptyBatch(), lost });

test('a client that reads too seldom has the newest batches, and is told how many are gone', () => {
  const { listeners, observer } = observed();
  const readers = new TraceReaders(observer);
  readers.read('ada');
  for (let i = 0; i < 100; i += 1) listeners.get('ada')!.batch(numbered(i));
  const { batches, lost } = readers.read('ada');
  assert.equal(batches.length + lost, 100);
  assert.equal(batches.at(-1)!.lost, 99);
  assert.deepEqual(readers.read('ada').batches, []);
  readers.close();
});

test('nothing from before a withdrawal is read after it', () => {
  const { listeners, observer } = observed();
  const readers = new TraceReaders(observer);
  readers.read('ada');
  const listener = listeners.get('ada')!;
  listener.batch(numbered(1));
  listener.retracted!();
  listener.batch(numbered(2));
  const { batches, retracted } = readers.read('ada');
  assert.deepEqual([batches.map(({ lost }) => lost), retracted], [[2], true]);
  readers.close();
});

test('who does not read any more, or is gone, does not look any more', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { listeners, observer } = observed();
  const readers = new TraceReaders(observer);
  readers.read('ada');
  readers.read('grace');
  t.mock.timers.tick(9_000);
  readers.read('ada');
  t.mock.timers.tick(9_000);
  assert.deepEqual([...listeners.keys()], ['ada']);
  readers.close();
  assert.deepEqual([...listeners.keys()], []);
  readers.read('ada');
  assert.deepEqual([...listeners.keys()], [], 'an answer that came too late begins nothing');
});

test('one client looks at 16 participants at most', () => {
  const { observer } = observed();
  const readers = new TraceReaders(observer);
  for (let i = 0; i < 16; i += 1) readers.read(`p${i}`);
  assert.throws(() => readers.read('one more'), { code: 'full' });
  readers.read('p3');
  readers.close();
});
