/** The sample meeting over HTTP and in a replay: for anybody, read-only, and nothing but itself. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { io } from 'socket.io-client';
import { openReplay, type MeetingDetail, type MeetingEvents, type MeetingList } from '../../client/index.ts';
import * as contract from '../../plugin/events/contract/v1/meetings.ts';
import { MeetingReportSchema } from '../../plugin/events/index.ts';
import type { MeetingReport } from '../../plugin/index.ts';
import type { Server } from '../../server/index.ts';
import { readSampleMeeting } from '../../server/sample/meetingFile.ts';
import { SECRET } from '../server/host-tokens.ts';
import { get, openServer, register, startServer } from '../server/support.ts';
import { keep, serverWithStore, signed } from './support.ts';

const { about, events } = await readSampleMeeting();
const lines = events.map((event) => JSON.stringify(event));
const SPEAKERS = about.participants.map(({ participantId }) => participantId).sort();

describe('the sample meeting of a server that keeps nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-sample-'));
  let server: Server;
  before(async () => {
    server = await openServer({
      sampleMeeting: true,
      tokenSecret: SECRET,
      visibility: 'self',
      store: { file: join(folder, 'data', 'meetings.db') },
    });
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  async function read<T>(path: string): Promise<T> {
    const { status, body } = await get(server, `/v1/meetings${path}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body as T;
  }

  test('is listed to anybody, marked as a sample, and the page is told of it', async () => {
    const list = await read<MeetingList>('');
    assert.deepEqual(contract.MeetingList.parse(list), list);
    assert.deepEqual(
      list.meetings.map(({ meetingId, source, title, model }) => [meetingId, source, title, model]),
      [[about.meetingId, 'sample', about.title, about.model]],
    );
    assert.equal(list.next, undefined);
    const { body } = await get(server, '/v1/config');
    assert.equal((body as { sampleMeeting?: string }).sampleMeeting, about.meetingId);
  });

  test('has lanes, and its events byte for byte as they were made', async () => {
    const detail = await read<MeetingDetail>(`/${about.meetingId}`);
    assert.deepEqual(contract.MeetingDetail.parse(detail), detail);
    assert.deepEqual(detail.lanes.map(({ participantId }) => participantId).sort(), SPEAKERS);
    assert.ok(detail.lanes.every(({ p, utterances }) => p.length === about.labels.labels.length && utterances > 0));
    const response = await fetch(`${server.url}/v1/meetings/${about.meetingId}/events?format=jsonl`);
    assert.equal(await response.text(), lines.map((line) => `${line}\n`).join(''));
    const finals = await read<MeetingEvents>(`/${about.meetingId}/events?types=emotion.final&from=10000&to=20000`);
    assert.ok(finals.events.length > 0 && finals.events.length < 7);
  });

  test('has a report on each speaker and on all of them; for means they are too few, as anywhere', async () => {
    const report = await read<MeetingReport>(`/${about.meetingId}/report`);
    assert.deepEqual(MeetingReportSchema.parse(report), report);
    assert.deepEqual([report.view, report.speech!.people], ['everybody', 3]);
    assert.deepEqual(
      report.participants.map(({ participantId }) => participantId),
      SPEAKERS,
    );
    assert.ok(report.participants.every(({ interplay }) => interplay!.turns > 0));
    assert.deepEqual([report.room, report.withheld], [null, [{ what: 'room', reason: 'too-few-people' }]]);
  });

  test('plays without a token, from any place', async () => {
    const replay = await openReplay({ url: server.url, meetingId: about.meetingId, speed: 32 });
    assert.deepEqual([replay.info!.meeting.source, replay.info!.participants.length], ['sample', 3]);
    const played: string[] = [];
    for await (const event of replay) played.push(JSON.stringify(event));
    replay.close();
    assert.deepEqual(played, lines);
    const later = await openReplay({ url: server.url, meetingId: about.meetingId, from: 20_000, paused: true });
    assert.ok(Object.keys(later.room.value.participants).length >= 2, 'what stood there is known');
    later.close();
  });

  test('plays for who has a token of some room, and is shown to them as well', async () => {
    const token = await signed('ada', 'standup', 'self');
    const replay = await openReplay({ url: server.url, token, meetingId: about.meetingId, paused: true });
    assert.equal(replay.info!.participants.length, 3);
    replay.close();
    const response = await fetch(`${server.url}/v1/meetings`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(((await response.json()) as MeetingList).meetings.length, 1);
  });

  test('is all that there is without a token', async () => {
    const { status, body } = await get(server, '/v1/meetings/other');
    assert.deepEqual([status, (body as { error: { code: string } }).error.code], [404, 'not-found']);
    assert.match((body as { error: { message: string } }).error.message, /storage/);
    const failed = await openReplay({ url: server.url, meetingId: 'other' }).catch((error: unknown) => error);
    assert.equal((failed as { code: string }).code, 'not-found');
    // A line without a token is for past meetings, and is asked for by name.
    for (const auth of [{ anonymous: true }, { past: true }, { past: true, anonymous: true, token: 'x.y.z' }]) {
      assert.deepEqual(await refusedLine(server, '/emotion', auth), 'unauthorized', JSON.stringify(auth));
    }
    assert.equal(await refusedLine(server, '/call', { past: true, anonymous: true }), 'unauthorized');
  });

  test('cannot be deleted, and nothing is written for it', async () => {
    const headers = { authorization: `Bearer ${await signed('backend', 'x', 'admin')}` };
    const response = await fetch(`${server.url}/v1/meetings/${about.meetingId}`, { method: 'DELETE', headers });
    const { error } = (await response.json()) as { error: { code: string; message: string; field: string } };
    assert.deepEqual([response.status, error.code, error.field], [403, 'forbidden', 'meetingId']);
    assert.match(error.message, /sampleMeeting/);
    assert.equal(existsSync(join(folder, 'data')), false);
    assert.equal('store' in ((await get(server, '/readyz')).body as object), false);
  });
});

test('beside kept meetings it is in its place in the list, and in no store', async (t) => {
  const kept = await serverWithStore({ sampleMeeting: true });
  t.after(() => kept.close());
  const { meetingId: older } = await keep(kept.store, { startMs: about.startMs - 60_000 });
  const { meetingId: newer } = await keep(kept.store, { startMs: about.startMs + 60_000 });
  const list = async (query: string, token?: string) => {
    const response = await fetch(`${kept.server.url}/v1/meetings${query}`, {
      headers: { ...(token && { authorization: `Bearer ${token}` }) },
    });
    return (await response.json()) as MeetingList;
  };
  const ids = ({ meetings }: MeetingList) => meetings.map(({ meetingId }) => meetingId);
  const watcher = await signed('watcher', 'standup', 'room:all');
  assert.deepEqual(ids(await list('', watcher)), [newer, about.meetingId, older]);
  assert.deepEqual(ids(await list('')), [about.meetingId], 'nobody sees the others');
  assert.deepEqual(ids(await list('?roomId=standup', watcher)), [newer, older]);
  const paged: string[] = [];
  for (let query = '?limit=1', next: number | undefined = 0; next !== undefined; query = `?limit=1&before=${next}`) {
    const page = await list(query, watcher);
    paged.push(...ids(page));
    next = page.next;
  }
  assert.deepEqual(paged, [newer, about.meetingId, older]);
  assert.deepEqual(
    (await kept.store.meetings()).map(({ source }) => source),
    ['call', 'call'],
  );
  const refused = await openReplay({ url: kept.server.url, meetingId: older }).catch((error: unknown) => error);
  assert.equal((refused as { code: string }).code, 'unauthorized', 'a kept meeting needs a token');
  await kept.store.eraseParticipant({ participantId: SPEAKERS[0]! });
  const { body } = await get(kept.server, `/v1/meetings/${about.meetingId}`);
  assert.equal((body as MeetingDetail).participants.length, 3);
});

test('a setting hides it', async (t) => {
  const kept = await serverWithStore({ sampleMeeting: false });
  t.after(() => kept.close());
  assert.deepEqual(await get(kept.server, '/v1/meetings'), { status: 200, body: { meetings: [] } });
  assert.equal((await get(kept.server, `/v1/meetings/${about.meetingId}`)).status, 404);
  assert.equal('sampleMeeting' in ((await get(kept.server, '/v1/config')).body as object), false);
  assert.equal(await refusedLine(kept.server, '/emotion', { past: true, anonymous: true }), 'unauthorized');
  const server = await startServer(t);
  await register(server, 'x');
  assert.equal((await get(server, '/v1/meetings')).status, 404);
});

/** The code with which a line is refused; 'connected' where it is not. */
function refusedLine(server: Server, namespace: string, auth: object): Promise<string> {
  const socket = io(`${server.url}${namespace}`, {
    auth,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.once('connect', () => resolve('connected'));
  socket.once('connect_error', (error: Error & { data?: { code: string } }) =>
    resolve(error.data?.code ?? error.message),
  );
  return promise.finally(() => socket.disconnect());
}
