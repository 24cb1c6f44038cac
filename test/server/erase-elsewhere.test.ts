/** `undertone erase` in a process of its own, while a server that uses the same store is in the middle of a call. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { EmotionFinal } from '../../plugin/index.ts';
import type { Receipt } from '../../server/store/index.ts';
import type { Server } from '../../server/index.ts';
import { goldenEvent } from '../events/golden.ts';
import { RedisServer, WITHOUT_REDIS } from '../support/redis-server.ts';
import { runCli } from '../support/run-cli.ts';
import { SECRET } from './host-tokens.ts';
import { enter, openServer } from './support.ts';

const NOBODY = { audio: false, video: false, text: false };

describe('an erasure by another process', () => {
  let folder: string;
  let file: string;
  let redis: RedisServer | undefined;
  let server: Server;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'undertone-elsewhere-'));
    file = join(folder, 'meetings.db');
    if (WITHOUT_REDIS === false) redis = await RedisServer.start();
    server = await openServer({
      tokenSecret: SECRET,
      storage: 'events',
      store: { file },
      ...(redis && { redis: { url: redis.url } }),
    });
  });
  after(async () => {
    await server.close();
    await redis?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('reaches the call that goes on, what waits for broken connections, and Redis, and nobody else', async (t) => {
    const roomId = 'elsewhere';
    const ada = await enter(t, server, roomId, 'Ada');
    const grace = await enter(t, server, roomId, 'Grace');
    for (const { client, notice } of [ada, grace]) {
      await client.request('consent.set', { audio: true, noticeVersion: notice.version });
    }
    await grace.client.request('subscribe', { roomId });
    const { observer } = server.rooms.get(roomId)!;
    const { participantId } = ada;
    const final = { ...goldenEvent('emotion.final'), roomId, participantId, utteranceId: 'said' } as EmotionFinal;
    observer.emit('event', { ...final, seq: observer.seq + 1 });
    await grace.client.event('emotion.final');
    if (redis) assert.match(await redis.everything(), /"utteranceId":"said"/);

    const { code, stdout, stderr } = await runCli('erase', '--participant', participantId, '--file', file, '--json');
    assert.equal(code, 0, stderr);
    const { receiptId, places } = JSON.parse(stdout) as Receipt;
    assert.ok(places['events']! > 0, stdout);

    const store = server.meetings!.store;
    while ((await store.receipts())[0]!.places['servers'] === undefined) await store.followErasures();
    // Answers come after the events before them.
    await grace.client.request('unsubscribe', { roomId });
    const told = grace.client.received.filter(({ name }) => name === 'emotion.retracted').at(-1)?.payload;
    assert.deepEqual([told?.['reason'], told?.['participantId']], ['erased', participantId]);
    assert.deepEqual(observer.consent.get(participantId), NOBODY);
    assert.equal(observer.consent.get(grace.participantId).audio, true, 'nobody else');
    const record = server.undertone.audit.recent().findLast(({ action }) => action === 'data.erased')!;
    assert.equal(record.subject, server.undertone.audit.pseudonym(participantId));
    assert.equal(record.facts?.['receiptId'], receiptId);
    const where = (record.facts?.['erased'] as { where: string; packets?: number; streamEntries?: number }[]) ?? [];
    assert.ok(
      where.some((one) => one.where === 'recovery buffers' && one.packets! > 0),
      JSON.stringify(where),
    );
    const kept = observer.since(0).filter((event) => 'participantId' in event && event.participantId === participantId);
    assert.deepEqual(
      kept.map(({ type }) => type),
      ['emotion.retracted'],
    );
    if (!redis) return;
    assert.ok(
      where.some((one) => one.where === 'redis' && one.streamEntries! > 0),
      JSON.stringify(where),
    );
    assert.doesNotMatch(await redis.everything(), /"utteranceId":"said"/);
  });

  test('is tried again where something could not be reached, and leaves out what cannot say whom it knows', async (t) => {
    const ada = await enter(t, server, 'again');
    const asked: string[] = [];
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const end = server.personalData.register({
      name: 'archive',
      participants: () => ['somebody else', ada.participantId],
      erase: (participantId) => {
        asked.push(participantId);
        if (asked.length === 1) throw new Error('the disk is gone');
        resolve();
        return { files: 1 };
      },
    });
    t.after(end);
    const mute = server.personalData.register({
      name: 'mute',
      erase: () => assert.fail('it holds nothing that is known'),
    });
    t.after(mute);
    const { code, stderr } = await runCli('erase', '--participant', ada.participantId, '--file', file);
    assert.equal(code, 0, stderr);
    await done;
    assert.deepEqual(asked, [ada.participantId, ada.participantId]);
  });

  test('of another room leaves this one alone', async (t) => {
    const ada = await enter(t, server, 'here');
    const { observer } = server.rooms.get('here')!;
    await ada.client.request('consent.set', { audio: true, noticeVersion: ada.notice.version });
    for (const room of ['there', 'here']) {
      const args = ['erase', '--participant', ada.participantId, '--room', room, '--file', file];
      const { code, stderr } = await runCli(...args);
      assert.equal(code, 0, stderr);
      // Whichever comes first, this or the server by itself: when it is done, it is done.
      await server.meetings!.store.followErasures();
      if (room === 'there') assert.equal(observer.consent.get(ada.participantId).audio, true);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => observer.consent.get(ada.participantId).audio || resolve();
    observer.on('event', look);
    look();
    await promise;
  });
});
