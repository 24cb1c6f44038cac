"""The protocol's measures against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from merclip.sentiment_metrics import class_accuracy, sentiment_metrics, weighted_f1


def test_halves_round_to_the_even_class():
    truth = np.array([0.0, 0.0, 2.0, 2.0, -2.0])
    prediction = np.array([0.5, -0.5, 1.5, 2.5, -1.5])
    assert class_accuracy(truth, prediction, 3) == 1.0


def test_seven_and_five_classes_clip_both_sides():
    truth = np.array([3.0, -3.0, 2.0])
    prediction = np.array([4.9, -2.4, 3.4])
    assert class_accuracy(truth, prediction, 3) == pytest.approx(1 / 3)  # 3 = 3, -3 != -2, 2 != 3
    assert class_accuracy(truth, prediction, 2) == 1.0


def test_error_and_correlation_take_predictions_unclipped():
    figures = sentiment_metrics(np.array([3.0, -3.0, 0.0]), np.array([6.0, -6.0, 0.0]))
    assert figures["mae"] == 2.0
    assert figures["pearson"] == pytest.approx(1.0)


def test_neutral_truth_counts_as_positive_in_has0_and_is_left_out_of_non0():
    truth = np.array([0.0, 0.0, 1.0, -1.0])
    prediction = np.array([-0.2, 0.0, 0.3, 0.0])
    figures = sentiment_metrics(truth, prediction)
    # has0: truth + + + -, prediction - + + + : two of four. non0: truth + -, prediction + - (0 is not above 0).
    assert figures["has0Acc2"] == 0.5
    assert figures["non0Acc2"] == 1.0


def test_f1_is_weighted_by_how_often_each_class_is_true():
    truth = np.array([True, True, True, False])
    guess = np.array([True, True, False, False])
    # Positive: precision 1, recall 2/3, F1 0.8. Negative: precision 1/2, recall 1, F1 2/3. Weights 3/4 and 1/4.
    assert weighted_f1(truth, guess) == pytest.approx(0.75 * 0.8 + 0.25 * 2 / 3)
    assert weighted_f1(guess, truth) != pytest.approx(weighted_f1(truth, guess))


def test_a_constant_prediction_has_no_correlation():
    assert sentiment_metrics(np.array([1.0, -1.0]), np.zeros(2))["pearson"] == 0.0


@pytest.mark.parametrize(
    ("truth", "prediction", "says"),
    [
        (np.array([1.0, 2.0]), np.array([1.0]), r"\(2,\) and prediction \(1,\)"),
        (np.array([1.0, np.nan]), np.array([1.0, 2.0]), "finite"),
        (np.zeros(3), np.ones(3), "other than 0"),
    ],
)
def test_sides_that_cannot_be_measured_are_refused(truth, prediction, says):
    with pytest.raises(ValueError, match=says):
        sentiment_metrics(truth, prediction)
