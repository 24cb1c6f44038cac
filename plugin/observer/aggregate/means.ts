import type { EmotionFinal } from '../../events/contract/v1/types.ts';

type Dimensions = NonNullable<EmotionFinal['dimensions']>;
const DIMENSIONS = ['valence', 'arousal', 'dominance'] as const satisfies (keyof Dimensions)[];

/** Means over some results of one label set. */
export interface Means {
  labels: ReadonlyMap<string, number>;
  sentiment: number;
  dimensions: Dimensions;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const rounded = (value: number, step: number) => Math.round(value * step) / step;

function meanDimensions(all: readonly (Dimensions | undefined)[]): Dimensions {
  const dimensions: Dimensions = {};
  for (const name of DIMENSIONS) {
    const values = all.flatMap((one) => one?.[name] ?? []);
    if (values.length === all.length) dimensions[name] = mean(values);
  }
  return dimensions;
}

/** One person's: a talkative one counts as much as a quiet one. */
export function meanOf(finals: readonly EmotionFinal[]): Means {
  const names = finals[0]!.labels.map(({ name }) => name);
  const p = (final: EmotionFinal, name: string) => final.labels.find((label) => label.name === name)?.p ?? 0;
  return {
    labels: new Map(names.map((name) => [name, mean(finals.map((final) => p(final, name)))])),
    sentiment: mean(finals.map(({ sentiment }) => sentiment)),
    dimensions: meanDimensions(finals.map(({ dimensions }) => dimensions)),
  };
}

/** The group's, as it is told: p in hundredths, sentiment in tenths. */
export function meanOfPeople(people: readonly Means[]) {
  const names = [...people[0]!.labels.keys()];
  const labels = names
    .map((name) => ({ name, p: rounded(mean(people.map(({ labels }) => labels.get(name) ?? 0)), 100) }))
    .sort((a, b) => b.p - a.p);
  const dimensions = meanDimensions(people.map((one) => one.dimensions));
  for (const name of DIMENSIONS) {
    if (dimensions[name] !== undefined) dimensions[name] = rounded(dimensions[name], 100);
  }
  return {
    labels,
    sentiment: rounded(mean(people.map(({ sentiment }) => sentiment)), 10),
    ...(Object.keys(dimensions).length > 0 ? { dimensions } : {}),
  };
}
