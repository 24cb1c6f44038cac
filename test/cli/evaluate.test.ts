import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { TINY_MODEL, withoutShippedModel } from '../analyzer/inference/fixtures/paths.ts';
import { sine } from '../analyzer/inference/fixtures/media.ts';
import { runCli } from '../support/run-cli.ts';
import { wavFile } from '../support/wav-file.ts';

const TINY = ['--model', TINY_MODEL, '--provider', 'cpu'];
let folder: string;
let items: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-evaluate-'));
  items = join(folder, 'items.csv');
  await writeFile(join(folder, 'a.wav'), wavFile(sine(300, 16_000, 0.2), { rate: 16_000, channels: 1, bits: 16 }));
  await writeFile(items, 'audio,image,text,label\na.wav,,,joy\n,,"well, yes",fear\n,,no,joy\n');
});

after(() => rm(folder, { recursive: true }));

test('with --json exactly one object is printed, with the figures and what they are of', async () => {
  const { code, stdout, stderr } = await runCli('evaluate', items, '--labels', 'joy,fear,calm', '--json', ...TINY);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  assert.equal(stdout.trim().split('\n').length, 1);
  const report = JSON.parse(stdout) as Record<string, unknown>;
  for (const key of ['n', 'accuracy', 'uar', 'weightedF1', 'macroF1', 'ece']) {
    assert.ok(typeof report[key] === 'number', key);
  }
  assert.equal(report['n'], 3);
  const perLabel = report['perLabel'] as Record<string, Record<string, number>>;
  assert.deepEqual(Object.keys(perLabel), ['joy', 'fear', 'calm']);
  assert.deepEqual(Object.keys(perLabel['joy']!), ['precision', 'recall', 'f1', 'support']);
  assert.equal(perLabel['joy']!['support'], 2);
});

test('for people it prints tables: the figures, each label, and what is taken for what', async () => {
  const { code, stdout } = await runCli('evaluate', items, '--labels', 'joy,fear,calm', ...TINY);
  assert.equal(code, 0);
  assert.match(stdout, /^model +merclip-tiny-fixture 0\.0\.1 on cpu$/m);
  assert.match(stdout, /^modalities +audio 1, text 2$/m);
  assert.match(stdout, /^accuracy +\d+\.\d %$/m);
  assert.match(stdout, /^calibration error +\d+\.\d %$/m);
  assert.match(stdout, /^joy +\d+\.\d % +\d+\.\d % +\d+\.\d % +2$/m);
  assert.match(stdout, /^1 joy +\d +\d +\d$/m);
});

test('several labels a row and a sentiment scale have their own tables', async () => {
  const tags = join(folder, 'tags.csv');
  await writeFile(tags, 'text,label\nyes,happy|calm\nno,\n');
  const multi = await runCli('evaluate', tags, '--labels', 'tags', ...TINY);
  assert.equal(multi.code, 0, multi.stderr);
  assert.match(multi.stdout, /^exact match +\d/m);
  assert.match(multi.stdout, /^happy .* 1 +0\.400$/m);
  assert.doesNotMatch(multi.stdout, /taken for/);
  const scale = join(folder, 'scale.csv');
  await writeFile(scale, 'text,label\nyes,2.2\nno,-1\n');
  const sentiment = await runCli('evaluate', scale, '--labels', 'sentiment', ...TINY);
  assert.match(sentiment.stdout, /^mean abs\. error +\d\.\d{3}$/m);
  assert.match(sentiment.stdout, /^Acc-2, without 0 +\d/m);
});

test('each row with its probabilities goes into a file on demand', async () => {
  const file = join(folder, 'predictions.csv');
  const { code, stderr } = await runCli(
    'evaluate',
    items,
    '--labels',
    'joy,"fear",calm',
    '--predictions',
    file,
    ...TINY,
  );
  assert.equal(code, 2, 'quotes are part of a name, so fear is none of the labels');
  assert.match(stderr, /label "fear"/);
  await runCli('evaluate', items, '--labels', 'joy,fear,calm', '--predictions', file, ...TINY);
  const [header, ...rows] = parse(await readFile(file));
  assert.deepEqual(header, ['row', 'label', 'predicted', 'p(joy)', 'p(fear)', 'p(calm)']);
  assert.deepEqual(
    rows.map(([row, label]) => [row, label]),
    [
      ['1', 'joy'],
      ['2', 'fear'],
      ['3', 'joy'],
    ],
  );
  for (const row of rows) assert.ok(Math.abs(Number(row[3]) + Number(row[4]) + Number(row[5]) - 1) < 1e-6);
});

