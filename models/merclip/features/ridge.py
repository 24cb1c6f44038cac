"""Ridge regression on the features of an utterance alone: what a model has to beat."""

from __future__ import annotations

import numpy as np

from .normalise import standardised, tamed
from .training import Reading
from .utterances import Utterances

PENALTY = 1000.0


def ridge_reading(
    utterances: Utterances, features: dict[str, np.ndarray], train: np.ndarray, test: np.ndarray
) -> Reading:
    """Polarity from +-1 for positive and negative; sentiment from the sentiment, fitted where it is known."""
    x = np.concatenate([standardised(tamed(rows), train) for rows in features.values()], axis=1).astype(np.float64)

    def fitted(target: np.ndarray, rows: np.ndarray) -> np.ndarray:
        mean, inputs = target[rows].mean(), x[rows]
        weights = np.linalg.solve(inputs.T @ inputs + PENALTY * np.eye(x.shape[1]), inputs.T @ (target[rows] - mean))
        return x[test] @ weights + mean

    known = train[~np.isnan(utterances.sentiment[train])]
    return Reading(
        fitted(utterances.sentiment.astype(np.float64), known), fitted(utterances.positive * 2.0 - 1.0, train)
    )
