"""Temperatures and thresholds, fitted on validation rows only (Guo et al. 2017)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .metrics import macro_f1, sigmoid, softmax

TEMPERATURES = np.exp(np.linspace(np.log(0.2), np.log(8.0), 160))
COVERAGE = 0.9  # an event abstains in the least certain tenth


@dataclass
class Calibration:
    temperature: float
    threshold: float


def likelihood(kind: str, logits: np.ndarray, target: np.ndarray, temperature: float) -> float:
    """Mean negative log-likelihood of targets [N,K] under logits [N,K] / temperature."""
    scaled = logits / temperature
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


def calibrate(kind: str, logits: np.ndarray, target: np.ndarray) -> Calibration:
    temperature = fit_temperature(kind, logits, target)
    return Calibration(round(temperature, 4), round(fit_threshold(kind, logits, target, temperature), 4))
