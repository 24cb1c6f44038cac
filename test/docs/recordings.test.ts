/** What docs/recordings.md shows is run as it stands there. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { OUTPUT_NAMES, readSpeakers } from '../../server/recording/index.ts';
import { writeLongWav } from '../support/long-recording.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const guide = readFileSync(join(ROOT, 'docs', 'recordings.md'), 'utf8');
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block]) => block!);

let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'undertone-guide-'));
  mkdirSync(join(folder, 'standup'));
  for (const [name, id] of [
    ['ada', 'maya'],
    ['bob', 'callum'],
  ] as const) {
    for (const path of [join(folder, 'standup', `${name}.wav`), join(folder, `${name}.wav`)]) {
      await writeLongWav(path, id, 1, 9_000);
    }
  }
  writeFileSync(join(folder, 'standup.vtt'), 'WEBVTT\n\n00:00.700 --> 00:03.700\n<v Ada>We did it!\n');
});
after(() => rmSync(folder, { recursive: true }));

test('the command of the guide writes every format', () => {
  const [command] = blocks('sh');
  const [program, ...args] = command!.trim().split(' ').slice(1);
  assert.equal(program, 'undertone');
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'server/cli/main.ts'), ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  assert.deepEqual(readdirSync(join(folder, 'results')).sort(), [
    'events.jsonl',
    'report.html',
    'results.csv',
    'results.emotionml',
    'results.parquet',
    'results.vtt',
  ]);
});

test('the program of the guide prints a result of each', () => {
  const [program] = blocks('ts');
  const file = join(folder, 'example.ts');
  writeFileSync(file, program!.replace("'undertone'", `'${pathToFileURL(join(ROOT, 'plugin', 'index.ts')).href}'`));
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^ada \{ name: '/m);
  assert.match(stdout, /^bob \{ name: '/m);
});

test('the names of the guide are read, and its formats are those that there are', async () => {
  const names = join(folder, 'names.txt');
  writeFileSync(names, blocks('text')[0]!);
  assert.deepEqual(
    [...(await readSpeakers(names))],
    [
      ['ada.wav', 'Ada'],
      ['call.mkv#2', 'Bob'],
      ['spk_0', 'Ada'],
    ],
  );
  for (const name of OUTPUT_NAMES) assert.ok(guide.includes(`\`${name}\``), name);
});
