/** Changes and slopes as ruptures and SciPy find them, and as trying every way to cut finds them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import fc from 'fast-check';
import { standardised } from '../../plugin/analytics/noise.ts';
import { pelt, squaredError, type PeltOptions, type Series } from '../../plugin/analytics/pelt.ts';
import { theilSen } from '../../plugin/analytics/theil-sen.ts';
import { seededRandom } from '../../scripts/random.ts';

interface Reference {
  changes: { name: string; width: number; penalty: number; minLength: number; values: number[]; changes: number[] }[];
  slopes: { y: number[]; slope: number; low: number; high: number }[];
}
const reference = JSON.parse(
  readFileSync(new URL('../fixtures/analytics/reference.json', import.meta.url), 'utf8'),
) as Reference;

const seriesOf = (values: readonly number[], width = 1): Series => ({
  length: values.length / width,
  width,
  values: Float64Array.from(values),
});

for (const { name, width, values, changes, ...options } of reference.changes) {
  test(`changes are those that ruptures finds: ${name}`, () => {
    assert.deepEqual(pelt(seriesOf(values, width), options), changes);
  });
}

/** What the cuts cost. */
function costOf(series: Series, cuts: readonly number[], penalty: number): number {
  const cost = squaredError(series);
  const edges = [0, ...cuts, series.length];
  return edges.slice(1).reduce((sum, to, index) => sum + cost(edges[index]!, to), 0) + cuts.length * penalty;
}

/** The least cost there is, by trying all that the beginning of the last stretch can be. */
function leastCost(series: Series, { penalty, minLength }: PeltOptions): number {
  const cost = squaredError(series);
  const best = Array.from({ length: series.length + 1 }, () => Infinity);
  best[0] = -penalty;
  for (let end = minLength; end <= series.length; end += 1) {
    for (let at = 0; at <= end - minLength; at += 1) {
      best[end] = Math.min(best[end]!, best[at]! + cost(at, end) + penalty);
    }
  }
  return best[series.length]!;
}

test('no other cuts cost less, and each stretch has its points', () => {
  const value = fc.double({ min: -3, max: 3, noNaN: true });
  const input = fc.record({
    values: fc.array(fc.tuple(value, value), { minLength: 6, maxLength: 60 }),
    penalty: fc.double({ min: 0, max: 12, noNaN: true }),
    minLength: fc.integer({ min: 1, max: 6 }),
  });
  fc.assert(
    fc.property(input, ({ values, ...options }) => {
      const series = seriesOf(values.flat(), 2);
      const cuts = pelt(series, options);
      const edges = [0, ...cuts, series.length];
      for (let i = 1; i < edges.length; i += 1) assert.ok(edges[i]! - edges[i - 1]! >= options.minLength);
      assert.ok(Math.abs(costOf(series, cuts, options.penalty) - leastCost(series, options)) < 1e-6);
    }),
  );
});

test('too few points have no change', () => {
  assert.deepEqual(pelt(seriesOf([1, 9]), { penalty: 0, minLength: 5 }), []);
  assert.deepEqual(pelt(seriesOf([]), { penalty: 0, minLength: 5 }), []);
});

const gaussian = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

test('noise alone is seldom taken for a change, be it even, spiky or somewhat sticky', () => {
  const random = seededRandom(11);
  let sticky = 0;
  const kinds = {
    even: () => gaussian(random),
    spiky: () => (random() < 0.08 ? 6 + gaussian(random) : 0.3 * gaussian(random)),
    sticky: () => (sticky = 0.3 * sticky + gaussian(random)),
  };
  for (const [kind, next] of Object.entries(kinds)) {
    let wrong = 0;
    for (let run = 0; run < 100; run += 1) {
      const noise = standardised(seriesOf(Array.from({ length: 200 }, next)), 0.05);
      if (pelt(noise, { penalty: 3 * Math.log(200), minLength: 5 }).length > 0) wrong += 1;
    }
    assert.ok(wrong <= 10, `${kind}: ${wrong} of 100 series`);
  }
});

test('slopes and their intervals are those of SciPy', () => {
  for (const { y, ...wanted } of reference.slopes) {
    const found = theilSen([...y.keys()], y)!;
    for (const field of ['slope', 'low', 'high'] as const) {
      assert.ok(Math.abs(found[field] - wanted[field]) < 1e-12, `${field}: ${found[field]}, SciPy ${wanted[field]}`);
    }
  }
});
