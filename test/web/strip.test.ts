import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stripData } from '../../server/web/view/stripData.ts';
import { stripRange } from '../../server/web/view/stripRange.ts';
import { finalOf } from './events.ts';

const MINUTE = 60_000;

test('each utterance is a block of its own length with nothing before and after it', () => {
  const { x, edges, sentiment } = stripData([finalOf('a', 10_000), finalOf('b', 20_000)], 0);
  assert.deepEqual(
    x.map((seconds) => Math.round(seconds * 1_000)),
    [10_000, 11_000, 11_001, 20_000, 21_000, 21_001],
  );
  for (const row of [...edges, sentiment]) {
    assert.deepEqual(
      row.map((value) => value === null),
      [false, false, true, false, false, true],
    );
  }
});

test('the layers of a single-choice set are stacked up to 1', () => {
  const { edges, stacked } = stripData([finalOf('a', 10_000)], 0);
  assert.equal(stacked, true);
  const first = edges.map(([value]) => value!);
  assert.ok(first.every((value, index) => index === 0 || value >= first[index - 1]!));
  assert.ok(Math.abs(first.at(-1)! - 1) < 1e-9);
});

test('the labels of a multi-label set keep their own height', () => {
  const labels = [
    { name: 'pride', p: 0.9 },
    { name: 'relief', p: 0.8 },
  ];
  const labelSet = { id: 'own', hash: '0123456789abcdef', kind: 'multi' as const };
  const { edges, stacked } = stripData([finalOf('a', 0, { labels, labelSet })], 0);
  assert.equal(stacked, false);
  assert.deepEqual(
    edges.map(([value]) => value),
    [0.9, 0.8],
  );
});

test('what the model would not say is drawn as time without a label', () => {
  const { edges, sentiment, abstained } = stripData(
    [finalOf('a', 0), finalOf('b', 5_000, { abstained: 'low-confidence' })],
    0,
  );
  for (const row of [...edges, sentiment]) assert.deepEqual(row.slice(3), [null, null, null]);
  assert.deepEqual(abstained, [null, null, null, 0.5, 0.5, null]);
});

test('many labels become six and the rest', () => {
  const labels = Array.from({ length: 28 }, (_, index) => ({ name: `label ${index}`, p: 1 / 28 }));
  const data = stripData([finalOf('a', 0, { labels })], 0);
  assert.equal(data.labels.length, 7);
  assert.equal(data.labels.at(-1), 'other');
  assert.ok(Math.abs(data.edges.at(-1)![0]! - 1) < 1e-9);
});

test('results of another label set than the one in force are not mixed in', () => {
  const labelSet = { id: 'own', hash: '0123456789abcdef', kind: 'single' as const };
  const own = finalOf('b', 5_000, { labelSet, labels: [{ name: 'bored', p: 1 }] });
  const { labels, x } = stripData([finalOf('a', 0), own], 0);
  assert.deepEqual(labels, ['bored']);
  assert.equal(x.length, 3);
});

test('times ascend, however utterances overlap and touch', () => {
  const starts = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(starts, (all) => {
      const finals = all.toSorted((a, b) => a - b).map((startMs, index) => finalOf(`u${index}`, startMs));
      const { x, edges, sentiment } = stripData(finals, 0);
      assert.ok(x.every((seconds, index) => index === 0 || seconds > x[index - 1]!));
      for (const row of [...edges, sentiment]) assert.equal(row.length, x.length);
    }),
  );
});

test('nothing at all gives an empty strip', () => {
  assert.deepEqual(stripData([], 0), { labels: [], stacked: true, x: [], edges: [], sentiment: [], abstained: [] });
});

test('a strip fills up first and then moves on with three minutes in view', () => {
  assert.deepEqual(stripRange(0, 1_000), { fromMs: 0, toMs: 45_000 });
  assert.deepEqual(stripRange(0, 2 * MINUTE), { fromMs: 0, toMs: 2 * MINUTE });
  assert.deepEqual(stripRange(0, 10 * MINUTE), { fromMs: 7 * MINUTE, toMs: 10 * MINUTE });
});
