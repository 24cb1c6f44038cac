import type { ReportExpressions, ReportScale } from '../events/contract/v1/types.ts';
import { binned, slopeOf, type Bins } from './bins.ts';
import { bySet, isClear, leadersOf, tableOf, weightOf, type Scored } from './said.ts';
import { shareOf, sumOf } from './statistics.ts';

/** Mean of a value, each result weighted by its length. */
export function weightedMean(results: readonly Scored[], value: (one: Scored) => number): number {
  return sumOf(results, (one) => weightOf(one) * value(one)) / sumOf(results, weightOf);
}

/** Shares and trends of the labels, set by set. @param results - one person's, in the order of time */
export function expressionsOf(results: readonly Scored[], bins: Bins): ReportExpressions[] {
  return bySet(results).map(({ set, names, results: all }) => {
    const clear = all.filter(isClear);
    const resultMs = sumOf(all, weightOf);
    const stretches = binned(clear, bins).map(({ startMs, items }) => ({
      startMs,
      results: items.length,
      means: meansOf(items, names),
    }));
    const means = meansOf(clear, names);
    const leads = set.kind === 'dimensional' ? undefined : leadTimes(clear, names);
    return {
      labelSet: set,
      results: clear.length,
      unclear: all.length - clear.length,
      resultMs,
      unclearShare: shareOf(
        sumOf(
          all.filter((one) => !isClear(one)),
          weightOf,
        ),
        resultMs,
      ),
      labels: names.map((name, index) => ({
        name,
        share: leads ? shareOf(leads[index]!, resultMs) : null,
        mean: means[index]!,
        slope: slopeOf(stretches.map((stretch) => ({ startMs: stretch.startMs, value: stretch.means[index]! }))),
      })),
      bins: stretches,
    };
  });
}

/** Of each label the time in which it led. */
function leadTimes(clear: readonly Scored[], names: readonly string[]): number[] {
  const times = names.map(() => 0);
  leadersOf(clear, names).forEach((leading, index) => (times[leading]! += weightOf(clear[index]!)));
  return times;
}

/** Of each label the mean of its p, each result weighted by its length; 0 without results. */
function meansOf(results: readonly Scored[], names: readonly string[]): number[] {
  const sums = names.map(() => 0);
  let weights = 0;
  tableOf(results, names).forEach((row, index) => {
    const weight = weightOf(results[index]!);
    weights += weight;
    for (let j = 0; j < row.length; j += 1) sums[j]! += weight * row[j]!;
  });
  return sums.map((sum) => bounded(weights > 0 ? sum / weights : 0));
}

/** What rounding of sums may take over the edge. */
const bounded = (share: number) => Math.min(1, Math.max(0, share));

const SCALES = ['sentiment', 'valence', 'arousal', 'dominance'] as const;

/** Sentiment and dimensions, as far as the results have them. @param results - one person's, in the order of time */
export function scalesOf(results: readonly Scored[], bins: Bins): ReportScale[] {
  return SCALES.flatMap((name) => {
    const value = ({ result }: Scored) => (name === 'sentiment' ? result.sentiment : result.dimensions?.[name]);
    const those = results.filter((one) => isClear(one) && value(one) !== undefined);
    if (those.length === 0) return [];
    const mean = (some: readonly Scored[]) => weightedMean(some, (one) => value(one) ?? 0);
    const stretches = binned(those, bins).map(({ startMs, items }) => ({
      startMs,
      results: items.length,
      mean: mean(items),
    }));
    const slope = slopeOf(stretches.map(({ startMs, mean: level }) => ({ startMs, value: level })));
    return [{ name, results: those.length, mean: mean(those), slope, bins: stretches }];
  });
}
