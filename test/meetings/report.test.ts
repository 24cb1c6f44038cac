/** The report on a past meeting, over HTTP: what each token shows of it, and nothing of whom it must not tell. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { analyzeMeeting, EVERYBODY, type MeetingReport } from '../../plugin/index.ts';
import { MeetingReportSchema } from '../../plugin/events/index.ts';
import type { UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { get, register, startServer } from '../server/support.ts';
import { retractedEvent, valid } from '../store/support-events.ts';
import { keep, serverWithStore, signed, talk, type Kept } from './support.ts';

const NAMES = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay', 'gus'];
const START_MS = 1_000_000;

/** So many people, each of whom speaks five times. */
const people = (count: number) => Object.fromEntries(NAMES.slice(0, count).map((name) => [name, name]));

describe('the report on a past meeting', () => {
  let kept: Kept;
  before(async () => void (kept = await serverWithStore()));
  after(() => kept.close());

  async function meeting(
    roomId: string,
    count: number,
    more: (events: UndertoneEvent[]) => UndertoneEvent[] = (e) => e,
  ) {
    const events = more(talk(NAMES.slice(0, count), 5, START_MS, roomId));
    return keep(kept.store, { roomId, people: people(count), running: true }, events).then(async (one) => {
      await kept.store.end(one.meetingId, { endMs: START_MS + count * 50_000, reason: 'empty' });
      return one;
    });
  }
  const ask = (meetingId: string, token?: string) =>
    fetch(`${kept.server.url}/v1/meetings/${meetingId}/report`, {
      headers: { ...(token && { authorization: `Bearer ${token}` }) },
    });
  async function read(meetingId: string, token: string): Promise<MeetingReport> {
    const response = await ask(meetingId, token);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const report = JSON.parse(text) as MeetingReport;
    assert.deepEqual(MeetingReportSchema.parse(report), report);
    return report;
  }
  async function refused(meetingId: string, token?: string) {
    const response = await ask(meetingId, token);
    const { error } = (await response.json()) as { error: { code: string; field?: string } };
    return [response.status, error.code, error.field];
  }
  const whosIn = ({ participants }: MeetingReport) => participants.map(({ participantId }) => participantId);
  const withheld = (report: MeetingReport) =>
    Object.fromEntries(report.withheld.map(({ what, reason }) => [what, reason]));

  test('is, for who may see everybody, what its events come to', async () => {
    const { meetingId, events } = await meeting('whole', 7);
    const report = await read(meetingId, await signed('watcher', 'whole', 'room:all'));
    const span = { startMs: START_MS, endMs: START_MS + 350_000 };
    const wanted = await analyzeMeeting(events, { view: EVERYBODY, over: true, span });
    assert.deepEqual(report, JSON.parse(JSON.stringify(wanted)));
    assert.deepEqual(whosIn(report), NAMES);
    assert.equal(report.room!.people, 7);
    const admin = await read(meetingId, await signed('backend', 'elsewhere', 'admin', 'room:all'));
    assert.deepEqual(admin, report);
  });

  test('is, for a participant, theirs alone; what rests on the others needs k of them', async () => {
    const { meetingId } = await meeting('own', 7);
    const own = await read(meetingId, await signed('ada', 'own', 'self'));
    assert.deepEqual([own.view, whosIn(own), own.room], ['some', ['ada'], null]);
    assert.equal(own.participants[0]!.interplay!.turns, 5);
    for (const name of NAMES.slice(1)) assert.equal(JSON.stringify(own).includes(`"${name}"`), false, name);
    const { meetingId: small } = await meeting('own-small', 5);
    const few = await read(small, await signed('ada', 'own-small', 'self'));
    assert.deepEqual([few.participants[0]!.interplay, few.speech], [null, null]);
    assert.deepEqual(withheld(few), { speech: 'too-few-people', interplay: 'too-few-people', room: 'not-allowed' });
  });

  test('has means over the room where more than k were heard, and the k that is configured', async (t) => {
    const { meetingId } = await meeting('means', 7);
    const token = await signed('dashboard', 'means', 'room:aggregate');
    const means = await read(meetingId, token);
    assert.deepEqual([means.view, whosIn(means), means.room!.people, means.method['k']], ['room', [], 7, 5]);
    const { meetingId: small } = await meeting('means-small', 5);
    const few = await read(small, await signed('dashboard', 'means-small', 'room:aggregate'));
    assert.deepEqual([few.room, withheld(few)], [null, { speech: 'too-few-people', room: 'too-few-people' }]);

    const careful = await serverWithStore({
      analysis: { model: kept.server.config.analysis.model, aggregate: { k: 7 } },
    });
    t.after(() => careful.close());
    const { meetingId: there } = await keep(
      careful.store,
      { roomId: 'means', people: people(7) },
      talk(NAMES, 5, START_MS, 'means'),
    );
    const response = await fetch(`${careful.server.url}/v1/meetings/${there}/report`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.deepEqual(withheld((await response.json()) as MeetingReport), {
      speech: 'too-few-people',
      room: 'too-few-people',
    });
  });

  test('names nobody to an administrator who was given no more', async () => {
    const { meetingId } = await meeting('admin', 7);
    const report = await read(meetingId, await signed('backend', 'elsewhere', 'admin'));
    assert.deepEqual([whosIn(report), report.room, report.speech], [[], null, null]);
    assert.deepEqual(withheld(report), { speech: 'not-allowed', room: 'not-allowed' });
  });

  test('says nothing over several people while the meeting goes on', async () => {
    const { meetingId } = await keep(
      kept.store,
      { roomId: 'running', people: people(7), running: true },
      talk(NAMES, 5, START_MS, 'running'),
    );
    const report = await read(meetingId, await signed('dashboard', 'running', 'room:aggregate'));
    assert.deepEqual(withheld(report), { speech: 'not-over', room: 'not-over' });
  });

  test('holds nothing of who was erased, and no means that would tell of them by what is missing', async () => {
    // Also of the one whose events came last, after which no number is missing.
    for (const [index, name] of ['cyd', 'gus'].entries()) {
      const roomId = `erased-${index}`;
      const { meetingId } = await meeting(roomId, 7);
      const all = await signed('watcher', roomId, 'room:all');
      const means = await signed('dashboard', roomId, 'room:aggregate');
      assert.equal((await read(meetingId, means)).room!.people, 7);
      await kept.store.eraseParticipant({ participantId: name, meetingId });
      const report = await read(meetingId, all);
      assert.deepEqual(
        whosIn(report),
        NAMES.filter((one) => one !== name),
      );
      assert.equal(JSON.stringify(report).includes(`"${name}"`), false);
      assert.deepEqual(withheld(await read(meetingId, means)), { speech: 'taken-back', room: 'taken-back' });
      const own = await read(meetingId, await signed('ada', roomId, 'self'));
      assert.equal(withheld(own)['interplay'], 'taken-back');
    }
  });

  test('leaves out results that somebody took back', async () => {
    const roomId = 'withdrawn';
    const taken = retractedEvent(500, START_MS + 349_000, 'bob', ['bob-1', 'bob-8']);
    // Of what rests on faces all would go; here nothing does.
    const back = (events: UndertoneEvent[]) => [
      ...events,
      valid({ ...taken, roomId, modalities: ['video'] } as UndertoneEvent),
    ];
    const { meetingId } = await meeting(roomId, 7, back);
    const report = await read(meetingId, await signed('watcher', roomId, 'room:all'));
    const { talk: said } = report.participants.find(({ participantId }) => participantId === 'bob')!;
    assert.equal(said.utterances, 3);
    const means = await read(meetingId, await signed('dashboard', roomId, 'room:aggregate'));
    assert.deepEqual(withheld(means), { speech: 'taken-back', room: 'taken-back' });
  });

  test('is refused like the meeting itself', async () => {
    const { meetingId } = await meeting('refused', 6);
    const token = await signed('watcher', 'refused', 'room:all');
    assert.deepEqual(await refused('nothing', token), [404, 'not-found', 'meetingId']);
    assert.deepEqual(await refused(meetingId), [401, 'unauthorized', 'token']);
    assert.deepEqual(await refused(meetingId, 'x.y.z'), [401, 'unauthorized', 'token']);
    for (const [sub, room, ...scope] of [
      ['watcher', 'another', 'room:all'],
      ['stranger', 'refused', 'self'],
      ['stranger', 'refused', 'call', 'self', 'room:all'],
    ] as const) {
      assert.deepEqual(await refused(meetingId, await signed(sub, room, ...scope)), [403, 'forbidden', 'meetingId']);
    }
    const means = await signed('bot', 'refused', 'room:aggregate');
    await read(meetingId, means);
    const one = await signed('bot', 'refused', 'participant:ada');
    assert.deepEqual(await refused(meetingId, one), [403, 'forbidden', 'participantId'], 'means and single results');
  });
});

test('reports are bounded for each address, apart from other requests', async (t) => {
  const kept = await serverWithStore({ limits: { reportsPerMinute: 1 } });
  t.after(() => kept.close());
  const { meetingId } = await keep(kept.store);
  const headers = { authorization: `Bearer ${await signed('watcher', 'standup', 'room:all')}` };
  const status = async (path: string) =>
    (await fetch(`${kept.server.url}/v1/meetings/${meetingId}${path}`, { headers })).status;
  assert.deepEqual([await status('/report'), await status('/report'), await status('')], [200, 429, 200]);
});

test('a server that keeps nothing has no report', async (t) => {
  const server = await startServer(t);
  await register(server, 'x');
  const { status, body } = await get(server, '/v1/meetings/nothing/report');
  assert.equal(status, 404);
  assert.match((body as { error: { message: string } }).error.message, /storage/);
});
