"""Temperatures and thresholds, fitted on validation rows only (Guo et al. 2017)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .metrics import f1, macro_f1, sigmoid, softmax

TEMPERATURES = np.exp(np.linspace(np.log(0.2), np.log(8.0), 160))
COVERAGE = 0.9  # an event abstains in the least certain tenth


@dataclass
class Calibration:
    """``thresholds``: of a multi-label set, the score from which each label counts."""

    temperature: float
    threshold: float
    thresholds: list[float] | None = None


def likelihood(kind: str, logits: np.ndarray, target: np.ndarray, temperature: float) -> float:
    """Mean negative log-likelihood of targets [N,K] under logits [N,K] / temperature."""
    scaled = logits / temperature
    if kind == "dimensional":
        return float(np.square(sigmoid(scaled) - target).mean())
    if kind == "multi":
        p = np.clip(sigmoid(scaled), 1e-7, 1.0 - 1e-7)
        return float(-(target * np.log(p) + (1.0 - target) * np.log(1.0 - p)).mean())
    return float(-(target * np.log(np.clip(softmax(scaled), 1e-9, 1.0))).sum(-1).mean())


def fit_temperature(kind: str, logits: np.ndarray, target: np.ndarray) -> float:
    """The temperature of least negative log-likelihood, between 0.2 and 8."""
    losses = [likelihood(kind, logits, target, t) for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def fit_threshold(kind: str, logits: np.ndarray, target: np.ndarray, temperature: float) -> float:
    """multi: the score from which a label counts, by macro-F1. Else: the confidence that COVERAGE of rows reach."""
    if kind == "multi":
        scores = sigmoid(logits / temperature)
        choices = np.linspace(0.05, 0.6, 56)
        return float(choices[int(np.argmax([macro_f1(target > 0, scores >= c) for c in choices]))])
    return float(np.quantile(softmax(logits / temperature).max(-1), 1.0 - COVERAGE))


def fit_label_thresholds(
    logits: np.ndarray, target: np.ndarray, temperature: float, together: float, trust: float = 8.0
) -> list[float]:
    """The score of best F1 per label, drawn towards ``together`` (the best one for all) where examples are few: with
    ``trust`` positives a label is heard half."""
    scores, truth = sigmoid(logits / temperature), target > 0
    choices = np.linspace(0.03, 0.7, 68)
    found = []
    for k in range(truth.shape[1]):
        curve = np.array([f1(truth[:, k], scores[:, k] >= c) for c in choices])
        # The middle of a smoothed peak: a single lucky row moves it little.
        smooth = np.convolve(np.pad(curve, 2, mode="edge"), np.ones(5) / 5.0, mode="valid")
        own, count = float(choices[int(smooth.argmax())]), int(truth[:, k].sum())
        weight = count / (count + trust)
        found.append(round(weight * own + (1.0 - weight) * together, 4))
    return found


def calibrate(kind: str, logits: np.ndarray, target: np.ndarray) -> Calibration:
    temperature = fit_temperature(kind, logits, target)
    if kind == "dimensional":
        return Calibration(round(temperature, 4), 0.0)
    threshold = fit_threshold(kind, logits, target, temperature)
    each = fit_label_thresholds(logits, target, temperature, threshold) if kind == "multi" else None
    return Calibration(round(temperature, 4), round(threshold, 4), each)
