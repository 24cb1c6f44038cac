import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { meeting } from '../events/export/meeting.ts';
import { runCli } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'undertone-export-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, lines: readonly unknown[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return path;
}

const golden = (name: string) => readFileSync(new URL(`../events/export/golden/${name}`, import.meta.url), 'utf8');

test('events in a file are written in another format, as the library writes them', async () => {
  const later = { v: 1, type: 'emotion.forecast', eventId: 'f', roomId: 'standup', atMs: 1, seq: 9 };
  const { code, stdout, stderr } = await runCli(
    'export',
    file('events.jsonl', [...meeting, '', later]),
    '--format',
    'csv',
  );
  assert.equal(code, 0, stderr);
  assert.equal(stdout, golden('meeting.csv'));
});

test('what is wrong is named: the format, the file, the line and the field', async () => {
  const events = file('wrong.jsonl', [meeting[0], { ...meeting[2], confidence: 2 }]);
  for (const [args, message] of [
    [[events], /--format: is missing; give one of jsonl, csv, webvtt, emotionml, cloudevents/],
    [[events, '--format', 'xlsx'], /--format: "xlsx" is not one of jsonl/],
    [[join(folder, 'none.jsonl'), '--format', 'csv'], /none\.jsonl: there is no such file/],
    [[events, '--format', 'csv'], /wrong\.jsonl, line 2: is no event of contract v1 \(confidence: /],
    [[file('text.jsonl', ['hello']), '--format', 'csv'], /text\.jsonl, line 1: is no JSON/],
  ] as const) {
    const { code, stderr } = await runCli('export', ...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
});
