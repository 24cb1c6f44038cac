import type { Item } from './items/Item.ts';
import type { Truth } from './items/truth.ts';
import type { ItemScores } from './ItemScorer.ts';
import type { LabelTask } from './label-task.ts';
import { expectedCalibrationError } from './metrics/calibration.ts';
import {
  accuracy,
  confusionMatrix,
  labelFigures,
  macroF1,
  unweightedAverageRecall,
  weightedF1,
  type LabelFigures,
} from './metrics/classification.ts';
import { ordinalFigures, sentimentFigures, type OrdinalFigures } from './metrics/ordinal.ts';

const SENTIMENT_VALUES = [-3, -2, -1, 0, 1, 2, 3];

/** An item with what it is and what the model says. */
export interface Prediction {
  readonly item: Item;
  readonly truth: Truth;
  /** The labels that the model gives it, as places in the task's names, rising. */
  readonly guess: readonly number[];
  readonly scores: ItemScores;
}

/** What was measured; shares are 0..1. */
export interface Figures {
  /** Items. */
  readonly n: number;
  /** Share of the items with the right label; where several may hold, with all the right ones and no other. */
  readonly accuracy: number;
  /** Unweighted average recall, over the labels that occur. */
  readonly uar: number;
  readonly weightedF1: number;
  /** Over the labels that occur. */
  readonly macroF1: number;
  /** Expected calibration error: of the likeliest label; where several may hold, of every label's probability. */
  readonly ece: number;
  readonly perLabel: Readonly<Record<string, LabelFigures & { readonly threshold?: number }>>;
  /** Where one label holds: items by their label (rows) and the model's (columns). */
  readonly confusion?: { readonly labels: readonly string[]; readonly counts: readonly (readonly number[])[] };
  /** Of an ordinal set's expected value; with the scale of sentiment, -3 to 3, the field's measures of it as well. */
  readonly ordinal?: OrdinalFigures;
}

/** The labels that count: the likeliest (the first of equals), or those that reach their thresholds. */
export function guessOf({ probabilities }: ItemScores, { thresholds }: LabelTask): number[] {
  if (!thresholds) return [probabilities.indexOf(Math.max(...probabilities))];
  return [...probabilities.keys()].filter((label) => probabilities[label]! >= thresholds[label]!);
}

/** @param predictions one or more, with a label that holds among them */
export function figuresOf(predictions: readonly Prediction[], task: LabelTask): Figures {
  const { names, thresholds, multi } = task;
  const truth = predictions.map((prediction) => prediction.truth.labels);
  const guess = predictions.map((prediction) => prediction.guess);
  const figures = labelFigures(truth, guess, names.length);
  const perLabel = names.map((name, label) => {
    return [name, { ...figures[label]!, ...(thresholds && { threshold: thresholds[label]! }) }] as const;
  });
  return {
    n: predictions.length,
    accuracy: accuracy(truth, guess),
    uar: unweightedAverageRecall(figures),
    weightedF1: weightedF1(figures),
    macroF1: macroF1(figures),
    ece: multi ? labelCalibration(predictions) : choiceCalibration(predictions),
    perLabel: Object.fromEntries(perLabel),
    ...(!multi && {
      confusion: {
        labels: names,
        counts: confusionMatrix(
          truth.map(([label]) => label!),
          guess.map(([label]) => label!),
          names.length,
        ),
      },
    }),
    ...(task.values && { ordinal: scaleFigures(predictions, task.values) }),
  };
}

function choiceCalibration(predictions: readonly Prediction[]): number {
  return expectedCalibrationError(
    predictions.map(({ scores }) => Math.max(...scores.probabilities)),
    predictions.map(({ truth, guess }) => truth.labels[0] === guess[0]),
  );
}

function labelCalibration(predictions: readonly Prediction[]): number {
  return expectedCalibrationError(
    predictions.flatMap(({ scores }) => scores.probabilities),
    predictions.flatMap(({ truth, scores }) => scores.probabilities.map((_, label) => truth.labels.includes(label))),
  );
}

function scaleFigures(predictions: readonly Prediction[], values: readonly number[]): OrdinalFigures {
  const truth = predictions.map((prediction) => prediction.truth.value!);
  const score = predictions.map((prediction) => prediction.scores.score!);
  const isSentiment = SENTIMENT_VALUES.join() === values.toSorted((a, b) => a - b).join();
  return isSentiment ? sentimentFigures(truth, score) : ordinalFigures(truth, score);
}
