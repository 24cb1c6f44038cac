"""How far a score can be taken at its word: reliability in 15 bins, and accuracy against the share of rows kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..label_sets import LabelSet
from ..metrics import expected_calibration_error, sigmoid, softmax
from .features import SplitFeatures
from .release import Calibrated

BINS = 15
SHARES = (1.0, 0.9, 0.8, 0.6, 0.4, 0.2)
PER_SET = 2000  # rows a data set, so that a large one does not speak for all


def bins_of(confidence: np.ndarray, correct: np.ndarray) -> list[dict[str, float]]:
    """Bins of equal width that hold anything: mean confidence, accuracy, share of all rows."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        {
            "confidence": float(confidence[place == k].mean()),
            "accuracy": float(correct[place == k].mean()),
            "share": float((place == k).mean()),
        }
        for k in range(BINS)
        if (place == k).any()
    ]


def confidences(kind: str, logits: np.ndarray, target: np.ndarray, temperature: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores taken as probabilities and whether they came true, [M] each: of the best label, or of each label where
    several may hold."""
    if kind == "multi":
        return sigmoid(logits / temperature).reshape(-1), (target > 0).reshape(-1)
    p = softmax(logits / temperature)
    return p.max(1), p.argmax(1) == target.argmax(1)


def coverage_curve(logits: np.ndarray, target: np.ndarray, temperature: float) -> list[dict[str, float]]:
    """Accuracy of the most confident share of rows, for shares from all to a fifth."""
    confidence, right = confidences("single", logits, target, temperature)
    right = right[np.argsort(-confidence, kind="stable")]
    return [{"coverage": share, "accuracy": float(right[: max(1, int(len(right) * share))].mean())} for share in SHARES]


def pooled(features: SplitFeatures, labels: LabelSet) -> tuple[np.ndarray, np.ndarray] | None:
    """Logits and targets of all data sets that can be asked in a label set, at most PER_SET rows each."""
    logits, targets = [], []
    for name, views in features.sources.views.items():
        for view in views.values():
            if view.labels.hash == labels.hash and len(features.valid_rows(name, view)) > 0:
                scores, target = features.scores(name, view)
                pick = np.random.default_rng(23).permutation(len(scores))[:PER_SET]
                logits.append(scores[pick])
                targets.append(target[pick])
    return (np.concatenate(logits), np.concatenate(targets)) if logits else None


def reliability(features: SplitFeatures, manifest: dict[str, Any], labels: LabelSet) -> dict[str, Any] | None:
    """A label set's calibration before and after its temperature and, for sets of one choice, what abstaining does."""
    found = pooled(features, labels)
    if found is None:
        return None
    calibrated = Calibrated(manifest, labels)
    result: dict[str, Any] = {"n": len(found[0])}
    for when, temperature in (("before", 1.0), ("after", calibrated.temperature)):
        confidence, right = confidences(labels.kind, *found, temperature)
        result[when] = {"ece": expected_calibration_error(confidence, right), "bins": bins_of(confidence, right)}
    if labels.kind == "multi":
        told = (sigmoid(found[0] / calibrated.temperature) >= calibrated.thresholds).any(1)
        return {**result, "kept": float(told.mean())}
    kept = confidence >= calibrated.threshold
    return {
        **result,
        "coverage": coverage_curve(*found, calibrated.temperature),
        "kept": float(kept.mean()),
        "accuracyKept": float(right[kept].mean()) if kept.any() else 0.0,
    }


def all_reliability(features: SplitFeatures, manifest: dict[str, Any]) -> dict[str, Any]:
    """By id of label set, for those that ship and have rows here; dimensions give no probabilities."""
    sets = {v.labels.id: v.labels for views in features.sources.views.values() for v in views.values()}
    shipped = [
        labels for labels in sets.values() if labels.kind != "dimensional" and Calibrated(manifest, labels).ships
    ]
    found = {labels.id: reliability(features, manifest, labels) for labels in shipped}
    return {name: values for name, values in found.items() if values is not None}
