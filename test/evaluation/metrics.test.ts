import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedCalibrationError } from '../../server/evaluation/metrics/calibration.ts';
import {
  accuracy,
  confusionMatrix,
  labelFigures,
  macroF1,
  unweightedAverageRecall,
  weightedF1,
} from '../../server/evaluation/metrics/classification.ts';
import { ordinalFigures, sentimentFigures } from '../../server/evaluation/metrics/ordinal.ts';
import { roundHalfEven } from '../../server/evaluation/metrics/round-half-even.ts';

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
}

test('one label an item: figures worked out by hand', () => {
  // Label 0: 2 of 3 found, once guessed wrongly; label 1: 1 of 2 found, once guessed wrongly; label 2 never occurs;
  // label 3: occurs once, never guessed.
  const truth = [[0], [0], [0], [1], [1], [3]];
  const guess = [[0], [0], [1], [1], [2], [0]];
  near(accuracy(truth, guess), 3 / 6);
  const figures = labelFigures(truth, guess, 4);
  assert.deepEqual(figures, [
    { precision: 2 / 3, recall: 2 / 3, f1: 4 / 6, support: 3 },
    { precision: 1 / 2, recall: 1 / 2, f1: 2 / 4, support: 2 },
    { precision: 0, recall: 0, f1: 0, support: 0 },
    { precision: 0, recall: 0, f1: 0, support: 1 },
  ]);
  near(unweightedAverageRecall(figures), (2 / 3 + 1 / 2 + 0) / 3);
  near(macroF1(figures), (2 / 3 + 1 / 2 + 0) / 3);
  near(weightedF1(figures), (3 * (2 / 3) + 2 * (1 / 2) + 0) / 6);
  assert.deepEqual(
    confusionMatrix(
      truth.map(([label]) => label!),
      guess.map(([label]) => label!),
      4,
    ),
    [
      [2, 1, 0, 0],
      [0, 1, 1, 0],
      [0, 0, 0, 0],
      [1, 0, 0, 0],
    ],
  );
});

test('several labels an item: exact match, and each label on its own', () => {
  const truth = [[0, 1], [1], [], [0, 2], []];
  const guess = [[0, 1], [0, 1], [], [0], [1]];
  near(accuracy(truth, guess), 2 / 5);
  const figures = labelFigures(truth, guess, 3);
  assert.deepEqual(figures, [
    { precision: 2 / 3, recall: 1, f1: 4 / 5, support: 2 },
    { precision: 2 / 3, recall: 1, f1: 4 / 5, support: 2 },
    { precision: 0, recall: 0, f1: 0, support: 1 },
  ]);
  near(unweightedAverageRecall(figures), 2 / 3);
  near(macroF1(figures), (4 / 5 + 4 / 5) / 3);
  near(weightedF1(figures), (2 * (4 / 5) + 2 * (4 / 5)) / 5);
});

test('calibration error: the distance of each bin, weighted by what is in it', () => {
  // Bin 9 of 15 (0.6 to 0.667): two at 0.62 and 0.64, one right. The last bin takes 1 in: two, both right.
  const error = expectedCalibrationError([0.62, 0.64, 1, 0.98], [true, false, true, true]);
  near(error, (2 / 4) * Math.abs(0.5 - 0.63) + (2 / 4) * Math.abs(1 - 0.99));
  near(expectedCalibrationError([0.5, 0.5], [true, false]), 0);
  near(expectedCalibrationError([0.1, 0.9], [false, true], 1), 0);
});

test('halves are rounded to the even number, as the protocol has it', () => {
  const cases = [
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [-2.5, -2],
    [0.49, 0],
    [-0.51, -1],
    [3, 3],
  ] as const;
  for (const [value, rounded] of cases) assert.ok(Object.is(roundHalfEven(value), rounded), `${value}`);
});

test('sentiment: error, correlation, and the accuracies of the field', () => {
  const truth = [-3, -0.4, 0, 0.5, 2.5, 1];
  const score = [-2.4, 0.2, -0.1, 1.5, 3.4, 1];
  const { mae, acc7, acc2Has0, acc2Non0 } = sentimentFigures(truth, score);
  near(mae, (0.6 + 0.6 + 0.1 + 1 + 0.9 + 0) / 6);
  // -3/-2, 0/0, 0/0, 0/2 (halves go to even), 2/3 (3.4 is cut to 3), 1/1.
  near(acc7, 3 / 6);
  // Not negative: truth - - + + + +, score - + - + + +.
  near(acc2Has0, 4 / 6);
  // Without the one whose truth is 0.
  near(acc2Non0, 4 / 5);
});

test('correlation is that of Pearson', () => {
  near(ordinalFigures([1, 2, 3], [2, 4, 6]).pearson, 1);
  near(ordinalFigures([1, 2, 3], [3, 2, 1]).pearson, -1);
  near(ordinalFigures([1, 2, 3, 4], [1, 3, 2, 4]).pearson, 0.8);
});
