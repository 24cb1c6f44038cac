/**
 * Measures of classification by their usual definitions, the same as those in models/merclip/metrics.py. An item's truth
 * and guess are lists of label numbers: of one where one label holds, of any length where several may.
 */
export type LabelNumbers = readonly number[];

/** How one label did. Shares of nothing are 0. */
export interface LabelFigures {
  /** Of the items for which it was guessed, the share for which it holds. */
  readonly precision: number;
  /** Of the items for which it holds, the share for which it was guessed. */
  readonly recall: number;
  /** Harmonic mean of precision and recall. */
  readonly f1: number;
  /** Items for which it holds. */
  readonly support: number;
}

/**
 * Share of the items whose guess is the truth, all labels of it and no other (exact match).
 *
 * @param truth rising label numbers, as `guess`
 */
export function accuracy(truth: readonly LabelNumbers[], guess: readonly LabelNumbers[]): number {
  const right = truth.filter((labels, i) => {
    const guessed = guess[i]!;
    return labels.length === guessed.length && labels.every((label, place) => label === guessed[place]);
  });
  return right.length / truth.length;
}

/** Figures of each of `count` labels. */
export function labelFigures(
  truth: readonly LabelNumbers[],
  guess: readonly LabelNumbers[],
  count: number,
): LabelFigures[] {
  const support = new Array<number>(count).fill(0);
  const guessed = new Array<number>(count).fill(0);
  const hits = new Array<number>(count).fill(0);
  truth.forEach((labels, i) => {
    for (const label of labels) support[label]! += 1;
    for (const label of guess[i]!) {
      guessed[label]! += 1;
      if (labels.includes(label)) hits[label]! += 1;
    }
  });
  return support.map((holds, label) => ({
    precision: share(hits[label]!, guessed[label]!),
    recall: share(hits[label]!, holds),
    f1: share(2 * hits[label]!, holds + guessed[label]!),
    support: holds,
  }));
}

/** Mean recall of the labels that occur in the truth (unweighted average recall); NaN where none does. */
export function unweightedAverageRecall(figures: readonly LabelFigures[]): number {
  return meanOf(occurring(figures).map(({ recall }) => recall));
}

/** Mean F1 of the labels that occur in the truth; NaN where none does. */
export function macroF1(figures: readonly LabelFigures[]): number {
  return meanOf(occurring(figures).map(({ f1 }) => f1));
}

/** Mean F1, each label counted as often as it holds; NaN where none does. */
export function weightedF1(figures: readonly LabelFigures[]): number {
  const total = figures.reduce((sum, { support }) => sum + support, 0);
  return figures.reduce((sum, { f1, support }) => sum + f1 * support, 0) / total;
}

/** Items by their one true label (rows) and their one guessed label (columns). */
export function confusionMatrix(truth: readonly number[], guess: readonly number[], count: number): number[][] {
  const matrix = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  truth.forEach((label, i) => {
    matrix[label]![guess[i]!]! += 1;
  });
  return matrix;
}

function occurring(figures: readonly LabelFigures[]): LabelFigures[] {
  return figures.filter(({ support }) => support > 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
