import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { InferenceEngine, readManifest } from '../../plugin/analyzer/inference/index.ts';
import { completeLabelSet } from '../../plugin/analyzer/inference/label-spec.ts';
import { decodeOggOpus } from '../../plugin/analyzer/media/index.ts';
import { evaluate, EvaluationError, type EvaluationOptions } from '../../server/evaluation/index.ts';
import { face as noise, sine } from '../analyzer/inference/fixtures/media.ts';
import { SHIPPED_MODEL, TINY_MODEL, withoutShippedModel } from '../analyzer/inference/fixtures/paths.ts';
import { opusFile } from '../support/opus-file.ts';
import { wavFile } from '../support/wav-file.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'undertone-evaluate-'));
  await mkdir(path.join(folder, 'media'));
  const file = (name: string, bytes: Uint8Array) => writeFile(path.join(folder, 'media', name), bytes);
  const sound = Float32Array.from({ length: 96_000 }, (_, i) => {
    return 0.3 * Math.sin((i / 48_000) * 2 * Math.PI * (200 + i / 300)) * (0.6 + 0.4 * Math.sin(i / 2_400));
  });
  await file('sound.opus', opusFile(sound));
  await file('sound.wav', wavFile(await decodeOggOpus(opusFile(sound)), { rate: 16_000, channels: 1, bits: 16 }));
  await file('long.wav', wavFile(sine(300, 14 * 16_000, 0.2), { rate: 16_000, channels: 1, bits: 16 }));
  await file(
    'loud.wav',
    wavFile(new Float32Array(16_000).fill(9), { rate: 16_000, channels: 1, bits: 32, float: true }),
  );
  const picture = (size: number, seed: number) =>
    sharp(noise(seed, size), { raw: { width: size, height: size, channels: 3 } });
  await file('face.png', await picture(48, 5).png().toBuffer());
  await file('face.jpg', await picture(64, 6).jpeg().toBuffer());
  await file('face.webp', await picture(32, 7).webp().toBuffer());
  await file('broken.png', (await picture(48, 5).png().toBuffer()).subarray(0, 300));
  await file('broken.opus', opusFile(sound).subarray(0, 900));
  await file('notes.txt', Buffer.from('no sound, no picture'));
});

after(() => rm(folder, { recursive: true }));

