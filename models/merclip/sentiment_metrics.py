"""Measures of CMU-MOSI and CMU-MOSEI, defined as MMSA (github.com/thuiar/MMSA) computes them.

Mean absolute error and correlation take predictions as they are. Seven and five classes clip both sides to +-3 and
+-2 and round half to even, so that 0.5 and -0.5 are both 0. ``has0`` asks of every utterance whether its sentiment is
at least 0; ``non0`` leaves out those whose true sentiment is 0 and asks whether it is above 0.
"""

from __future__ import annotations

import numpy as np

from .metrics import accuracy, pearson, weighted_f1


def class_accuracy(truth: np.ndarray, prediction: np.ndarray, limit: int) -> float:
    """truth, prediction [N] sentiment -> share that round to the same of the 2 x limit + 1 classes."""
    classes = [np.round(np.clip(side, -limit, limit)) for side in (truth, prediction)]
    return accuracy(*classes)


def sentiment_metrics(truth: np.ndarray, prediction: np.ndarray) -> dict[str, float]:
    """truth, prediction [N] sentiment -> the protocol's figures, shares in 0..1.

    Raises ValueError when the sides differ in length, hold values that are not finite, or leave nothing to measure."""
    truth, prediction = np.asarray(truth), np.asarray(prediction)
    if truth.ndim != 1 or truth.shape != prediction.shape:
        raise ValueError(f"truth is {truth.shape} and prediction {prediction.shape}; both have to be [N]")
    if not (np.isfinite(truth).all() and np.isfinite(prediction).all()):
        raise ValueError("truth and prediction have to be finite numbers")
    told = truth != 0
    if not told.any():
        raise ValueError("no utterance has a true sentiment other than 0: non0 measures have nothing to measure")
    has0 = truth >= 0, prediction >= 0
    non0 = truth[told] > 0, prediction[told] > 0
    return {
        "mae": float(np.abs(truth - prediction).mean()),
        "pearson": pearson(truth, prediction),
        "acc7": class_accuracy(truth, prediction, 3),
        "acc5": class_accuracy(truth, prediction, 2),
        "has0Acc2": accuracy(*has0),
        "has0F1": weighted_f1(*has0),
        "non0Acc2": accuracy(*non0),
        "non0F1": weighted_f1(*non0),
    }
