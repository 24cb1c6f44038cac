import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openAuditTrail } from '../../plugin/consent/audit/openAuditTrail.ts';
import type { AuditHead } from '../../plugin/index.ts';
import { runCli } from '../support/run-cli.ts';

const KEY = 'a key of at least thirty-two characters';
let dir: string;
let file: string;
let head: AuditHead;

before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'undertone-audit-cli-'));
  file = join(dir, 'trail.jsonl');
  const trail = await openAuditTrail({ file, key: KEY });
  for (const participantId of ['ada', 'grace']) {
    const roomId = `room-of-${participantId}`;
    trail.append({ action: 'consent.granted', roomId, participantId, modalities: ['audio'], by: 'participant' });
  }
  ({ head } = trail);
  await trail.close();
});
after(() => rmSync(dir, { recursive: true, force: true }));

test('an intact trail is told as such, and that a known record is in it', async () => {
  const plain = await runCli('audit', 'verify', file, '--head', head.hash);
  assert.equal(plain.code, 0, plain.stderr);
  assert.match(plain.stdout, /intact, 3 records/);
  assert.match(plain.stdout, /the record of --head is in it/);
  const json = await runCli('audit', 'verify', file, '--json');
  const report = JSON.parse(json.stdout) as { intact: boolean; head: AuditHead };
  assert.deepEqual([report.intact, report.head], [true, head]);
});

test('a trail that was changed, or cut off before a known record, ends with 1 and the line', async () => {
  const text = readFileSync(file, 'utf8');
  const changed = join(dir, 'changed.jsonl');
  writeFileSync(changed, text.replace('room-of-ada', 'room-of-eve'));
  const verified = await runCli('audit', 'verify', changed);
  assert.equal(verified.code, 1);
  assert.match(verified.stdout, /NOT intact: line 2 was changed/);
  const shown = await runCli('audit', 'show', changed);
  assert.equal(shown.code, 1);
  assert.match(shown.stderr, /line 2 was changed/);
  const cut = join(dir, 'cut.jsonl');
  writeFileSync(cut, `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`);
  const short = await runCli('audit', 'verify', cut, '--head', head.hash);
  assert.equal(short.code, 1);
  assert.match(short.stdout, /NOT in it/);
});

test('records are shown by room, and by participant with the key', async () => {
  const byRoom = await runCli('audit', 'show', file, '--room', 'room-of-grace');
  assert.equal(byRoom.code, 0);
  assert.match(byRoom.stdout, /^ +3 .*consent\.granted .*room room-of-grace .*by participant .*audio$/m);
  assert.equal(byRoom.stdout.trimEnd().split('\n').length, 1);
  const show = async (key?: string) => {
    const before = process.env['UNDERTONE_CONSENT_AUDIT_KEY'];
    if (key === undefined) delete process.env['UNDERTONE_CONSENT_AUDIT_KEY'];
    else process.env['UNDERTONE_CONSENT_AUDIT_KEY'] = key;
    try {
      return await runCli('audit', 'show', file, '--participant', 'ada', '--json');
    } finally {
      if (before === undefined) delete process.env['UNDERTONE_CONSENT_AUDIT_KEY'];
      else process.env['UNDERTONE_CONSENT_AUDIT_KEY'] = before;
    }
  };
  const found = await show(KEY);
  assert.equal(found.code, 0, found.stderr);
  assert.equal((JSON.parse(found.stdout) as { roomId: string }).roomId, 'room-of-ada');
  const other = await show(`another ${KEY}`);
  assert.equal(other.code, 1);
  assert.match(other.stderr, /is not the key of this trail/);
  const without = await show();
  assert.equal(without.code, 2);
  assert.match(without.stderr, /UNDERTONE_CONSENT_AUDIT_KEY is not set/);
});

test('what is typed wrong is told by name', async () => {
  for (const [args, told] of [
    [[], /give verify or show/],
    [['mend', file], /audit mend: give verify or show/],
    [['verify'], /needs one FILE/],
    [['verify', join(dir, 'none')], /there is no such file/],
    [['verify', file, '--head', 'abc'], /--head: "abc" is no hash/],
  ] as const) {
    const { code, stderr } = await runCli('audit', ...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, told);
  }
});
