import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { MeetingReportSchema } from '../../plugin/events/index.ts';
import type { UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { openStore } from '../../server/store/index.ts';
import { toOperations } from '../../server/store/recording/toOperations.ts';
import { meetingOf, of, reportOn, T0, type Utterance } from '../analytics/support.ts';
import { MEETING } from '../store/support-events.ts';
import { runCli } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'undertone-report-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const UTTERANCES: Utterance[] = [
  { who: 'ada', from: 0, to: 60 },
  { who: 'bob <i>', from: 59, to: 90, labels: { joy: 0.2, neutral: 0.8 }, fields: { sentiment: -1.25 } },
  { who: 'ada', from: 92, to: 100, fields: { abstained: 'low-confidence' } },
];
const events = meetingOf(UTTERANCES);

function file(name: string, lines: readonly unknown[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => JSON.stringify(line)).join('\n'));
  return path;
}

test('a report is a table for each participant, in careful words, with what it does not mean', async () => {
  const { code, stdout, stderr } = await runCli('report', file('events.jsonl', events));
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^Meeting standup\n {2}length {2}0:01:40/);
  assert.match(stdout, /\nada\n {2}spoke +0:01:08, 68 % of the meeting; 2 utterances\n/);
  assert.match(stdout, /cues suggest \(moods\) +joy 88 %, not clear 12 %\n/);
  assert.match(stdout, /began while another spoke, who then stopped: 1; the other way round: 0/);
  assert.match(stdout, /sentiment +−1.25 of −3 to 3 on average of 1\n/);
  assert.match(stdout, /What this does not mean\n.*do not tell what anybody felt/s);
});

test('as JSON it is the report of the library; for one participant it is what they may see', async () => {
  const path = file('json.jsonl', events);
  const { stdout } = await runCli('report', path, '--json');
  assert.deepEqual(JSON.parse(stdout), JSON.parse(JSON.stringify(await reportOn(events))));
  const own = MeetingReportSchema.parse(
    JSON.parse((await runCli('report', path, '--json', '--participant', 'ada')).stdout),
  );
  assert.deepEqual(
    own.participants.map(({ participantId, interplay }) => [participantId, interplay]),
    [['ada', null]],
  );
});

test('as a page it needs no script and no network, whatever people are called', async () => {
  const { code, stdout, stderr } = await runCli('report', file('page.jsonl', events), '--html');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^<!doctype html>/);
  assert.match(stdout, /default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/);
  assert.match(stdout, /<h2>bob &lt;i&gt;<\/h2>/);
  assert.doesNotMatch(stdout, /<script|<i>|https?:|style="|NaN|undefined/);
  assert.match(stdout, /aria-label="joy 88 %, not clear 12 %"/);
});

test('a meeting is read out of a store, with the length that the store knows', async () => {
  const place = join(folder, 'meetings.db');
  const store = await openStore({ file: place });
  const meetingId = await store.begin({ ...MEETING, startMs: T0 });
  await store.write(
    meetingId,
    events.flatMap((event: UndertoneEvent, ord) => toOperations(event, ord, 'events')),
  );
  await store.end(meetingId, { endMs: T0 + 200_000, reason: 'closed' });
  await store.close();
  const { code, stdout, stderr } = await runCli('report', meetingId, '--store', place, '--json');
  assert.equal(code, 0, stderr);
  const report = MeetingReportSchema.parse(JSON.parse(stdout));
  assert.equal(report.lengthMs, 200_000);
  assert.equal(of(report, 'ada').talk.shareOfMeeting, 0.34);
  const none = await runCli('report', 'nothing', '--store', place);
  assert.deepEqual([none.code, none.stderr], [2, 'undertone: nothing: there is no such meeting in the store\n']);
});

test('what is wrong is named', async () => {
  const path = file('wrong.jsonl', [...events, { ...events[0], roomId: 'other' }]);
  for (const [args, message] of [
    [[], /report needs one EVENTS\.jsonl, or one MEETING with --store/],
    [[path], /wrong\.jsonl: --room: there are events of standup and of other; say whose you mean/],
    [[path, '--room', 'standup', '--participant', 'eve'], /--participant: there is no speech of "eve" in it/],
    [[path, '--json', '--html'], /--json and --html: give one of them/],
    [['m', '--store', join(folder, 'none.db')], /none\.db: there is no such file/],
  ] as const) {
    const { code, stderr } = await runCli('report', ...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
});