/** Writes an items file. */
async function itemsFile(...lines: string[]): Promise<string> {
  const file = path.join(folder, 'items.csv');
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

const run = async (lines: string[], options: Partial<EvaluationOptions> = {}) =>
  evaluate({
    file: await itemsFile(...lines),
    labels: 'big6',
    model: TINY_MODEL,
    provider: 'cpu',
    threads: 1,
    faces: 'auto',
    skipBad: false,
    ...options,
  });

const HEADER = 'audio,image,text,label';

test('rows of any modality, file type and combination are scored, in the order of the file', async () => {
  const { report, predictions, names } = await run([
    HEADER,
    'media/sound.wav,,,joy',
    'media/sound.opus,media/face.png,hello there,anger',
    ',media/face.jpg,,fear',
    ',media/face.webp,why,neutral',
    ',,so it is,neutral',
    'media/long.wav,,,sadness',
  ]);
  assert.equal(report.n, 6);
  assert.deepEqual(report.modalities, { audio: 3, image: 3, text: 3 });
  assert.deepEqual(report.faces, { detected: 0, whole: 3 });
  assert.deepEqual([report.kind, report.labelSet.id, report.skipped], ['single', 'big6', 0]);
  assert.equal(report.model.id, 'merclip-tiny-fixture');
  assert.deepEqual(
    predictions.map(({ item }) => item.row),
    [1, 2, 3, 4, 5, 6],
  );
  for (const { scores, guess, truth } of predictions) {
    assert.ok(Math.abs(scores.probabilities.reduce((sum, p) => sum + p, 0) - 1) < 1e-6);
    assert.equal(guess[0], scores.probabilities.indexOf(Math.max(...scores.probabilities)));
    assert.equal(truth.labels.length, 1);
  }
  assert.deepEqual(Object.keys(report.perLabel), names);
  assert.equal(
    Object.values(report.perLabel).reduce((sum, { support }) => sum + support, 0),
    6,
  );
  const right = predictions.filter(({ truth, guess }) => truth.labels[0] === guess[0]).length;
  assert.equal(report.accuracy, right / 6);
  assert.deepEqual(report.confusion!.labels, names);
  assert.equal(
    report.confusion!.counts.flat().reduce((sum, count) => sum + count, 0),
    6,
  );
});

test('an item has the scores that the engine gives its words, sound and face', async () => {
  const { predictions } = await run([HEADER, 'media/sound.opus,media/face.png,hello there,b'], {
    labels: ['a', 'b', 'c'],
    model: TINY_MODEL,
  });
  assert.deepEqual(predictions[0]!.truth.labels, [1]);
  const { prompt, prompts, custom } = await readManifest(TINY_MODEL);
  const engine = await InferenceEngine.open({ modelDir: TINY_MODEL, provider: 'cpu', threads: 1 });
  const definition = completeLabelSet({ labels: ['a', 'b', 'c'] }, { prompt, prompts, ...custom });
  await engine.defineLabels(definition);
  const [text] = await engine.encodeTexts(['hello there']);
  const request = { labelSetId: definition.id, wantSentiment: false };
  const [alone] = await engine.fuse([{ text: text!, ...request }]);
  const { predictions: words } = await run([HEADER, ',,hello there,b'], { labels: ['a', 'b', 'c'] });
  for (const { name, p } of alone!.labels) {
    assert.ok(Math.abs(words[0]!.scores.probabilities['abc'.indexOf(name)]! - p) < 1e-6);
  }
  // With sound and face it is another item.
  assert.notDeepEqual(words[0]!.scores, predictions[0]!.scores);
  await engine.close();
});

test('a picture of 48 x 48 reaches the shipped model to the pixel', { skip: withoutShippedModel }, async () => {
  const { predictions } = await run([HEADER, ',media/face.png,,neutral'], { model: SHIPPED_MODEL });
  const engine = await InferenceEngine.open({ modelDir: SHIPPED_MODEL, provider: 'cpu', threads: 1 });
  const [vision] = await engine.encodeFaces([noise(5, 48)]);
  const [expected] = await engine.fuse([{ vision: vision!, labelSetId: 'big6', wantSentiment: false }]);
  await engine.close();
  const [best] = expected!.labels;
  assert.ok(Math.abs(Math.max(...predictions[0]!.scores.probabilities) - best!.p) < 1e-6);
});

test('the same sound says the same as WAV and as Opus', { skip: withoutShippedModel }, async () => {
  const { predictions } = await run([HEADER, 'media/sound.wav,,,neutral', 'media/sound.opus,,,neutral'], {
    model: SHIPPED_MODEL,
  });
  const [wav, opus] = predictions.map(({ scores }) => scores.probabilities);
  for (const [i, p] of wav!.entries()) assert.ok(Math.abs(p - opus![i]!) < 1e-3, `${p} and ${opus![i]}`);
});

test('several labels in one cell make the task multi-label, with the thresholds of the set', async () => {
  const { report, predictions } = await run([HEADER, ',,yes,happy|calm', ',,no,sad', ',,perhaps,', ',,well,happy'], {
    labels: ['happy', 'sad', 'calm'],
  });
  assert.deepEqual([report.kind, report.labelSet.id, report.confusion], ['multi', 'tags', undefined]);
  const thresholds = Object.values(report.perLabel).map(({ threshold }) => threshold);
  assert.deepEqual(thresholds, [0.4, 0.6, 0.5]);
  assert.deepEqual(
    Object.values(report.perLabel).map(({ support }) => support),
    [2, 1, 1],
  );
  assert.deepEqual(
    predictions.map(({ truth }) => truth.labels),
    [[0, 2], [1], [], [0]],
  );
  for (const { guess, scores } of predictions) {
    assert.deepEqual(
      guess,
      [0, 1, 2].filter((label) => scores.probabilities[label]! >= thresholds[label]!),
    );
  }
});

test('an ordinal set is measured on its scale too, by labels or by numbers', async () => {
  const { report, predictions } = await run([HEADER, ',,awful,terrible', ',,fine,1.4', ',,so so,0', ',,lovely,3'], {
    labels: 'sentiment',
  });
  assert.equal(report.kind, 'ordinal');
  assert.deepEqual(
    predictions.map(({ truth }) => truth),
    [
      { labels: [0], value: -3 },
      { labels: [4], value: 1.4 },
      { labels: [3], value: 0 },
      { labels: [6], value: 3 },
    ],
  );
  assert.deepEqual(Object.keys(report.ordinal!), ['mae', 'pearson', 'acc7', 'acc2Has0', 'acc2Non0']);
  const errors = predictions.map(({ truth, scores }) => Math.abs(truth.value! - scores.score!));
  assert.ok(Math.abs(report.ordinal!.mae - errors.reduce((sum, error) => sum + error, 0) / 4) < 1e-12);
});

test('a thousand items go through in batches, each with its own result', async () => {
  const words = ['yes', 'no', 'well', 'so it is', 'why not then', 'hello there my friend'];
  const lines = Array.from({ length: 1_000 }, (_, i) => `,,${words[(i * 7) % 6]},neutral`);
  const told: number[] = [];
  const { predictions, report } = await run([HEADER, ...lines], {
    onProgress: (done, total) => {
      assert.equal(total, 1_000);
      told.push(done);
    },
  });
  assert.equal(report.n, 1_000);
  assert.deepEqual(told, [...Array(1_001).keys()]);
  // The same words score the same, whatever they shared a batch with.
  for (const [i, { scores }] of predictions.entries()) {
    for (const [label, p] of scores.probabilities.entries()) {
      assert.ok(Math.abs(p - predictions[i % 6]!.scores.probabilities[label]!) < 1e-5);
    }
  }
});

test('a limit takes the first rows only', async () => {
  const { report } = await run([HEADER, ',,yes,joy', ',,no,fear', 'media/none.wav,,,joy'], { limit: 2 });
  assert.equal(report.n, 2);
});

const BAD: [cells: string, message: RegExp][] = [
  ['media/none.wav,,', /row 2 \(line 3\), audio "media\/none\.wav": there is no such file/],
  ['media,,', /row 2 \(line 3\), audio "media": is no file/],
  ['media/notes.txt,,', /audio "media\/notes\.txt": is neither WAV nor Ogg Opus/],
  ['media/face.webp,,', /audio "media\/face\.webp": not a WAV file/],
  ['media/broken.opus,,', /audio "media\/broken\.opus": the Ogg file cannot be decoded: page \d+ at byte \d+ ends/],
  ['media/loud.wav,,', /audio "media\/loud\.wav": pcm: sample 0 is 9; samples between -1 and 1 are expected/],
  [',media/none.png,', /row 2 \(line 3\), image "media\/none\.png": there is no such file/],
  [',media/broken.png,', /image "media\/broken\.png": the picture cannot be decoded/],
  [',media/sound.wav,', /image "media\/sound\.wav": is neither PNG, JPEG nor WebP/],
];

for (const [cells, message] of BAD) {
  test(`the row, column and file are named: ${cells}`, async () => {
    await assert.rejects(
      run([HEADER, ',,yes,joy', `${cells},joy`]),
      (error: Error) => error instanceof EvaluationError && message.test(error.message),
    );
  });
}

test('bad items may be left out: they are counted and told', async () => {
  const told: string[] = [];
  const { report, predictions } = await run(
    [HEADER, ...BAD.map(([cells]) => `${cells},joy`), ',,yes,joy', 'media/sound.wav,media/broken.png,yes,joy'],
    { skipBad: true, onSkip: (reason) => told.push(reason) },
  );
  assert.deepEqual([report.n, report.skipped, told.length], [1, BAD.length + 1, BAD.length + 1]);
  assert.equal(predictions[0]!.item.row, BAD.length + 1);
  assert.deepEqual(report.modalities, { audio: 0, image: 0, text: 1 });
});

test('a label that is none is refused at once, even where bad items may be left out', async () => {
  await assert.rejects(run([HEADER, 'media/none.wav,,,joy', ',,yes,joyy'], { skipBad: true }), /row 2 .* label "joyy"/);
});

test('nothing to measure is said', async () => {
  await assert.rejects(run([HEADER, 'media/none.wav,,,joy'], { skipBad: true }), /none of the 1 items can be used/);
  await assert.rejects(run([HEADER, ',,yes,'], { labels: 'tags' }), /no item has a label/);
});

test('a face has to be found where that is asked for', async () => {
  await assert.rejects(run([HEADER, ',media/face.png,,joy'], { faces: 'detect' }), /image .*: no face was found/);
});
