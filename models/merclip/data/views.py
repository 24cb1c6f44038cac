"""Views: the same rows asked in different label sets. A view gives a target per row, or none where it says nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from .. import concepts as meaning
from ..label_sets import BIG6, MEETING, SENTIMENT, VAD, LabelSet
from .dataset import DataSet
from .held_out import without

SPREAD = 0.7  # standard deviation, in sentiment points, of the soft target around a sentiment value


@dataclass
class View:
    """labels, target [N,K] float32 and the rows [n] for which it holds."""

    labels: LabelSet
    target: np.ndarray
    valid: np.ndarray


def _native(dataset: DataSet, labels: LabelSet) -> View:
    column = {concept: k for k, concept in enumerate(labels.concepts)}
    target = np.zeros((len(dataset.payload), len(column)), dtype=np.float32)
    for row, weights in enumerate(dataset.concepts):
        for concept, weight in weights.items():
            if concept in column:
                target[row, column[concept]] = weight
    if labels.kind == "single":
        total = target.sum(1, keepdims=True)
        target = target / np.maximum(total, 1e-6)
    return View(labels, target, target.sum(1) > 0)


def _mapped(dataset: DataSet, labels: LabelSet, mapping: dict[str, str]) -> View:
    """Rows count when most of what they say has a place in the set; what has none is left out."""
    column = {concept: k for k, concept in enumerate(labels.concepts)}
    target = np.zeros((len(dataset.payload), len(column)), dtype=np.float32)
    share = np.zeros(len(dataset.payload), dtype=np.float32)
    for row, weights in enumerate(dataset.concepts):
        for concept, weight in weights.items():
            place = mapping.get(concept)
            if place in column:
                target[row, column[place]] += weight
        share[row] = target[row].sum() / max(sum(weights.values()), 1e-6)
    target /= np.maximum(target.sum(1, keepdims=True), 1e-6)
    return View(labels, target, share > 0.6)


def sentiment_values(dataset: DataSet) -> np.ndarray:
    """A sentiment per row in -3..3, NaN where there is none."""
    if dataset.sentiment is not None:
        return dataset.sentiment
    values = np.full(len(dataset.payload), np.nan, dtype=np.float32)
    for row, weights in enumerate(dataset.concepts):
        known = {c: w for c, w in weights.items() if c in meaning.SENTIMENT}
        if known and sum(known.values()) > 0.6 * sum(weights.values()):
            total = sum(known.values())
            values[row] = sum(meaning.SENTIMENT[c] * w for c, w in known.items()) / total
    return values


def _sentiment(dataset: DataSet) -> View:
    values = sentiment_values(dataset)
    points = np.array([label.value for label in SENTIMENT.labels], dtype=np.float32)
    valid = np.isfinite(values)
    distance = (np.nan_to_num(values)[:, None] - points[None]) / SPREAD
    target = np.exp(-0.5 * distance**2)
    return View(SENTIMENT, (target / target.sum(1, keepdims=True)).astype(np.float32), valid)


def _dimensions(dataset: DataSet) -> View:
    """The data's own ratings; for faces and voices, which have none, what their concepts say."""
    if dataset.dimensions is not None:
        return View(VAD, dataset.dimensions.astype(np.float32), np.isfinite(dataset.dimensions).all(1))
    target = np.full((len(dataset.payload), 3), 0.5, dtype=np.float32)
    valid = np.zeros(len(dataset.payload), dtype=bool)
    if dataset.modality != "text":
        for row, weights in enumerate(dataset.concepts):
            known = {c: w for c, w in weights.items() if c in meaning.DIMENSIONS}
            if known and sum(known.values()) > 0.6 * sum(weights.values()):
                values = np.array([meaning.DIMENSIONS[c] for c in known])
                target[row] = np.average(values, axis=0, weights=list(known.values()))
                valid[row] = True
    return View(VAD, target, valid)


def views_of(dataset: DataSet, held_out: Collection[str] = ()) -> dict[str, View]:
    """All views of a data set by name: 'native', 'big6', 'sentiment', 'vad', 'meeting'; those without rows left out.

    ``held_out``: labels that no view may offer."""
    views = {"sentiment": _sentiment(dataset), "vad": _dimensions(dataset)}
    if dataset.native is not None:
        views["native"] = _native(dataset, dataset.native)
        big6 = meaning.BIG6 if dataset.modality == "text" else meaning.BIG6_EXPRESSION
        views["big6"] = _mapped(dataset, without(BIG6, held_out), big6)
        views["meeting"] = _mapped(dataset, without(MEETING, held_out), meaning.MEETING)
    return {name: view for name, view in views.items() if view.valid.any()}
