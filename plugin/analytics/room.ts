import type { EmotionAggregate, ReportRoom } from '../events/contract/v1/types.ts';
import { bySet, isClear, tableOf, type Scored } from './said.ts';
import { inOrder, sumOf } from './statistics.ts';
import { THRESHOLDS } from './thresholds.ts';

const rounded = (value: number, step: number) => Math.round(value * step) / step;
/** As events have them. */
const DIMENSIONS = ['valence', 'arousal', 'dominance'] as const;
const meanOf = <T>(items: readonly T[], value: (item: T) => number) => sumOf(items, value) / items.length;

/**
 * One mean over the people of a meeting, in which each counts once: of the label set in which most have enough results. There
 * is one mean and not one a set, as two over groups that differ by one person would give that person away.
 *
 * @returns undefined where at most k have enough results
 */
export function roomOfResults(people: readonly (readonly Scored[])[], k: number): ReportRoom | undefined {
  const groups = people.flatMap((results) => bySet(results.filter(isClear)));
  const bySets = [...Map.groupBy(groups, ({ results }) => results[0]!.result.set)]
    .map(([{ ref }, each]) => ({
      ref,
      names: [...new Set(each.flatMap(({ names }) => names))].sort(inOrder),
      theirs: each.map(({ results }) => results).filter(({ length }) => length >= THRESHOLDS.roomResults),
    }))
    .sort(
      (a, b) => b.theirs.length - a.theirs.length || inOrder(a.ref.hash, b.ref.hash) || inOrder(a.ref.id, b.ref.id),
    );
  const [most] = bySets;
  if (!most || most.theirs.length < k + 1) return undefined;
  const { ref, names, theirs } = most;
  // One table for each of them, so that names are looked up once and not for each result.
  const tables = theirs.map((results) => tableOf(results, names));
  const labels = names.map((name, index) => ({
    name,
    p: meanOf(tables, (rows) => meanOf(rows, (row) => row[index]!)),
  }));
  return {
    source: 'results',
    people: theirs.length,
    labelSet: ref,
    labels: labels.map(({ name, p }) => ({ name, p: rounded(p, 100) })),
    sentiment: rounded(
      meanOf(theirs, (results) => meanOf(results, ({ result }) => result.sentiment)),
      10,
    ),
    ...dimensionsOf((name) => {
      const each = theirs.map((results) => results.flatMap(({ result }) => result.dimensions?.[name] ?? []));
      return each.every(({ length }) => length >= THRESHOLDS.roomResults)
        ? meanOf(each, (values) => meanOf(values, (value) => value))
        : undefined;
    }),
  };
}

/** A mean over part of the group would be one over another group. @param mean - undefined where not all have the dimension */
function dimensionsOf(mean: (name: (typeof DIMENSIONS)[number]) => number | undefined): Pick<ReportRoom, 'dimensions'> {
  const dimensions: ReportRoom['dimensions'] = {};
  for (const name of DIMENSIONS) {
    const value = mean(name);
    if (value !== undefined) dimensions[name] = rounded(value, 100);
  }
  return Object.keys(dimensions).length > 0 ? { dimensions } : {};
}

/**
 * The means that were made live, as one: made of nothing else, it tells nothing that they did not tell. A second series beside
 * theirs could give away, in what is between the two, what neither tells.
 *
 * @param means - in the order of their numbers
 */
export function roomOfMeans(means: readonly EmotionAggregate[]): ReportRoom | undefined {
  const bySets = [...Map.groupBy(means, ({ labelSet }) => labelSet.hash)].sort(
    ([a, some], [b, others]) => others.length - some.length || inOrder(a, b),
  );
  const those = bySets[0]?.[1];
  if (!those) return undefined;
  const people = sumOf(those, (one) => one.people);
  const mean = (value: (one: EmotionAggregate) => number) => sumOf(those, (one) => one.people * value(one)) / people;
  const names = [...new Set(those.flatMap(({ labels }) => labels.map(({ name }) => name)))].sort(inOrder);
  return {
    source: 'live-means',
    people: those.reduce((most, one) => Math.max(most, one.people), 0),
    labelSet: those[0]!.labelSet,
    labels: names.map((name) => ({
      name,
      p: rounded(
        mean(({ labels }) => labels.find((label) => label.name === name)?.p ?? 0),
        100,
      ),
    })),
    sentiment: rounded(
      mean(({ sentiment }) => sentiment),
      10,
    ),
    ...dimensionsOf((name) =>
      those.every(({ dimensions }) => dimensions?.[name] !== undefined)
        ? mean(({ dimensions }) => dimensions![name]!)
        : undefined,
    ),
  };
}
