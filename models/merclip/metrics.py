"""Measures, by their usual definitions. Inputs are numpy arrays."""

from __future__ import annotations

import numpy as np


def accuracy(truth: np.ndarray, guess: np.ndarray) -> float:
    """truth, guess [N] class numbers -> share that agree."""
    return float((truth == guess).mean())


def unweighted_average_recall(truth: np.ndarray, guess: np.ndarray) -> float:
    """Mean over the classes present in truth of the share of each that was found."""
    return float(np.mean([(guess[truth == k] == k).mean() for k in np.unique(truth)]))


def f1(truth: np.ndarray, guess: np.ndarray) -> float:
    """truth, guess [N] bool -> F1, 0 where there is nothing to find and nothing found."""
    hits = float((truth & guess).sum())
    return 2.0 * hits / max(float(truth.sum() + guess.sum()), 1e-9)


def macro_f1(truth: np.ndarray, guess: np.ndarray) -> float:
    """truth, guess [N,K] bool -> mean F1 over the labels that occur in truth."""
    return float(np.mean([f1(truth[:, k], guess[:, k]) for k in range(truth.shape[1]) if truth[:, k].any()]))


def weighted_f1(truth: np.ndarray, guess: np.ndarray) -> float:
    """truth, guess [N] class numbers -> mean of the classes' F1, each weighted by how often it is the truth."""
    classes, counts = np.unique(truth, return_counts=True)
    return float(np.average([f1(truth == k, guess == k) for k in classes], weights=counts))


def pearson(truth: np.ndarray, guess: np.ndarray) -> float:
    """truth, guess [N] -> correlation, 0 where one of them never changes."""
    if np.ptp(truth) == 0 or np.ptp(guess) == 0:
        return 0.0
    return float(np.corrcoef(truth, guess)[0, 1])


def one_hot(classes: np.ndarray, count: int) -> np.ndarray:
    """[N] class numbers -> [N,count] bool."""
    return classes[:, None] == np.arange(count)[None]


def expected_calibration_error(confidence: np.ndarray, correct: np.ndarray, bins: int = 15) -> float:
    """Guo et al. 2017: |accuracy - confidence| over equal-width bins, weighted by how many fall in each."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for k in range(bins):
        inside = place == k
        if inside.any():
            error += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return float(error)


def softmax(logits: np.ndarray) -> np.ndarray:
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    return shifted / shifted.sum(-1, keepdims=True)


def sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-np.clip(logits, -60.0, 60.0)))
