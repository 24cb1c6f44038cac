"""Figures of one task, by the kind of its label set. All take arrays over the same rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..label_sets import SENTIMENT, VAD
from ..metrics import (
    accuracy,
    expected_calibration_error,
    macro_f1,
    one_hot,
    pearson,
    sigmoid,
    softmax,
    unweighted_average_recall,
    weighted_f1,
)
from ..sentiment_metrics import sentiment_metrics


def single_figures(logits: np.ndarray, target: np.ndarray, majority: int, temperature: float) -> dict[str, Any]:
    """Figures of a single-choice task: logits, target [N,K]; ``majority`` is the commonest class of training."""
    truth, guess = target.argmax(1), logits.argmax(1)
    count = target.shape[1]

    def ece(t: float) -> float:
        p = softmax(logits / t)
        return expected_calibration_error(p.max(1), p.argmax(1) == truth)

    return {
        "n": len(truth),
        "accuracy": accuracy(truth, guess),
        "uar": unweighted_average_recall(truth, guess),
        "weightedF1": weighted_f1(truth, guess),
        "macroF1": macro_f1(one_hot(truth, count), one_hot(guess, count)),
        "chance": 1.0 / count,
        "majority": accuracy(truth, np.full_like(truth, majority)),
        "eceBefore": ece(1.0),
        "eceAfter": ece(temperature),
    }


def multi_figures(logits: np.ndarray, target: np.ndarray, temperature: float, thresholds: np.ndarray) -> dict[str, Any]:
    """Figures of a multi-label task, ``thresholds`` [K]. Chance guesses each label at its own rate; majority always
    says the commonest."""
    truth = target > 0
    scores = sigmoid(logits / temperature)
    rates = truth.mean(0)
    always = np.zeros_like(truth)
    always[:, int(rates.argmax())] = True
    return {
        "n": len(truth),
        "macroF1": macro_f1(truth, scores >= thresholds),
        "chance": float(rates.mean()),
        "majority": macro_f1(truth, always),
        "eceBefore": binary_calibration_error(sigmoid(logits), truth),
        "eceAfter": binary_calibration_error(scores, truth),
    }


def binary_calibration_error(scores: np.ndarray, truth: np.ndarray) -> float:
    """Calibration of each label's score as a probability, over all labels: scores [N,K], truth [N,K] bool."""
    return expected_calibration_error(scores.reshape(-1), truth.reshape(-1))


def expectation(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Sentiment of logits [N,7] -> [N], the mean of the labels' values by their probabilities."""
    return softmax(logits / temperature) @ np.array([label.value for label in SENTIMENT.labels])


def sentiment_figures(logits: np.ndarray, values: np.ndarray, temperature: float) -> dict[str, Any]:
    """The expectation over the seven labels against the data's values [N] by the protocol of MOSI, and the error of
    always guessing the mean."""
    figures = sentiment_metrics(values, expectation(logits, temperature))
    return {"n": len(values), **figures, "maeOfMean": float(np.abs(values - values.mean()).mean())}


def dimension_figures(logits: np.ndarray, target: np.ndarray, temperature: float) -> dict[str, Any]:
    """Correlation and mean error of each dimension, logits and target [N,3], scores 0 to 1."""
    scores = sigmoid(logits / temperature)
    return {
        "n": len(target),
        **{
            name: {"pearson": pearson(target[:, k], scores[:, k]), "mae": float(np.abs(scores - target)[:, k].mean())}
            for k, name in enumerate(VAD.names)
        },
    }
