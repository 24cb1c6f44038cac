import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InferenceError, readManifest } from '../../plugin/analyzer/inference/index.ts';
import { EvaluationError } from '../../server/evaluation/index.ts';
import { labelTask, type TaskOptions } from '../../server/evaluation/label-task.ts';
import { TINY_MODEL } from '../analyzer/inference/fixtures/paths.ts';

const manifest = await readManifest(TINY_MODEL);
const task = (labels: TaskOptions['labels'], options: Partial<TaskOptions> = {}) =>
  labelTask(manifest, { labels, severalLabels: false, ...options });

test('a list is a set of its own with one label an item, or several where items have several', () => {
  assert.deepEqual(task(['bored', 'amused']).set.kind, 'single');
  const several = task(['bored', 'amused'], { severalLabels: true });
  assert.deepEqual([several.set.kind, several.multi, several.thresholds], ['multi', true, [0.25, 0.25]]);
  assert.equal(task(['bored', 'amused'], { kind: 'multi' }).multi, true);
});

test('the names of a shipped set are that set, with its thresholds, in the order and spelling asked for', () => {
  const { names, set, thresholds } = task(['Calm', 'sad', 'happy'], { severalLabels: true });
  assert.equal(set.id, 'tags');
  assert.deepEqual(names, ['Calm', 'sad', 'happy']);
  assert.deepEqual(thresholds, [0.5, 0.6, 0.4]);
});

test('a shipped set by name has its own kind', () => {
  assert.deepEqual(task('tags').thresholds, [0.4, 0.6, 0.5]);
  assert.deepEqual(task('sentiment').values, [-3, -2, -1, 0, 1, 2, 3]);
  const { multi, values, thresholds } = task('big6', { kind: 'single' });
  assert.deepEqual([multi, values, thresholds], [false, undefined, undefined]);
});

const WRONG: [name: string, labels: TaskOptions['labels'], options: Partial<TaskOptions>, message: RegExp][] = [
  ['an unknown set', 'moods', {}, /'moods' is no label set of this model; there are big6, sentiment, tags, vad/],
  ['scores on scales', 'vad', {}, /the set vad gives values on scales/],
  [
    'several labels in a single set',
    'big6',
    { severalLabels: true },
    /rows have several labels, but the set big6 is single/,
  ],
  [
    'several labels against the option',
    ['a', 'b'],
    { severalLabels: true, kind: 'single' },
    /rows have several labels, but --label-kind is single/,
  ],
  ['a kind that the set is not', 'tags', { kind: 'single' }, /--label-kind: the set tags is multi, not single/],
  ['a label that cannot stand in a cell', ['a|b', 'c'], {}, /"a\|b" has a \| in it/],
];

for (const [name, labels, options, message] of WRONG) {
  test(`is refused: ${name}`, () => {
    assert.throws(
      () => task(labels, options),
      (error: Error) => error instanceof EvaluationError && message.test(error.message),
    );
  });
}

test('labels that are no set are refused as everywhere', () => {
  assert.throws(
    () => task(['a', 'A']),
    (error: Error) => error instanceof InferenceError && /twice/.test(error.message),
  );
});
