/** Several recordings of one meeting on the command line: together, stopped, killed, and what comes out. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parquetReadObjects } from 'hyparquet';
import webVtt from 'webvtt-parser';
import { Event } from '../../plugin/events/contract/v1/schema.ts';
import type { EmotionFinal, UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { openStore } from '../../server/store/index.ts';
import { TINY_MODEL } from '../analyzer/inference/fixtures/paths.ts';
import { writeLongWav } from '../support/long-recording.ts';
import { runCli } from '../support/run-cli.ts';

const MAIN = fileURLToPath(new URL('../../server/cli/main.ts', import.meta.url));
/** So long that a run that goes on does not do all of it again. */
const TIMES = 6;
const VTT = `WEBVTT

00:00.800 --> 00:03.600
<v Maya>We did it! This is wonderful.

00:04.400 --> 00:08.000
<v Callum>This is outrageous.

00:09.000 --> 00:10.000
<v Zoe>I am in no recording.
`;

let folder: string;
let meeting: string;
let vtt: string;
let whole: string;
let first: { stdout: string; stderr: string };

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-meeting-'));
  meeting = join(folder, 'standup');
  vtt = join(folder, 'standup.vtt');
  whole = join(folder, 'whole');
  await mkdir(meeting);
  await Promise.all([
    writeLongWav(join(meeting, 'maya.wav'), 'maya', TIMES),
    writeLongWav(join(meeting, 'callum.wav'), 'callum', TIMES),
    writeFile(vtt, VTT),
  ]);
  const { code, ...said } = await runCli(...command(whole, 'jsonl,csv,vtt,emotionml,parquet,html'), '--json');
  assert.equal(code, 0, said.stderr);
  first = said;
});

after(() => rm(folder, { recursive: true }));

function command(out: string, format = 'jsonl'): string[] {
  return ['analyze', meeting, '--model', TINY_MODEL, '--transcript', vtt, '--out', out, '--format', format];
}

