import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { EventSchema } from '../../plugin/events/index.ts';
import * as contract from '../../plugin/events/contract/v1/meetings.ts';
import type { MeetingDetail, MeetingEvents, MeetingList } from '../../client/index.ts';
import { register, startServer } from '../server/support.ts';
import { finalEvent } from '../store/support-events.ts';
import { keep, serverWithStore, signed, type Kept } from './support.ts';

interface Told {
  error: { code: string; field?: string };
}

describe('past meetings over HTTP', () => {
  let kept: Kept;
  let meetingId: string;
  let lines: string[];
  before(async () => {
    kept = await serverWithStore({ visibility: 'self' });
    const { meetingId: id, events } = await keep(kept.store, { title: 'Monday' });
    meetingId = id;
    lines = events.map((event) => JSON.stringify(event));
    await keep(kept.store, { roomId: 'other', startMs: 2_000_000, people: { edsger: 'Edsger' } });
    await keep(kept.store, { startMs: 3_000_000, visibility: 'self' });
  });
  after(() => kept.close());

  async function ask(path: string, token?: string, init: RequestInit = {}) {
    const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(init.headers as object) };
    return fetch(`${kept.server.url}/v1/meetings${path}`, { ...init, headers });
  }
  async function read<T>(path: string, token?: string): Promise<T> {
    const response = await ask(path, token);
    const text = await response.text();
    assert.equal(response.status, 200, `${path}: ${text}`);
    return JSON.parse(text) as T;
  }
  async function refused(path: string, token?: string, init?: RequestInit) {
    const response = await ask(path, token, init);
    const { error } = (await response.json()) as Told;
    return [response.status, error.code, ...(error.field ? [error.field] : [])];
  }
  const everybody = () => signed('watcher', 'standup', 'room:all');

  test('are listed, newest first, as far as the token shows them', async () => {
    const list = await read<MeetingList>('', await everybody());
    assert.deepEqual(contract.MeetingList.parse(list), list);
    // That of 3,000,000 was for everybody's own eyes, and the watcher was not in it.
    assert.deepEqual(
      list.meetings.map(({ title, roomId, startMs, durationMs, events }) => [
        title,
        roomId,
        startMs,
        durationMs,
        events,
      ]),
      [['Monday', 'standup', 1_000_000, 60_000, lines.length]],
    );
    const ids = async (...token: Parameters<typeof signed>) =>
      (await read<MeetingList>('', await signed(...token))).meetings.map(({ startMs }) => startMs);
    assert.deepEqual(await ids('ada', 'standup', 'self'), [3_000_000, 1_000_000]);
    assert.deepEqual(await ids('backend', 'anywhere', 'admin'), [3_000_000, 2_000_000, 1_000_000]);
    assert.deepEqual(await ids('stranger', 'standup', 'self'), []);
    assert.deepEqual(await ids('stranger', 'standup', 'call', 'self', 'room:all'), [], 'a seat in another call');
    assert.deepEqual(await ids('grace', 'standup', 'call', 'self', 'room:all'), [3_000_000, 1_000_000]);
    assert.deepEqual((await read<MeetingList>('')).meetings, [], 'nobody sees anything without a token');
  });

  test('are listed page by page, none twice and none left out', async () => {
    const admin = await signed('backend', 'x', 'admin');
    for (const startMs of [50, 50, 40, 30, 30]) await keep(kept.store, { roomId: 'paged', startMs, people: {} }, []);
    const sizes: number[] = [];
    const ids = new Set<string>();
    for (let before: number | undefined = 1_000; before !== undefined;) {
      const query: string = `?roomId=paged&limit=2&before=${before}`;
      const { meetings, next }: MeetingList = await read<MeetingList>(query, admin);
      sizes.push(meetings.length);
      for (const one of meetings) ids.add(one.meetingId);
      before = next;
    }
    assert.equal(ids.size, 5);
    // Two that began at the same moment stay together.
    assert.deepEqual(sizes, [2, 3, 0]);
  });

  test('have lanes of only the results that rest on some modalities, where these are asked for', async () => {
    const said = { participantId: 'ada', startMs: 1_001_000, endMs: 1_003_000 };
    const made = [
      finalEvent(1, { ...said, utteranceId: 'seen', uses: { audio: true, video: true } }),
      finalEvent(2, { ...said, utteranceId: 'heard', uses: { audio: true, video: false } }),
      // Its face was lost in the revision, which is what counts.
      finalEvent(3, { ...said, utteranceId: 'revised', uses: { audio: true, video: true } }),
      finalEvent(4, { ...said, utteranceId: 'revised', revision: 1, uses: { audio: true, video: false } }),
    ].map((event) => ({ ...event, eventId: `modalities-${event.seq}` }));
    const other = await keep(kept.store, {}, made);
    const utterances = async (query: string) => {
      const { lanes } = await read<MeetingDetail>(`/${other.meetingId}${query}`, await everybody());
      return lanes.map((lane) => lane.utterances);
    };
    assert.deepEqual(await utterances(''), [3]);
    assert.deepEqual(await utterances('?modalities=audio'), [3]);
    assert.deepEqual(await utterances('?modalities=audio,video'), [1]);
    assert.deepEqual(await utterances('?modalities=text'), []);
    const refusal = await refused(`/${other.meetingId}?modalities=smell`, await everybody());
    assert.deepEqual(refusal.slice(0, 2), [400, 'invalid']);
    await kept.store.deleteMeeting(other.meetingId);
  });

  test('have a page with participants, presence and lanes of those whom the token shows', async () => {
    const all = await read<MeetingDetail>(`/${meetingId}`, await everybody());
    assert.deepEqual(contract.MeetingDetail.parse(all), all);
    assert.deepEqual(all.shows, { all: true, aggregate: true });
    assert.deepEqual(all.participants, [
      { participantId: 'ada', displayName: 'Ada', role: 'speaker' },
      { participantId: 'grace', displayName: 'Grace', role: 'speaker' },
    ]);
    assert.deepEqual(all.lanes.map((lane) => [lane.displayName, lane.utterances]).sort(), [
      ['Ada', 3],
      ['Grace', 3],
    ]);
    const own = await read<MeetingDetail>(`/${meetingId}`, await signed('ada', 'standup', 'self'));
    for (const part of [own.participants, own.presence, own.lanes]) {
      assert.deepEqual([...new Set(part.map(({ participantId }) => participantId))], ['ada']);
    }
    const means = await read<MeetingDetail>(`/${meetingId}`, await signed('means', 'standup', 'room:aggregate'));
    assert.deepEqual([means.shows, means.participants, means.lanes], [{ all: false, aggregate: true }, [], []]);
    const admin = await read<MeetingDetail>(`/${meetingId}`, await signed('backend', 'x', 'admin'));
    assert.deepEqual([admin.shows, admin.participants], [{ all: false, aggregate: false }, []]);
  });

  test('give their events as they were emitted, byte for byte, in JSON and as lines', async () => {
    const token = await everybody();
    const response = await ask(`/${meetingId}/events?limit=1000`, token);
    assert.equal(await response.text(), `{"events":[${lines.join(',')}]}`);
    const asLines = await ask(`/${meetingId}/events?limit=1000`, token, {
      headers: { accept: 'application/x-ndjson' },
    });
    assert.match(asLines.headers.get('content-type')!, /x-ndjson/);
    assert.equal(await asLines.text(), lines.map((line) => `${line}\n`).join(''));
  });

  test('give events page by page, between two points in time, and of some types', async () => {
    const token = await everybody();
    const paged: string[] = [];
    for (let cursor: string | null = '0'; cursor !== null;) {
      const page: Response = await ask(`/${meetingId}/events?format=jsonl&limit=4&cursor=${cursor}`, token);
      const text = await page.text();
      paged.push(...text.split('\n').filter(Boolean));
      assert.ok(text.split('\n').length <= 5);
      cursor = page.headers.get('undertone-next');
    }
    assert.deepEqual(paged, lines);
    const between = await read<MeetingEvents>(`/${meetingId}/events?from=10000&to=30000`, token);
    const wanted = lines.filter((line) => {
      const { atMs } = JSON.parse(line) as { atMs: number };
      return atMs >= 1_010_000 && atMs < 1_030_000;
    });
    assert.ok(wanted.length > 3);
    assert.deepEqual(
      between.events.map((event) => JSON.stringify(event)),
      wanted,
    );
    for (const event of between.events) EventSchema.parse(event);
    const finals = await read<MeetingEvents>(`/${meetingId}/events?types=emotion.final,consent.changed`, token);
    assert.deepEqual(new Set(finals.events.map(({ type }) => type)), new Set(['emotion.final', 'consent.changed']));
    const ada = await read<MeetingEvents>(`/${meetingId}/events?participantId=ada`, token);
    assert.deepEqual(
      new Set(ada.events.map((event) => 'participantId' in event && event.participantId)),
      new Set(['ada']),
    );
  });

  test('show in their events what the token shows, and no more than participants were told', async () => {
    const events = async (id: string, ...token: Parameters<typeof signed>) => {
      const { events: seen } = await read<MeetingEvents>(`/${id}/events`, await signed(...token));
      return [...new Set(seen.map((event) => ('participantId' in event ? event.participantId : event.type)))].sort();
    };
    assert.deepEqual(await events(meetingId, 'ada', 'standup', 'self'), ['ada', 'analysis.state']);
    assert.deepEqual(await events(meetingId, 'bot', 'standup', 'participant:grace'), ['analysis.state', 'grace']);
    assert.deepEqual(await events(meetingId, 'means', 'standup', 'room:aggregate'), ['analysis.state']);
    assert.deepEqual(await events(meetingId, 'backend', 'x', 'admin'), ['analysis.state']);
    assert.deepEqual(await events(meetingId, 'backend', 'x', 'admin', 'room:all'), ['ada', 'analysis.state', 'grace']);
    const { meetingId: told } = await keep(kept.store, { roomId: 'told', visibility: 'aggregate' });
    assert.deepEqual(await events(told, 'ada', 'told', 'self', 'room:all'), ['ada', 'analysis.state']);
    assert.deepEqual(await refused(`/${told}/events`, await signed('watcher', 'told', 'room:all')), [
      403,
      'forbidden',
      'meetingId',
    ]);
    const { meetingId: silent } = await keep(kept.store, { roomId: 'silent', visibility: undefined });
    assert.deepEqual(await refused(`/${silent}`, await signed('watcher', 'silent', 'room:all')), [
      403,
      'forbidden',
      'meetingId',
    ]);
    const { meetingId: brought } = await keep(kept.store, {
      roomId: 'brought',
      visibility: undefined,
      source: 'recording',
    });
    assert.deepEqual(await events(brought, 'watcher', 'brought', 'room:all'), ['ada', 'analysis.state', 'grace']);
  });

  test('of the sample are for everybody, but not who joined it', async () => {
    const { meetingId: id } = await keep(kept.store, {
      source: 'sample',
      roomId: 'sample-1',
      role: 'sample',
      visibility: 'self',
    });
    const { events } = await read<MeetingEvents>(`/${id}/events`);
    assert.ok(events.some(({ type }) => type === 'emotion.final'));
    assert.deepEqual(
      (await read<MeetingList>('?roomId=sample-1')).meetings.map((one) => one.meetingId),
      [id],
    );
    const { meetingId: joined } = await keep(kept.store, { source: 'sample', roomId: 'sample-2', visibility: 'self' });
    assert.deepEqual(await refused(`/${joined}`), [401, 'unauthorized', 'token']);
  });

  test('keep means and single results apart, in whatever order and by whatever token', async () => {
    const { meetingId: id } = await keep(kept.store, { roomId: 'apart' });
    const means = await signed('bot', 'apart', 'room:aggregate');
    const one = await signed('bot', 'apart', 'participant:ada');
    await read(`/${id}/events`, means);
    assert.deepEqual(await refused(`/${id}/events`, one), [403, 'forbidden', 'participantId']);
    assert.deepEqual(await refused(`/${id}`, one), [403, 'forbidden', 'participantId']);
    const both = await read<MeetingDetail>(
      `/${id}`,
      await signed('other', 'apart', 'room:aggregate', 'participant:ada'),
    );
    assert.deepEqual(both.shows, { all: false, aggregate: false });
  });

  test('are refused with the field at fault', async () => {
    const token = await everybody();
    assert.deepEqual(await refused('/nothing', token), [404, 'not-found', 'meetingId']);
    assert.deepEqual(await refused(`/${meetingId}`), [401, 'unauthorized', 'token']);
    assert.deepEqual(await refused(`/${meetingId}`, 'x.y.z'), [401, 'unauthorized', 'token']);
    assert.deepEqual(await refused(`/${meetingId}`, await signed('a', 'other', 'room:all')), [
      403,
      'forbidden',
      'meetingId',
    ]);
    for (const [query, field] of [
      ['from=-1', 'from'],
      ['to=soon', 'to'],
      ['types=emotion.final,anger', 'types.1'],
      ['limit=0', 'limit'],
      ['limit=100000', 'limit'],
      ['cursor=', 'cursor'],
      ['format=xml', 'format'],
      ['colour=red', 'colour'],
    ] as const) {
      assert.deepEqual(await refused(`/${meetingId}/events?${query}`, token), [400, 'invalid', field], query);
    }
    const other = await refused(`/${meetingId}/events?participantId=grace`, await signed('ada', 'standup', 'self'));
    assert.deepEqual(other, [403, 'forbidden', 'participantId']);
  });

  test('are deleted by an administrator, with a receipt', async () => {
    const { meetingId: id } = await keep(kept.store, { roomId: 'gone' });
    const init = { method: 'DELETE' };
    assert.deepEqual(await refused(`/${id}`, undefined, init), [401, 'unauthorized', 'token']);
    assert.deepEqual(await refused(`/${id}`, await signed('a', 'gone', 'room:all'), init), [403, 'forbidden', 'token']);
    const admin = await signed('backend', 'x', 'admin');
    const receipt = (await (await ask(`/${id}`, admin, init)).json()) as {
      receiptId: string;
      places: { events: number };
    };
    assert.ok(receipt.receiptId && receipt.places.events > 0, JSON.stringify(receipt));
    assert.deepEqual(await refused(`/${id}`, admin, init), [404, 'not-found', 'meetingId']);
    assert.equal(await kept.store.meeting(id), undefined);
  });

  test('of somebody who was erased say nothing of them any more', async () => {
    const { meetingId: id } = await keep(kept.store, { roomId: 'erased' });
    await kept.store.eraseParticipant({ participantId: 'ada', meetingId: id });
    const token = await signed('watcher', 'erased', 'room:all');
    const page = await (await ask(`/${id}`, token)).text();
    const events = await (await ask(`/${id}/events`, token)).text();
    assert.doesNotMatch(page + events, /ada/i);
    assert.match(page + events, /grace/);
  });
});

test('requests about past meetings are bounded for each address', async (t) => {
  const kept = await serverWithStore({ limits: { readsPerMinute: 2 } });
  t.after(() => kept.close());
  const statuses: number[] = [];
  for (let count = 0; count < 3; count += 1) statuses.push((await fetch(`${kept.server.url}/v1/meetings`)).status);
  assert.deepEqual(statuses, [200, 200, 429]);
});

test('a server that keeps nothing says so', async (t) => {
  const server = await startServer(t);
  const { token } = await register(server, 'x');
  const response = await fetch(`${server.url}/v1/meetings`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(response.status, 404);
  assert.match(((await response.json()) as { error: { message: string } }).error.message, /storage/);
});
