/** What the law asks for, by a client over HTTP and Socket.IO: notice, consent, releases, export, erasure, audit trail. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { verifyAuditFile, type AuditRecord, type EmotionFinal } from '../../plugin/index.ts';
import type { PersonalExport, Receipt } from '../../server/privacy/Receipt.ts';
import { checkConfig } from '../../server/config/check.ts';
import { noticeFor } from '../../server/gateway/notice.ts';
import type { ConfigInput, Server } from '../../server/index.ts';
import { goldenEvent } from '../events/golden.ts';
import { SECRET, tokenFor as signed } from './host-tokens.ts';
import { enter, get, openServer, register, startServer, type Client } from './support.ts';

const NOBODY = { audio: false, video: false, text: false };

type Problem = { error?: { code: string; message: string; field?: string } };

async function ask<T>(server: Server, method: string, path: string, token?: string, body?: unknown) {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T & Problem };
}

const exportOf = (server: Server, id: string, token?: string) =>
  ask<PersonalExport>(server, 'GET', `/v1/participants/${id}/export`, token);
const erase = (server: Server, id: string, token?: string) =>
  ask<Receipt>(server, 'DELETE', `/v1/participants/${id}`, token);

let rooms = 0;
const newRoom = () => `law-${++rooms}`;

/** Every answer comes after the events before it. */
const settled = (client: Client, roomId: string) => client.request('unsubscribe', { roomId });

