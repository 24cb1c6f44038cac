/** The sample meeting: what is committed is of the contract, of the shipped model, and reads like a meeting of a store. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { EventSchema } from '../../plugin/events/index.ts';
import { CONTRACT_MAJOR } from '../../plugin/events/contract/v1/version.ts';
import { modelDir } from '../../plugin/paths.ts';
import { readRecording } from '../../server/sample/index.ts';
import { readSampleMeeting, SAMPLE_MEETING_DIR, sampleMeetingSources } from '../../server/sample/meetingFile.ts';
import { SampleMeeting } from '../../server/sample/SampleMeeting.ts';
import { openStore, toOperations, type StoreOperation } from '../../server/store/index.ts';

const file = await readSampleMeeting();
const { about, events } = file;
const finals = events.filter((event) => event.type === 'emotion.final');

describe('the sample meeting', () => {
  test('is of the shipped model and of the recordings as they are (else: node scripts/sample/meeting.ts)', async () => {
    const manifest = JSON.parse(readFileSync(join(modelDir('open'), 'manifest.json'), 'utf8')) as {
      id: string;
      version: string;
    };
    assert.deepEqual(about.model, { id: manifest.id, version: manifest.version });
    assert.deepEqual(about.madeFrom, await sampleMeetingSources(), 'made anew, it would be another one');
    for (const { model } of finals) assert.deepEqual([model.id, model.version], [manifest.id, manifest.version]);
  });

  test('holds events of contract v1, numbered without a gap, each with an id of its own', () => {
    for (const event of events) assert.deepEqual(EventSchema.parse(event), event);
    const numbers = events.flatMap((event) => ('seq' in event ? [event.seq] : []));
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
    assert.equal(new Set(events.map(({ eventId }) => eventId)).size, events.length);
    assert.deepEqual([...new Set(events.map(({ roomId }) => roomId))], [about.roomId]);
    assert.equal(about.contract.split('.')[0], String(CONTRACT_MAJOR));
    const times = events.map(({ atMs }) => atMs);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.ok(times[0]! >= about.startMs && times.at(-1)! <= about.endMs);
  });

  test('has the speakers and the words of the sample call, and nobody else', async () => {
    const recording = await readRecording();
    const speakers = recording.speakers.map(({ id, displayName }) => ({ participantId: id, displayName }));
    assert.deepEqual(about.participants, speakers);
    assert.equal(about.title, recording.title);
    const said = finals.map(({ participantId, transcript }) => [participantId, transcript!.text]);
    const cues = Object.groupBy(recording.cues, ({ speaker }) => speaker!);
    for (const { participantId, displayName } of speakers) {
      const words = said.filter(([id]) => id === participantId).map(([, text]) => text);
      assert.equal(words.join(' '), cues[displayName]!.map(({ text }) => text).join(' '));
    }
    for (const { modalities } of finals) {
      assert.deepEqual([modalities.audio.used, modalities.video.used, modalities.text.used], [true, true, true]);
    }
  });

  test('is small', () => {
    const bytes = ['meeting.json', 'events.jsonl'].map((name) => statSync(join(SAMPLE_MEETING_DIR, name)).size);
    assert.ok(bytes[0]! + bytes[1]! < 300_000, `${bytes.join(' and ')} bytes`);
  });

  test('reads as the same events do out of a store', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'undertone-sample-'));
    const store = await openStore({ file: join(folder, 'meetings.db') });
    t.after(async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const sample = new SampleMeeting(file);
    const { id } = sample;
    const meeting = (await sample.meeting(id))!;
    const { endMs, endReason, lastSeq: _1, lastMs: _2, events: count, lost: _3, ...begun } = meeting;
    await store.begin(begun);
    const present = (change: 'join' | 'leave', atMs: number, ord: number): StoreOperation[] =>
      about.participants.map(({ participantId, displayName }) => ({
        op: 'presence',
        presence: { participantId, change, atMs, ord },
        ...(change === 'join' && { displayName, role: 'sample' }),
      }));
    await store.write(id, [
      ...present('join', begun.startMs, 0),
      ...events.flatMap((event, ord) => toOperations(event, ord, 'events+transcript')),
      ...present('leave', endMs!, events.length),
    ]);
    await store.end(id, { endMs: endMs!, reason: endReason! });

    assert.deepEqual(await sample.meetings(), await store.meetings());
    assert.deepEqual(await sample.meeting(id), await store.meeting(id));
    assert.deepEqual(await sample.participants(id), await store.participants(id));
    assert.deepEqual(await sample.presence(id), await store.presence(id));
    assert.deepEqual(await sample.page(id), await store.page(id));
    assert.deepEqual(await Array.fromAsync(sample.readEvents(id)), await Array.fromAsync(store.readEvents(id)));
    for (const query of [
      { from: 3, to: 9 },
      { types: ['emotion.final'] as const, limit: 2 },
      { participantId: 'ellis', from: 5 },
      { limit: 0 },
    ]) {
      assert.deepEqual(await sample.events(id, query), await store.events(id, query));
    }
    for (let ord = 0; ord <= count; ord += 1) {
      assert.deepEqual(await sample.standing(id, ord), pick(await store.standing(id, ord)), `before ${ord}`);
      const atMs = (events[ord]?.atMs ?? endMs!) - 1;
      assert.equal(await sample.ordAt(id, atMs), await store.ordAt(id, atMs));
    }
    for (const query of [{ roomId: 'standup' }, { before: begun.startMs }, { limit: 0 }, { roomId: about.roomId }]) {
      assert.deepEqual(await sample.meetings(query), await store.meetings(query));
    }
    assert.deepEqual(
      [await sample.meeting('other'), await sample.page('other'), await sample.events('other')],
      [undefined, undefined, []],
    );
  });

  test('says which file is at fault', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'undertone-sample-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    cpSync(SAMPLE_MEETING_DIR, folder, { recursive: true });
    await assert.rejects(readSampleMeeting(join(folder, 'nowhere')), /meeting\.json.*cannot be read \(ENOENT\)/);
    writeFileSync(join(folder, 'events.jsonl'), '{"v":1');
    await assert.rejects(readSampleMeeting(folder), /events\.jsonl.*is not what it should be/);
    writeFileSync(join(folder, 'meeting.json'), '{}');
    await assert.rejects(readSampleMeeting(folder), /meeting\.json.*is not what it should be/);
  });
});

/** What a replay asks for. */
function pick({ events: told, present }: { events: unknown[]; present: string[] }) {
  return { events: told, present };
}