test('bad items are named on standard error when they are left out', async () => {
  const file = join(folder, 'bad.csv');
  await writeFile(file, 'audio,text,label\nnone.wav,,joy\n,yes,fear\n');
  const { code, stdout, stderr } = await runCli(
    'evaluate',
    file,
    '--labels',
    'joy,fear',
    '--skip-bad',
    '--json',
    ...TINY,
  );
  assert.equal(code, 0);
  assert.match(stderr, /^left out: row 1 \(line 2\), audio "none\.wav": there is no such file\n$/);
  const { n, skipped } = JSON.parse(stdout) as { n: number; skipped: number };
  assert.deepEqual([n, skipped], [1, 1]);
});

test('the shipped model is the default', { skip: withoutShippedModel }, async () => {
  const { code, stdout, stderr } = await runCli(
    'evaluate',
    items,
    '--labels',
    'joy,fear',
    '--provider',
    'cpu',
    '--json',
  );
  assert.equal(code, 0, stderr);
  assert.match((JSON.parse(stdout) as { model: { id: string } }).model.id, /open/);
});

const refusals: [name: string, args: () => string[], message: RegExp][] = [
  ['no file', () => ['--labels', 'a,b'], /evaluate needs one ITEMS\.csv/],
  ['no labels', () => [items], /--labels is missing/],
  ['a file that is not there', () => [join(folder, 'none.csv'), '--labels', 'a,b'], /none\.csv: there is no such file/],
  ['a folder', () => [folder, '--labels', 'a,b'], /is no file/],
  [
    'a label that is none',
    () => [items, '--labels', 'joy,calm', ...TINY],
    /items\.csv: row 2 \(line 3\), label "fear"/,
  ],
  ['one label', () => [items, '--labels', 'joy', ...TINY], /'joy' is no label set of this model; there are big6/],
  ['an empty label', () => [items, '--labels', 'joy,,fear'], /--labels: "joy,,fear" has an empty label/],
  ['a label twice', () => [items, '--labels', 'joy,fear,Joy', ...TINY], /'Joy' is there twice/],
  [
    'an unknown kind',
    () => [items, '--labels', 'a,b', '--label-kind', 'x'],
    /--label-kind: "x" is not one of single, multi/,
  ],
  [
    'an unknown mode',
    () => [items, '--labels', 'a,b', '--faces', 'x'],
    /--faces: "x" is not one of auto, detect, whole/,
  ],
  ['no number', () => [items, '--labels', 'a,b', '--limit', '1e3'], /--limit: "1e3" is no whole number from 1 to/],
  ['an unknown model', () => [items, '--labels', 'joy,fear', '--model', 'huge'], /huge/],
  [
    'an unknown provider',
    () => [items, '--labels', 'joy,fear', '--model', TINY_MODEL, '--provider', 'tpu'],
    /provider: 'tpu' is not known/,
  ],
  ['an unknown option', () => [items, '--labels', 'a,b', '--loud'], /--loud/],
  [
    'predictions that cannot be written',
    () => [items, '--labels', 'joy,fear', '--predictions', join(folder, 'no', 'where.csv'), ...TINY],
    /--predictions: .* cannot be written \(ENOENT\)/,
  ],
];

for (const [name, args, message] of refusals) {
  test(`one sentence and exit code 2 for ${name}`, async () => {
    const { code, stdout, stderr } = await runCli('evaluate', ...args());
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  });
}

test('help tells every option, with examples', async () => {
  const { code, stdout } = await runCli('evaluate', '--help');
  assert.equal(code, 0);
  for (const option of [
    'labels',
    'label-kind',
    'model',
    'provider',
    'threads',
    'faces',
    'limit',
    'skip-bad',
    'predictions',
    'json',
  ])
    assert.ok(stdout.includes(`--${option}`), option);
  assert.match(stdout, /undertone evaluate faces\.csv/);
});