describe('personal data', () => {
  let server: Server;
  let dir: string;
  let auditFile: string;
  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'undertone-law-'));
    auditFile = join(dir, 'audit', 'trail.jsonl');
    server = await openServer({
      tokenSecret: SECRET,
      purpose: { use: 'research', context: 'private', jurisdiction: 'DE' },
      consent: { auditFile, auditKey: `key ${SECRET}`, controller: 'Example Labs', contact: 'privacy@example.org' },
      limits: { personalDataPerMinute: 10_000 },
    });
  });
  after(async () => {
    await server.close();
    const report = await verifyAuditFile(auditFile);
    rmSync(dir, { recursive: true, force: true });
    assert.equal(report.intact, true, report.problem?.message);
  });

  const records = () =>
    readFileSync(auditFile, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditRecord);
  const trailOf = (participantId: string) =>
    records()
      .filter(({ subject }) => subject === server.undertone.audit.pseudonym(participantId))
      .map(({ action, modalities }) => [action, modalities?.join()]);

  test('the notice is served with its version, names purpose and controller, and stands in the trail with its text', async () => {
    const { status, body } = await get(server, '/v1/notice');
    assert.equal(status, 200);
    const notice = body as { version: string; text: string[] };
    assert.match(notice.text.join('\n'), /for research.*Example Labs.*privacy@example\.org/s);
    const published = records().find(({ action }) => action === 'notice.published');
    assert.equal(published?.noticeVersion, notice.version);
    assert.deepEqual(published.facts?.['text'], notice.text);
    const declared = records().find(({ action }) => action === 'purpose.declared');
    assert.deepEqual(declared?.facts?.['purpose'], { use: 'research', context: 'private', jurisdiction: 'DE' });
  });

  test('another text has another version, whatever makes the difference', () => {
    const configs: ConfigInput[] = [
      {},
      { visibility: 'self' },
      { visibility: 'aggregate' },
      { visibility: 'aggregate', analysis: { aggregate: { k: 6 } } },
      { analysis: { includeTranscript: false } },
      { purpose: { use: 'research' } },
      { consent: { contact: 'dpo@example.org' } },
    ];
    const notices = configs.map((config) => noticeFor(checkConfig(config)));
    assert.equal(new Set(notices.map(({ version }) => version)).size, configs.length);
    assert.deepEqual(noticeFor(checkConfig({ port: 3_001 })), notices[0], 'what it does not tell makes no difference');
  });

  test('a new notice ends what was agreed to under the former one, and takes no result back', async (t) => {
    const roomId = newRoom();
    const ada = await enter(t, server, roomId);
    await ada.client.request('subscribe', { roomId });
    const yes = { audio: true, noticeVersion: ada.notice.version };
    assert.equal((await ada.client.request('consent.set', yes)).ok, true);
    server.rooms.get(roomId)!.observer.consent.setNotice('another text');
    const again = await ada.client.request('consent.set', yes);
    assert.equal(again.error?.code, 'notice-outdated');
    assert.match(again.error.message, /another text/);
    const changes = ada.client.received.filter(({ name }) => name === 'consent.changed');
    assert.deepEqual(changes.at(-1)!.payload['consent'], NOBODY);
    assert.ok(ada.client.received.every(({ name }) => name !== 'emotion.retracted'));
    assert.deepEqual(trailOf(ada.participantId).at(-1), ['consent.lapsed', 'audio']);
  });

  test('yes, no and withdrawal of a participant are on the disk when they are answered', async (t) => {
    const roomId = newRoom();
    const ada = await enter(t, server, roomId);
    const noticeVersion = ada.notice.version;
    await ada.client.request('consent.set', { audio: true, video: false, noticeVersion });
    assert.deepEqual(trailOf(ada.participantId), [
      ['consent.granted', 'audio'],
      ['consent.denied', 'video'],
    ]);
    await ada.client.request('consent.set', { audio: false });
    await ada.client.request('subscribe', { roomId });
    assert.deepEqual(trailOf(ada.participantId).slice(2), [
      ['consent.withdrawn', 'audio'],
      ['events.subscribed', undefined],
    ]);
  });

  test('a release is recorded by the host app alone, counts until the participant says no, and is no way around it', async (t) => {
    const roomId = newRoom();
    const ada = await enter(t, server, roomId, 'Ada');
    const grace = await enter(t, server, roomId, 'Grace');
    const admin = await signed('backend', roomId, ['admin']);
    const { participantId } = ada;
    const release = {
      participantId,
      modalities: ['audio', 'text'],
      reference: 'form/17',
      signedAtMs: Date.now() - 60_000,
      noticeVersion: ada.notice.version,
    };
    const path = `/v1/rooms/${roomId}/releases`;
    const record = (token: string, change: object = {}) => ask(server, 'POST', path, token, { ...release, ...change });

    for (const token of [ada.token, grace.token, await signed('backend', 'elsewhere', ['admin'])]) {
      const { status, body } = await record(token);
      assert.deepEqual([status, body.error?.code], [403, 'forbidden']);
    }
    for (const [change, status, code, field] of [
      [{ noticeVersion: 'older' }, 409, 'notice-outdated', 'noticeVersion'],
      [{ participantId: 'nobody' }, 404, 'not-found', 'participantId'],
      [{ reference: 'signed by Ada' }, 400, 'invalid', undefined],
      [{ signedAtMs: Date.now() + 3_600_000 }, 400, 'invalid', undefined],
      [{ modalities: ['smell'] }, 400, 'invalid', 'modalities.0'],
      [{ recordedBy: 'me' }, 400, 'invalid', 'recordedBy'],
    ] as const) {
      const { status: answered, body } = await record(admin, change);
      assert.deepEqual([answered, body.error?.code, body.error?.field], [status, code, field], JSON.stringify(body));
    }
    const { status, body } = await record(admin);
    assert.equal(status, 201, JSON.stringify(body));
    assert.deepEqual((body as object as { consent: object }).consent, { audio: true, video: false, text: true });
    const entry = records().findLast(({ action }) => action === 'consent.granted')!;
    assert.deepEqual(entry.release, { reference: 'form/17', signedAtMs: release.signedAtMs });
    assert.deepEqual(
      [entry.by, entry.actor, entry.noticeVersion],
      ['host', server.undertone.audit.pseudonym('backend'), ada.notice.version],
    );

    const withdrawn = await ada.client.request('consent.set', { audio: false });
    assert.deepEqual(withdrawn['consent'], { audio: false, video: false, text: true });
    const again = await record(admin);
    assert.deepEqual([again.status, again.body.error?.code], [409, 'conflict']);
  });

  /** Somebody of whom there is something: consent, and a result that the room keeps and that waits for who comes back. */
  async function withResult(t: TestContext, roomId: string) {
    const ada = await enter(t, server, roomId, 'Ada');
    await ada.client.request('consent.set', { audio: true, noticeVersion: ada.notice.version });
    return ada;
  }

  test('is exported to the participant and to the host app of their room, and to nobody else', async (t) => {
    const roomId = newRoom();
    const ada = await withResult(t, roomId);
    const grace = await enter(t, server, roomId, 'Grace');
    const { status, body } = await exportOf(server, ada.participantId, ada.token);
    assert.equal(status, 200, JSON.stringify(body));
    const [live] = body.kept['live calls'] as [{ displayName: string; events: { type: string }[]; consent: object }];
    assert.equal(live.displayName, 'Ada');
    assert.deepEqual(live.consent, { audio: true, video: false, text: false });
    const types = live.events.map(({ type }) => type);
    assert.ok(types.includes('participant.joined') && types.includes('consent.changed'), types.join());
    assert.deepEqual(
      body.consentHistory.map((record) => (record as AuditRecord).action),
      ['consent.granted'],
    );
    assert.equal(body.subject, server.undertone.audit.pseudonym(ada.participantId));

    const admin = await signed('backend', roomId, ['admin']);
    assert.equal((await exportOf(server, ada.participantId, admin)).body.roomId, roomId);
    const history = (await exportOf(server, ada.participantId, ada.token)).body.consentHistory as AuditRecord[];
    assert.deepEqual(
      history.filter(({ action }) => action === 'data.exported').map(({ by }) => by),
      ['participant', 'host'],
    );
    for (const [token, code, answer] of [
      [grace.token, 'forbidden', 403],
      [await signed('watcher', roomId, ['room:all', 'self']), 'forbidden', 403],
      [await signed('backend', 'elsewhere', ['admin']), 'not-found', 404],
      [undefined, 'unauthorized', 401],
    ] as const) {
      for (const request of [exportOf, erase]) {
        const refused = await request(server, ada.participantId, token);
        assert.deepEqual([refused.status, refused.body.error?.code], [answer, code]);
      }
    }
    assert.equal((await exportOf(server, 'nobody', admin)).status, 404);
    assert.equal((await exportOf(server, 'x'.repeat(65), ada.token)).body.error?.field, 'participantId');
  });

  test('is erased with a receipt; everybody is told to forget it, and nothing of it can be had any more', async (t) => {
    const roomId = newRoom();
    const ada = await withResult(t, roomId);
    const grace = await enter(t, server, roomId, 'Grace');
    await grace.client.request('subscribe', { roomId });
    const { observer } = server.rooms.get(roomId)!;
    // Sent as the room's own results are, so that it waits in the buffers for clients that come back.
    const { participantId } = ada;
    const final = { ...goldenEvent('emotion.final'), roomId, participantId, utteranceId: 'said' } as EmotionFinal;
    observer.emit('event', final);
    await grace.client.event('emotion.final');

    const { status, body: receipt } = await erase(server, participantId, ada.token);
    assert.equal(status, 200, JSON.stringify(receipt));
    assert.deepEqual([receipt.participantId, receipt.by], [participantId, 'participant']);
    const counts = Object.fromEntries(receipt.erased.map(({ where, counts }) => [where, counts]));
    assert.ok(counts['live calls']!['events']! >= 2, JSON.stringify(counts));
    assert.ok(counts['recovery buffers']!['packets']! >= 1, JSON.stringify(counts));
    assert.ok(receipt.retained.length > 0);

    await settled(grace.client, roomId);
    const told = grace.client.received.filter(({ name }) => name === 'emotion.retracted').at(-1)!.payload;
    assert.deepEqual([told['reason'], told['participantId']], ['erased', participantId]);
    assert.deepEqual(observer.consent.get(participantId), NOBODY);
    const kept = observer.since(0).filter((event) => 'participantId' in event && event.participantId === participantId);
    assert.deepEqual(
      kept.map(({ type }) => type),
      ['emotion.retracted'],
    );

    // The proof is left, without the person: under a pseudonym, at the place that the receipt names.
    const record = records().find(({ n }) => n === receipt.audit.n)!;
    assert.deepEqual(
      [record.action, record.hash, record.subject],
      ['data.erased', receipt.audit.hash, receipt.audit.subject],
    );
    assert.equal(record.facts?.['receiptId'], receipt.receiptId);
    assert.ok(!readFileSync(auditFile, 'utf8').includes(participantId));
    assert.equal((await verifyAuditFile(auditFile, { expected: receipt.audit.hash })).holdsExpected, true);

    const again = await erase(server, participantId, ada.token);
    assert.equal(again.status, 200);
    assert.ok(again.body.erased.every((one) => Object.values(one.counts).every((count) => count === 0)));
    assert.notEqual(again.body.receiptId, receipt.receiptId);
    // Who was erased may stay, and may agree anew.
    const yes = { audio: true, noticeVersion: ada.notice.version };
    assert.equal((await ada.client.request('consent.set', yes)).ok, true);
  });

  test('reaches whatever has registered, and what fails is told, recorded, and tried again', async (t) => {
    const ada = await enter(t, server, newRoom());
    let broken = true;
    const asked: unknown[] = [];
    const end = server.personalData.register({
      name: 'archive',
      erase: (...request) => {
        asked.push(request);
        if (broken) throw new Error('the disk is gone');
        return { files: 3 };
      },
      export: () => ({ files: ['one', 'two', 'three'] }),
    });
    t.after(end);
    assert.throws(() => server.personalData.register({ name: 'archive', erase: () => ({}) }), /archive is taken/);
    const exported = await exportOf(server, ada.participantId, ada.token);
    assert.deepEqual(exported.body.kept['archive'], { files: ['one', 'two', 'three'] });
    const failed = await erase(server, ada.participantId, ada.token);
    assert.deepEqual([failed.status, failed.body.error?.code], [503, 'unavailable']);
    assert.match(failed.body.error!.message, /archive/);
    assert.doesNotMatch(failed.body.error!.message, /disk/);
    broken = false;
    const { body } = await erase(server, ada.participantId, await signed('backend', ada.roomId, ['admin']));
    assert.deepEqual(body.erased.at(-1), { where: 'archive', counts: { files: 3 } });
    assert.deepEqual(asked, [
      [ada.participantId, undefined],
      [ada.participantId, ada.roomId],
    ]);
    assert.deepEqual(
      trailOf(ada.participantId).map(([action]) => action),
      ['data.exported', 'data.erasure-failed', 'data.erased'],
    );
  });

  test('is asked for no more often than one address may', async (t) => {
    const strict = await startServer(t, { tokenSecret: SECRET, limits: { personalDataPerMinute: 2 } });
    const { participantId, token } = await register(strict, 'strict');
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await exportOf(strict, participantId, token)).status);
    assert.deepEqual(statuses, [200, 200, 429, 429]);
    assert.equal((await erase(strict, participantId, token)).body.error?.code, 'rate-limited');
  });

  test('nobody is analysed while the trail cannot be written; saying no works all the same', async (t) => {
    const file = join(dir, 'broken.jsonl');
    const own = await startServer(t, { consent: { auditFile: file, auditKey: `key ${SECRET}` } });
    const ada = await enter(t, own, 'broken');
    const noticeVersion = ada.notice.version;
    assert.equal((await ada.client.request('consent.set', { audio: true, noticeVersion })).ok, true);
    appendFileSync(file, 'written by somebody else\n');
    const refused = await ada.client.request('consent.set', { video: true, noticeVersion });
    assert.equal(refused.error?.code, 'unavailable');
    const withdrawn = await ada.client.request('consent.set', { audio: false });
    assert.deepEqual([withdrawn.ok, withdrawn['consent']], [true, NOBODY]);
  });

  test('tells who follows a room by events alone that somebody has come and gone', async (t) => {
    const roomId = newRoom();
    const watcher = await enter(t, server, roomId, 'Grace');
    await watcher.client.request('subscribe', { roomId });
    const ada = await enter(t, server, roomId, 'Ada');
    const joined = await watcher.client.event('participant.joined');
    assert.deepEqual([joined['participantId'], joined['displayName']], [ada.participantId, 'Ada']);
    ada.client.close();
    ada.call.close();
    const left = await watcher.client.event('participant.left');
    assert.equal(left['participantId'], ada.participantId);
    assert.ok((left['seq'] as number) > (joined['seq'] as number));
  });
});
