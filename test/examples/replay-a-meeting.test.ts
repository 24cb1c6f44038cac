import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { keep, serverWithStore, signed, type Kept } from '../meetings/support.ts';
import { startServer } from '../server/support.ts';

const APP = fileURLToPath(new URL('../../examples/replay-a-meeting/replay.ts', import.meta.url));
const run = promisify(execFile);

let kept: Kept;
before(async () => {
  kept = await serverWithStore();
});
after(() => kept.close());

async function example(token: string, ...args: string[]) {
  const all = ['--conditions=undertone-source', APP, kept.server.url, ...args];
  return run(process.execPath, all, { env: { ...process.env, UNDERTONE_TOKEN: token }, timeout: 60_000 });
}

test('the example plays the newest meeting that the token shows, from where it is told', async () => {
  const { meetingId } = await keep(kept.store, { title: 'Monday' });
  await keep(kept.store, { title: 'Tuesday', roomId: 'other', startMs: 2_000_000 });
  const token = await signed('watcher', 'standup', 'room:all');
  const { stdout } = await example(token);
  const [title, ...lines] = stdout.trim().split('\n');
  assert.equal(title, 'Monday, 00:01:00: Ada, Grace');
  assert.equal(lines.length, 6);
  assert.equal(lines[3], '00:00:31 Grace: expression cues suggest sad (89 %)');
  const later = await example(token, meetingId, '40');
  assert.deepEqual(later.stdout.trim().split('\n').slice(1), lines.slice(4));
});

test('without a token it plays the sample meeting', async (t) => {
  const server = await startServer(t, { sampleMeeting: true });
  const all = ['--conditions=undertone-source', APP, server.url];
  const { UNDERTONE_TOKEN: _, ...env } = process.env;
  const { stdout } = await run(process.execPath, all, { env, timeout: 60_000 });
  const [title, ...lines] = stdout.trim().split('\n');
  assert.equal(title, 'The morning after the launch, 00:00:29: Maya, Callum, Ellis');
  assert.ok(lines.length > 0);
  for (const line of lines)
    assert.match(line, /^00:00:\d\d (Maya|Callum|Ellis): expression cues suggest \w+ \(\d+ %\)$/);
});

test('the example says why it cannot', async () => {
  const refused = example(await signed('watcher', 'nowhere', 'room:all'));
  await assert.rejects(refused, /the token shows no meeting/);
});
