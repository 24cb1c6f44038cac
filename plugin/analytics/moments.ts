import type { ReportMoment } from '../events/contract/v1/types.ts';
import { standardised, thinned } from './noise.ts';
import { pelt, type Series } from './pelt.ts';
import { bySet, isClear, tableOf, type Scored } from './said.ts';
import { sumOf } from './statistics.ts';
import { THRESHOLDS } from './thresholds.ts';

/** Noise below which a change is not worth telling: of a probability, and of sentiment. */
const LEAST = { labels: 0.05, sentiment: 0.15 };
/** Labels that are told of a change. */
const TOLD = 3;

/** Where the level of somebody's results changed. @param results - one person's, in the order of time */
export function momentsOf(results: readonly Scored[]): ReportMoment[] {
  const clear = results.filter(isClear);
  const sentiment = clear.map(({ result }) => [result.sentiment]);
  const moments = changesIn(clear, ['sentiment'], sentiment, LEAST.sentiment).map((change): ReportMoment => ({
    ...change,
    of: 'sentiment',
  }));
  for (const { set, names, results: some } of bySet(clear)) {
    for (const { changed, ...change } of changesIn(some, names, tableOf(some, names), LEAST.labels)) {
      const most = changed.sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before)).slice(0, TOLD);
      moments.push({ ...change, of: 'labels', labelSet: set, changed: most });
    }
  }
  return moments.sort((a, b) => a.atMs - b.atMs);
}

type Change = Omit<ReportMoment, 'of' | 'labelSet'>;

/**
 * Changes of the mean of several values at once. The noise is brought to 1 first, so that a cut costs what the modified Bayes
 * criterion takes in one dimension, 3 log n (Zhang and Siegmund, "A modified Bayes information criterion with applications to the
 * analysis of comparative genomic hybridization data", Biometrics 63(1), 2007, without its term for the lengths): one log n for
 * each mean that is fitted anew, and two for the place of the cut.
 */
function changesIn(
  results: readonly Scored[],
  names: readonly string[],
  rows: readonly (readonly number[])[],
  least: number,
): Change[] {
  if (rows.length < THRESHOLDS.seriesResults) return [];
  const whole: Series = { length: rows.length, width: names.length, values: Float64Array.from(rows.flat()) };
  const { series, each } = thinned(whole, THRESHOLDS.seriesPoints);
  const penalty = (series.width + 2) * Math.log(series.length);
  const minLength = Math.ceil(THRESHOLDS.segmentResults / each);
  const cuts = pelt(standardised(series, least), { penalty, minLength }).map((point) => point * each);
  return cuts.map((cut, index) => {
    const before = rows.slice(cuts[index - 1] ?? 0, cut);
    const after = rows.slice(cut, cuts[index + 1] ?? rows.length);
    const mean = (some: typeof rows, column: number) => sumOf(some, (row) => row[column]!) / some.length;
    return {
      atMs: results[cut]!.startMs,
      changed: names.map((name, column) => ({ name, before: mean(before, column), after: mean(after, column) })),
      resultsBefore: before.length,
      resultsAfter: after.length,
    };
  });
}
