"""Rows of a split through a release, and what they score: the data behind every figure of a model card."""

from __future__ import annotations

from typing import Any

import numpy as np

from .data.composed import Composer
from .data.sources import Sources
from .data.views import View, sentiment_values
from .label_sets import SENTIMENT, LabelSet
from .metrics import (
    accuracy,
    expected_calibration_error,
    macro_f1,
    one_hot,
    sigmoid,
    softmax,
    unweighted_average_recall,
)
from .runtime import Runtime


class SplitFeatures:
    """Tokens of the rows of a split, at most ``limit`` a data set (the first ones of a fixed shuffle)."""

    def __init__(self, runtime: Runtime, sources: Sources, split: str, limit: int | None = None):
        self.runtime = runtime
        self.sources = sources
        self.rows: dict[str, np.ndarray] = {}
        self.tokens: dict[tuple[str, int], np.ndarray] = {}
        for name, dataset in sources.datasets.items():
            rows = np.random.default_rng(7).permutation(dataset.rows(split))[:limit]
            self.rows[name] = np.sort(rows)
            for row, tokens in zip(self.rows[name], runtime.row_tokens(dataset, self.rows[name]), strict=True):
                self.tokens[(name, int(row))] = tokens

    def scores(self, name: str, view: View, labels: LabelSet | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Logits [n,K] and targets [n,K] of the rows that are valid in a view; ``labels`` replaces its prompts."""
        rows = self.rows[name][view.valid[self.rows[name]]]
        modality = self.sources.datasets[name].modality
        clips = [{modality: self.tokens[(name, int(row))]} for row in rows]
        return self.runtime.score_set(clips, labels or view.labels), view.target[rows]

    def composed(self, view: str, count: int) -> tuple[list[dict[str, np.ndarray]], np.ndarray]:
        """Composed clips with all modalities: tokens per modality, and targets [count,K]."""
        composer = Composer(self.sources.datasets, self.sources.views, self.rows, view)
        rng = np.random.default_rng(11)
        clips, targets = [], []
        for _ in range(count):
            clip = composer.draw(rng, drop=0.0, clash=0.0)
            clips.append({m: self.tokens[member] for m, member in clip.members.items()})
            targets.append(clip.target)
        return clips, np.stack(targets)


def single_figures(logits: np.ndarray, target: np.ndarray, majority: int, temperature: float) -> dict[str, Any]:
    """Figures of a single-choice task: logits, target [N,K]; ``majority`` is the commonest class of training."""
    truth, guess = target.argmax(1), logits.argmax(1)
    count = target.shape[1]
    always = np.full_like(truth, majority)

    def ece(t: float) -> float:
        p = softmax(logits / t)
        return expected_calibration_error(p.max(1), p.argmax(1) == truth)

    return {
        "n": len(truth),
        "accuracy": accuracy(truth, guess),
        "uar": unweighted_average_recall(truth, guess),
        "macroF1": macro_f1(one_hot(truth, count), one_hot(guess, count)),
        "chance": 1.0 / count,
        "majority": accuracy(truth, always),
        "eceBefore": ece(1.0),
        "eceAfter": ece(temperature),
    }


def multi_figures(logits: np.ndarray, target: np.ndarray, temperature: float, threshold: float) -> dict[str, Any]:
    """Figures of a multi-label task. Chance guesses each label at its own rate; majority always says the commonest."""
    truth = target > 0
    scores = sigmoid(logits / temperature)
    rates = truth.mean(0)
    always = np.zeros_like(truth)
    always[:, int(rates.argmax())] = True
    raw = sigmoid(logits)
    return {
        "n": len(truth),
        "macroF1": macro_f1(truth, scores >= threshold),
        "threshold": threshold,
        "chance": float(rates.mean()),
        "majority": macro_f1(truth, always),
        "eceBefore": binary_calibration_error(raw, truth),
        "eceAfter": binary_calibration_error(scores, truth),
    }


def binary_calibration_error(scores: np.ndarray, truth: np.ndarray) -> float:
    """Calibration of each label's score as a probability, over all labels: scores [N,K], truth [N,K] bool."""
    return expected_calibration_error(scores.reshape(-1), truth.reshape(-1))


def sentiment_figures(features: SplitFeatures, name: str, temperature: float) -> dict[str, Any]:
    """Expectation over the seven labels against the data's value: Pearson, MAE, and both for a constant guess."""
    view = features.sources.views[name]["sentiment"]
    logits, _ = features.scores(name, view)
    rows = features.rows[name][view.valid[features.rows[name]]]
    truth = sentiment_values(features.sources.datasets[name])[rows]
    points = np.array([label.value for label in SENTIMENT.labels])
    score = softmax(logits / temperature) @ points
    return {
        "n": len(truth),
        "pearson": float(np.corrcoef(score, truth)[0, 1]),
        "mae": float(np.abs(score - truth).mean()),
        "maeOfMean": float(np.abs(truth - truth.mean()).mean()),
    }


def coverage_curve(logits: np.ndarray, target: np.ndarray, temperature: float) -> list[dict[str, float]]:
    """Accuracy of the most confident share of rows, for shares from all to a fifth."""
    p = softmax(logits / temperature)
    order = np.argsort(-p.max(1), kind="stable")
    right = (p.argmax(1) == target.argmax(1))[order]
    return [
        {"coverage": share, "accuracy": float(right[: max(1, int(len(right) * share))].mean())}
        for share in (1.0, 0.9, 0.8, 0.6, 0.4, 0.2)
    ]
