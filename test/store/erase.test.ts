import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import {
  openStore,
  type ErasureScope,
  type MeetingStore,
  type Receipt,
  type StorePlace,
} from '../../server/store/index.ts';
import { toOperations } from '../../server/store/recording/toOperations.ts';
import { runCli } from '../support/run-cli.ts';
import { onBothStores, type Place } from './support.ts';
import { consentEvent, finalEvent, MEETING, retractedEvent, startEvent } from './support-events.ts';

const DAY_MS = 86_400_000;

/** Ids and words that no page of a database holds by chance. */
const GONE = { id: 'participant-Zq7Kx', name: 'Wilhelmina Xylander', words: 'quixotic marmalade' };
const STAYS = { id: 'participant-Stays', name: 'Bartholomew', words: 'ordinary porridge' };

/** Every file of a store. */
function filesOf({ file }: StorePlace, { kind, postgres }: Place): string[] {
  if (kind === 'sqlite')
    return readdirSync(dirname(file))
      .map((name) => join(dirname(file), name))
      .filter((name) => name.startsWith(file));
  // The server's own log (pg_wal) is not the store's to empty; docs/storage.md says so.
  const base = join(postgres().folder, 'data', 'base');
  return readdirSync(base, { recursive: true, encoding: 'utf8' })
    .map((name) => join(base, name))
    .filter((name) => statSync(name).isFile());
}

function holds(place: StorePlace, which: Place, text: string): boolean {
  const bytes = Buffer.from(text);
  return filesOf(place, which).some((file) => readFileSync(file).includes(bytes));
}

/** Two people talk in a few hundred turns, in two rooms at once, so that their rows lie between each other's. */
async function talk(store: MeetingStore): Promise<string[]> {
  const meetings = await Promise.all(['standup', 'retro'].map((roomId) => store.begin({ ...MEETING, roomId })));
  for (let turn = 0; turn < 200; turn++) {
    for (const meetingId of meetings) {
      const { id: participantId, name: displayName, words } = turn % 3 === 0 ? GONE : STAYS;
      const said = {
        participantId,
        utteranceId: `${meetingId} ${turn}`,
        startMs: 1_000_000 + turn * 1_000,
        endMs: 1_000_900 + turn * 1_000,
        text: `${words} ${'and so on '.repeat(turn % 17)}`,
      };
      const ord = turn * 3;
      const presence = { participantId, change: 'join' as const, atMs: said.startMs, ord };
      await store.write(meetingId, [
        { op: 'presence', presence, displayName, role: 'speaker' },
        ...toOperations(consentEvent(ord + 1, said.startMs, participantId, true), ord, MEETING.storage),
        ...toOperations(startEvent(ord + 2, said), ord + 1, MEETING.storage),
        ...toOperations(finalEvent(ord + 3, said), ord + 2, MEETING.storage),
      ]);
    }
  }
  for (const meetingId of meetings) await store.end(meetingId, { endMs: 1_300_000, reason: 'empty' });
  return meetings;
}

async function idsOf(store: MeetingStore, meetingId: string): Promise<string[]> {
  return (await store.participants(meetingId)).map(({ participantId }) => participantId);
}

