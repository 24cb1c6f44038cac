import { roundHalfEven } from './round-half-even.ts';

/** Measures of a score on a scale. */
export interface OrdinalFigures {
  /** Mean absolute error. */
  readonly mae: number;
  /** Pearson's correlation; NaN where truth or score never changes. */
  readonly pearson: number;
}

/** Measures of sentiment from -3 to 3, as the field reports them for CMU-MOSI and CMU-MOSEI. */
export interface SentimentFigures extends OrdinalFigures {
  /** Share of the items whose score, cut to -3..3 and rounded half to even, is that of the truth. */
  readonly acc7: number;
  /** Negative or not: x >= 0, over all items. */
  readonly acc2Has0: number;
  /** Negative or positive: x > 0, over the items whose truth is not 0; NaN where there are none. */
  readonly acc2Non0: number;
}

export function ordinalFigures(truth: readonly number[], score: readonly number[]): OrdinalFigures {
  return { mae: mean(truth.map((value, i) => Math.abs(value - score[i]!))), pearson: pearson(truth, score) };
}

/** @param truth -3..3, as `score` */
export function sentimentFigures(truth: readonly number[], score: readonly number[]): SentimentFigures {
  const pairs = truth.map((value, i) => ({ value, guess: score[i]! }));
  const agreement = (of: typeof pairs, read: (x: number) => unknown) =>
    mean(of.map(({ value, guess }) => (read(value) === read(guess) ? 1 : 0)));
  return {
    ...ordinalFigures(truth, score),
    acc7: agreement(pairs, (x) => roundHalfEven(Math.max(-3, Math.min(3, x)))),
    acc2Has0: agreement(pairs, (x) => x >= 0),
    acc2Non0: agreement(
      pairs.filter(({ value }) => value !== 0),
      (x) => x > 0,
    ),
  };
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let ab = 0;
  let aa = 0;
  let bb = 0;
  a.forEach((value, i) => {
    ab += (value - meanA) * (b[i]! - meanB);
    aa += (value - meanA) ** 2;
    bb += (b[i]! - meanB) ** 2;
  });
  return ab / Math.sqrt(aa * bb);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
