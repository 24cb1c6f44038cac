"""Figures of readings of CMU-MOSI's utterances, and their mean and deviation over seeds."""

from __future__ import annotations

import numpy as np

from ..metrics import accuracy
from ..sentiment_metrics import sentiment_metrics, weighted_f1
from .training import Reading
from .utterances import Utterances


def measure(utterances: Utterances, rows: np.ndarray, reading: Reading) -> dict[str, float]:
    """The reading of ``rows`` -> acc2 and f1 against ``positive`` for every utterance (the polarity decides), and the
    protocol's figures for those with a sentiment (the sentiment decides)."""
    positive = utterances.positive[rows]
    guess = reading.polarity >= 0
    sentiment = utterances.sentiment[rows]
    known = ~np.isnan(sentiment)
    return {
        "acc2": accuracy(positive, guess),
        "f1": weighted_f1(positive, guess),
        **sentiment_metrics(sentiment[known], reading.sentiment[known]),
    }


def over_seeds(runs: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Figures of each seed -> {figure: {mean, std}}, std of the population."""
    return {
        key: {"mean": float(np.mean([run[key] for run in runs])), "std": float(np.std([run[key] for run in runs]))}
        for key in runs[0]
    }