async function eventsIn(out: string): Promise<UndertoneEvent[]> {
  const text = await readFile(join(out, 'events.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => Event.parse(JSON.parse(line)));
}

/** All but how long the machine took, which is another every time. */
function lasting(events: readonly UndertoneEvent[]): unknown[] {
  return events.map((event) =>
    event.type === 'emotion.final' ? { ...event, timing: { batch: event.timing.batch } } : event,
  );
}

const finalsOf = (events: readonly UndertoneEvent[]) =>
  events.filter((event): event is EmotionFinal => event.type === 'emotion.final');

test('the files of a folder become one room whose events are numbered in the order of time', async () => {
  const events = await eventsIn(whole);
  assert.deepEqual(
    events.map((event) => 'seq' in event && event.seq),
    events.map((_, index) => index + 1),
  );
  for (const [index, { atMs, roomId }] of events.entries()) {
    assert.equal(roomId, 'standup');
    assert.ok(index === 0 || atMs >= events[index - 1]!.atMs);
  }
  const finals = finalsOf(events);
  assert.deepEqual([...new Set(finals.map(({ participantId }) => participantId))].sort(), ['callum', 'maya']);
  const ended = events.flatMap((event) => (event.type === 'utterance.end' ? [event.utteranceId] : []));
  assert.deepEqual(finals.map(({ utteranceId }) => utteranceId).sort(), ended.sort());
  assert.ok(finals.length >= 4 * TIMES, `${finals.length}`);
});

test('words go to whom the transcript names, and words of nobody are told and left out', async () => {
  const said = finalsOf(await eventsIn(whole)).flatMap(({ participantId, transcript }) =>
    transcript ? [`${participantId}: ${transcript.text}`] : [],
  );
  assert.deepEqual(said, ['maya: We did it! This is wonderful.', 'callum: This is outrageous.']);
  assert.match(first.stderr, /the words of Zoe are left out/);
});

test('progress is told with the time that is left, and the files at the end', () => {
  const lines = first.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const progress = lines.filter(({ type }) => type === 'progress');
  assert.ok(progress.every(({ doneMs, totalMs }) => (doneMs as number) <= (totalMs as number)));
  assert.ok(progress.some(({ leftMs }) => (leftMs as number) > 0));
  assert.deepEqual(lines.at(-1)!['type'], 'done');
  assert.equal((lines.at(-1)!['files'] as string[]).length, 6);
});

test('somebody alone is read as together with others', async () => {
  const { code, stdout, stderr } = await runCli('analyze', join(meeting, 'maya.wav'), '--model', TINY_MODEL, '--json');
  assert.equal(code, 0, stderr);
  const alone = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as EmotionFinal);
  const together = finalsOf(await eventsIn(whole)).filter(({ participantId }) => participantId === 'maya');
  assert.deepEqual(
    alone.map(({ span }) => span),
    together.map(({ span }) => span),
  );
  for (const [index, { labels }] of alone.entries()) {
    // The first ones have words in one of the runs, which the model reads with the turns after them.
    if (together[index]!.span.startMs < 70_000) continue;
    for (const { name, p } of labels) {
      assert.ok(Math.abs(together[index]!.labels.find((label) => label.name === name)!.p - p) < 1e-4, name);
    }
  }
});

test('all formats hold the same results, and parsers that are not ours read them', async () => {
  const finals = finalsOf(await eventsIn(whole));
  const parquet = await readFile(join(whole, 'results.parquet'));
  const rows: Record<string, unknown>[] = await parquetReadObjects({ file: new Uint8Array(parquet).buffer });
  assert.deepEqual(
    new Set(rows.map((row) => row['utteranceId'] as string)),
    new Set(finals.map(({ utteranceId }) => utteranceId)),
  );
  const { cues, errors } = new webVtt.WebVTTParser().parse(
    await readFile(join(whole, 'results.vtt'), 'utf8'),
    'metadata',
  );
  assert.deepEqual([errors, cues.length], [[], finals.length]);
  const csv = await readFile(join(whole, 'results.csv'), 'utf8');
  assert.equal(csv.trim().split('\r\n').length, finals.length + 1);
  const html = await readFile(join(whole, 'report.html'), 'utf8');
  assert.equal(html.includes('outrageous'), false, 'words are in the report only where that is asked for');
  assert.equal(
    html.match(/<rect class="f\w+" x="[\d.]+" width="[\d.]+" y="0" height="10" opacity/g)?.length,
    finals.length,
  );
});

test('a recording is kept as a meeting: its events as they are in the files, and who was there', async () => {
  const [out, file] = [join(folder, 'kept'), join(folder, 'meetings.db')];
  const started = '2026-03-01T09:00:00.000Z';
  const args = [...command(out), '--started', started, '--store', '--file', file, '--json'];
  const { code, stdout, stderr } = await runCli(...args);
  assert.equal(code, 0, stderr);
  const { meetingId } = JSON.parse(stdout.trim().split('\n').at(-1)!) as { meetingId: string };
  const store = await openStore({ file });
  try {
    const kept = (await store.meeting(meetingId))!;
    assert.deepEqual([kept.source, kept.roomId, kept.storage], ['recording', 'standup', 'events+transcript']);
    assert.equal(kept.startMs, Date.parse(started));
    assert.ok(Math.abs(kept.endMs! - kept.startMs - TIMES * 29_593) < 2_000, `${kept.endMs}`);
    const stored = await Array.fromAsync(store.readEvents(meetingId), ({ json }) => json);
    assert.deepEqual(stored, (await readFile(join(out, 'events.jsonl'), 'utf8')).trim().split('\n'));
    const people = await store.participants(meetingId);
    assert.deepEqual(people.map(({ displayName }) => displayName).sort(), ['callum', 'maya']);
  } finally {
    await store.close();
  }
});

/** Runs until so much is done, then sends a signal; gives the exit code. */
async function interrupted(out: string, atMs: number, signal: NodeJS.Signals): Promise<number | null> {
  const child = spawn(process.execPath, [MAIN, ...command(out), '--json'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  for await (const line of createInterface({ input: child.stdout })) {
    const { doneMs } = JSON.parse(line) as { doneMs?: number };
    if (doneMs !== undefined && doneMs >= atMs) child.kill(signal);
  }
  return (await exited)[0];
}

test('a run that was killed in the middle goes on, and gives what one gives that was not', async () => {
  const out = join(folder, 'killed');
  assert.equal(await interrupted(out, 110_000, 'SIGKILL'), null);
  assert.deepEqual(await readdir(out), ['.undertone-analysis.jsonl']);
  // What was being written is cut off somewhere.
  const journal = join(out, '.undertone-analysis.jsonl');
  await writeFile(journal, `${await readFile(journal, 'utf8')}{"untilMs":9999`);
  const { code, stdout, stderr } = await runCli(...command(out), '--json');
  assert.equal(code, 0, stderr);
  assert.ok(stdout.length > 0);
  assert.deepEqual(lasting(await eventsIn(out)), lasting(await eventsIn(whole)));
  assert.deepEqual(await readdir(out), ['events.jsonl']);
});

test('Ctrl-C keeps what is done: another run goes on from there, one of other options does not', async () => {
  const out = join(folder, 'stopped');
  assert.equal(await interrupted(out, 20_000, 'SIGINT'), 130);
  const other = await runCli(...command(out), '--labels', 'calm,loud');
  assert.equal(other.code, 2);
  assert.match(other.stderr, /another analysis was stopped here/);
  const { code, stderr } = await runCli(...command(out), '--quiet');
  assert.equal(code, 0, stderr);
  assert.deepEqual(lasting(await eventsIn(out)), lasting(await eventsIn(whole)));
});

const refusals: [name: string, args: () => string[], message: RegExp][] = [
  [
    'a format that there is not',
    () => [meeting, '--out', folder, '--format', 'xlsx'],
    /--format: "xlsx" is not one of jsonl/,
  ],
  ['a format without a folder', () => [meeting, '--format', 'csv'], /--format needs --out FOLDER/],
  ['a pair that is none', () => [meeting, '--speakers', 'maya.wav='], /--speakers: "maya\.wav=" is no pair/],
  [
    'two of one name',
    () => [meeting, '--speakers', 'maya.wav=A,callum.wav=A'],
    /callum\.wav and maya\.wav are both "A"/,
  ],
  [
    'a name for nobody',
    () => [meeting, '--speakers', 'eve.wav=Eve'],
    /there is no "eve\.wav"; there are callum\.wav, maya\.wav/,
  ],
  ['a time that is none', () => [meeting, '--started', 'today'], /--started: "today" is no time/],
  [
    'a store that keeps nothing',
    () => [meeting, '--out', folder, '--store'],
    /--store: the configuration keeps no meetings/,
  ],
  ['a video for several', () => [meeting, '--video', 'a.ivf'], /--video goes with one recording/],
];

for (const [name, args, message] of refusals) {
  test(`one sentence and exit code 2 for ${name}`, async () => {
    const { code, stderr } = await runCli('analyze', ...args(), '--model', TINY_MODEL);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  });
}
