"""Figures of every data set in every label set that it can be asked in."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..concepts import UNSEEN
from ..data.sources import Sources
from ..data.views import View, sentiment_values
from ..label_sets import BIG6, Label, LabelSet, prompt_for
from .features import ALONE, SplitFeatures
from .kinds import dimension_figures, multi_figures, sentiment_figures, single_figures
from .release import Calibrated, was_trained_on

# What the protocol of the field asks for: the data's own labels or values.
PROTOCOL_VIEWS = ("native", "sentiment", "vad")


def unseen_words() -> LabelSet:
    """big6 in words that training never used."""
    labels = (Label(label.name, label.concept, prompt_for(UNSEEN[label.concept])) for label in BIG6.labels)
    return LabelSet("big6-unseen-words", BIG6.kind, tuple(labels))


def majority_class(sources: Sources, name: str, view: View) -> int:
    """The commonest class of a data set's training rows in a view; the first class where there are none."""
    rows = sources.datasets[name].rows("train")
    classes = view.target[rows[view.valid[rows]]].argmax(1)
    return int(np.bincount(classes, minlength=view.target.shape[1]).argmax())


def view_figures(
    features: SplitFeatures,
    manifest: dict[str, Any],
    name: str,
    view: View,
    labels: LabelSet | None = None,
    alone: bool = False,
    among: np.ndarray | None = None,
) -> dict[str, Any]:
    """Figures of a data set in a view. ``labels``: other prompts for it. ``alone``: without earlier turns. ``among``:
    of the valid rows, those that count."""
    calibrated = Calibrated(manifest, labels or view.labels)
    logits, rows = features.logits(name, view, labels, alone), features.valid_rows(name, view)
    if among is not None:
        logits, rows = logits[among], rows[among]
    target, kind = view.target[rows], view.labels.kind
    if kind == "multi":
        return multi_figures(logits, target, calibrated.temperature, calibrated.thresholds)
    if kind == "ordinal":
        values = sentiment_values(features.sources.datasets[name])[rows]
        return sentiment_figures(logits, values, calibrated.temperature)
    if kind == "dimensional":
        return dimension_figures(logits, target, calibrated.temperature)
    return single_figures(logits, target, majority_class(features.sources, name, view), calibrated.temperature)


def data_set_figures(
    features: SplitFeatures, manifest: dict[str, Any], name: str, protocol_only: bool = False
) -> dict[str, Any]:
    """All figures of one data set by view; empty where the split has no rows of it."""
    dataset, found = features.sources.datasets[name], {}
    for view_name, view in features.sources.views[name].items():
        if (protocol_only and view_name not in PROTOCOL_VIEWS) or len(features.valid_rows(name, view)) == 0:
            continue
        if view_name == "sentiment" and not sentiment_values(dataset)[features.valid_rows(name, view)].any():
            continue
        found[view_name] = view_figures(features, manifest, name, view)
        if view_name == "native" and features.has_context(name):
            found["native" + ALONE] = view_figures(features, manifest, name, view, alone=True)
        if view_name == "native" and dataset.agreed is not None:
            agreed = dataset.agreed[features.valid_rows(name, view)]
            if agreed.any():
                found["native, absolute majority"] = view_figures(features, manifest, name, view, among=agreed)
        if view_name == "big6":
            found["big6, unseen words"] = view_figures(features, manifest, name, view, unseen_words())
    return found


def task_figures(features: SplitFeatures, manifest: dict[str, Any], protocol_only: bool = False) -> dict[str, Any]:
    """{data set: {"trained": whether the release learned from it, view: figures}}."""
    result = {}
    for name, dataset in features.sources.datasets.items():
        figures = data_set_figures(features, manifest, name, protocol_only)
        if figures:
            result[name] = {"trained": was_trained_on(manifest, dataset), **figures}
    return result