onBothStores('erasure', (which) => {
  const { kind, fresh, open } = which;
  const cliArgs = ({ file }: StorePlace) => (kind === 'sqlite' ? ['--file', file] : []);
  const withUrl = async <T>({ postgresUrl }: StorePlace, run: () => Promise<T>): Promise<T> => {
    if (postgresUrl !== undefined) process.env['UNDERTONE_STORE_POSTGRES_URL'] = postgresUrl;
    return run().finally(() => delete process.env['UNDERTONE_STORE_POSTGRES_URL']);
  };

  test('by the command line leaves no byte of id, name or words in the files, while the store is in use', async (t) => {
    const place = await fresh();
    const store = await open(t, place);
    const meetings = await talk(store);
    assert.equal((await store.page(meetings[0]!))!.lanes.length, 2);
    await store.database.run(kind === 'sqlite' ? 'PRAGMA wal_checkpoint(PASSIVE)' : 'CHECKPOINT');
    for (const text of Object.values(GONE)) assert.ok(holds(place, which, text), `${text} is there before`);
    const scopes: ErasureScope[] = [];
    store.addErasureTarget({ name: 'replay', erase: async (scope) => scopes.push(scope) });
    assert.equal(await store.followErasures(), 0);

    const { code, stdout, stderr } = await withUrl(place, () =>
      runCli('erase', '--participant', GONE.id, '--json', ...cliArgs(place)),
    );
    assert.equal(code, 0, stderr);
    const receipt = JSON.parse(stdout) as Receipt;
    assert.deepEqual(receipt.places, { lanes: 2, presence: 134, events: 402, participants: 2 });
    assert.equal(receipt.what, 'participant');
    assert.ok(Math.abs(receipt.atMs - Date.now()) < 60_000);
    for (const text of Object.values(GONE)) {
      assert.ok(!holds(place, which, text), `${text} is gone`);
      assert.ok(!stdout.includes(text), 'a receipt has no content');
    }
    for (const text of Object.values(STAYS)) assert.ok(holds(place, which, text), `${text} is still there`);
    for (const meetingId of meetings) assert.deepEqual(await idsOf(store, meetingId), [STAYS.id]);

    // The process that did not erase hears of it, without the name being written anywhere.
    assert.equal(await store.followErasures(), 1);
    assert.equal(await store.followErasures(), 0);
    assert.deepEqual(
      scopes.map((scope) => [scope.matches(GONE.id), scope.matches(STAYS.id), scope.participantId]),
      [[true, false, undefined]],
    );
    const [kept] = await store.receipts();
    assert.deepEqual(kept, { ...receipt, places: { ...receipt.places, replay: 1 } });
  });

  test('may be of one room or one meeting, and reaches every place that was added', async (t) => {
    const store = await open(t);
    const [standup, retro] = await talk(store);
    store.addErasureTarget({
      name: 'redis',
      erase: async ({ participantId, roomId }) => (participantId === GONE.id && roomId === 'standup' ? 7 : 0),
    });
    store.addErasureTarget({ name: 'exports', erase: () => Promise.reject(new Error('the disk is gone')) });
    const receipt = await store.eraseParticipant({ participantId: GONE.id, roomId: 'standup' });
    assert.equal(receipt.places['redis'], 7);
    assert.deepEqual(receipt.failures, { exports: 'the disk is gone' });
    assert.deepEqual(await idsOf(store, standup!), [STAYS.id]);
    assert.deepEqual((await idsOf(store, retro!)).sort(), [STAYS.id, GONE.id].sort());
    await store.eraseParticipant({ participantId: GONE.id, meetingId: retro! });
    assert.deepEqual(await idsOf(store, retro!), [STAYS.id]);
    assert.equal((await store.meeting(retro!))!.events, 399);
  });

  test('holds for the rest of a running meeting: nothing more of them is written into it', async (t) => {
    const store = await open(t);
    const meetingId = await store.begin({ ...MEETING, startMs: Date.now() - 1_000 });
    const said = { participantId: GONE.id, utteranceId: 'u1', startMs: 1_000, endMs: 2_000 };
    await store.write(meetingId, toOperations(finalEvent(1, said), 0, 'events'));
    await store.eraseParticipant({ participantId: GONE.id });
    const other = { ...said, participantId: STAYS.id, utteranceId: 'u2' };
    await store.write(meetingId, [
      ...toOperations(finalEvent(2, said), 1, 'events'),
      ...toOperations(finalEvent(3, other), 2, 'events'),
    ]);
    assert.deepEqual(
      (await store.events(meetingId)).map(({ participantId }) => participantId),
      [STAYS.id],
    );
    // A later meeting is another question.
    const later = await store.begin({ ...MEETING, startMs: Date.now() + 1_000 });
    await store.write(later, toOperations(finalEvent(1, said), 0, 'events'));
    assert.equal((await store.events(later)).length, 1);
  });

  test('by another process leaves nothing behind, at whatever moment of writing it comes', async (t) => {
    const place = await fresh();
    const store = await open(t, place);
    const other = await open(t, place);
    const meetingId = await store.begin({ ...MEETING, startMs: Date.now() - 1_000 });
    let ord = 0;
    const write = async () => {
      const operations = Array.from({ length: 40 }, () => {
        const { id: participantId } = ord % 2 === 0 ? GONE : STAYS;
        const said = { participantId, utteranceId: `u${ord}`, startMs: 1_000, endMs: 2_000 };
        return toOperations(finalEvent(ord + 1, said), ord++, 'events');
      });
      await store.write(meetingId, operations.flat());
    };
    await write();
    let receipt: Receipt | undefined;
    const erasing = other.eraseParticipant({ participantId: GONE.id }).then((done) => (receipt = done));
    while (receipt === undefined) await write();
    await erasing;
    await write();
    assert.deepEqual(await idsOf(store, meetingId), [STAYS.id]);
    const rows = await store.database.all('SELECT DISTINCT participant FROM events');
    assert.equal(rows.length, 1, 'no event is left without somebody whom it is about');
    assert.ok((await store.events(meetingId)).every(({ participantId }) => participantId === STAYS.id));
    assert.equal((await store.meeting(meetingId))!.events, ord - ord / 2);
  });

  test(
    'of what was retracted happens with the retraction, in the files too',
    { skip: kind === 'postgres' && 'rows go at once; their bytes when PostgreSQL vacuums' },
    async (t) => {
      const place = await fresh();
      const store = await open(t, place);
      const meetingId = await store.begin(MEETING);
      const said = { participantId: GONE.id, utteranceId: 'u1', startMs: 1_000, endMs: 2_000, text: GONE.words };
      await store.write(meetingId, toOperations(finalEvent(1, said), 0, MEETING.storage));
      assert.ok(holds(place, which, GONE.words));
      await store.write(meetingId, toOperations(retractedEvent(2, 3_000, GONE.id, ['u1']), 1, MEETING.storage));
      assert.ok(!holds(place, which, GONE.words));
    },
  );

  test('comes by itself when a meeting, or a participant in it, has been kept long enough', async (t) => {
    const store = await open(t);
    const [standup, retro] = await talk(store);
    const nowMs = 1_300_000 + 10 * DAY_MS;
    assert.deepEqual(await store.sweep(nowMs, 30), []);
    assert.equal(await store.keepParticipantUntil({ participantId: GONE.id, meetingId: retro! }, nowMs), 1);
    const [expired, ...none] = await store.sweep(nowMs, 30);
    assert.deepEqual([expired!.what, expired!.cause, none.length], ['participant', 'retention', 0]);
    assert.deepEqual(await idsOf(store, retro!), [STAYS.id]);
    // What the participants were told (30 days) holds, although the server is now set to keep longer.
    assert.equal((await store.sweep(1_300_000 + 30 * DAY_MS, 365)).length, 2);
    assert.deepEqual(await store.meetings(), []);
    assert.equal(await store.meeting(standup!), undefined);
  });

  test('comes sooner when the setting is lowered', async (t) => {
    const store = await open(t);
    await talk(store);
    assert.equal((await store.sweep(1_300_000 + 6 * DAY_MS, 7)).length, 0);
    assert.equal((await store.sweep(1_300_000 + 7 * DAY_MS, 7)).length, 2);
  });

  test('of a meeting takes all of it; the command line lists and deletes', async () => {
    const place = await fresh();
    const store = await openStore(place);
    const [standup, retro] = await talk(store);
    await store.close();
    await withUrl(place, async () => {
      const listed = await runCli('meetings', '--json', ...cliArgs(place));
      assert.deepEqual(
        (JSON.parse(listed.stdout) as { meetingId: string }[]).map(({ meetingId }) => meetingId).sort(),
        [standup!, retro!].sort(),
      );
      const shown = await runCli('meetings', ...cliArgs(place));
      assert.match(shown.stdout, new RegExp(`^${retro} .*5 min .*600 events .*retro$`, 'm'));
      const erased = await runCli('erase', '--meeting', standup!, ...cliArgs(place));
      assert.equal(erased.code, 0, erased.stderr);
      assert.match(erased.stdout, /^Erased: meeting, .*receipt [0-9a-f-]{36}\n[\s\S]*events +600$/m);
      const again = await runCli('erase', '--meeting', standup!, ...cliArgs(place));
      assert.equal(again.code, 2);
      assert.match(again.stderr, /--meeting: .* is not kept/);
    });
  });
});

test('erase and meetings say what is wrong with how they are called', async () => {
  for (const [args, pattern] of [
    [['erase'], /erase needs --participant ID or --meeting ID/],
    [['erase', '--participant', 'x', '--file', '/nowhere/meetings.db'], /there is no store; name one with --file/],
    [['erase', '--meeting', 'x', '--room', 'y'], /--room: goes with --participant alone/],
    [['meetings', '--limit', '0'], /--limit: 0 is not allowed; an integer from 1 to 1000/],
  ] as const) {
    const { code, stderr } = await runCli(...args);
    assert.equal(code, 2);
    assert.match(stderr, pattern);
  }
});
