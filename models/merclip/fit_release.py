"""Calibrates a release on validation rows: one temperature and threshold per shipped set, and one for any other."""

from __future__ import annotations

import numpy as np

from .calibrate import Calibration, calibrate, fit_threshold
from .concepts import WORDINGS
from .data.sources import Sources
from .label_sets import SHIPPED, Label, LabelSet, prompt_for
from .measure import SplitFeatures
from .runtime import Runtime

PER_SET = 700
ROWS = 2500  # validation rows a data set, enough for two numbers


def other_words(labels: LabelSet) -> LabelSet:
    """The same choices said with other words than those that ship."""
    return LabelSet(
        f"{labels.id}-other-words",
        labels.kind,
        tuple(Label(label.name, label.concept, prompt_for(WORDINGS[label.concept][1])) for label in labels.labels),
    )


def _shipped(features: SplitFeatures, labels: LabelSet) -> tuple[np.ndarray, np.ndarray]:
    """Logits and targets over each modality alone and, for what can be composed, all three: as calls will have it."""
    logits, targets = [], []
    rng = np.random.default_rng(5)
    for name, views in features.sources.views.items():
        for view in views.values():
            if view.labels.id != labels.id or not view.valid[features.rows[name]].any():
                continue
            scores, target = features.scores(name, view)
            pick = rng.permutation(len(scores))[:PER_SET] if labels.kind != "multi" else np.arange(len(scores))
            logits.append(scores[pick])
            targets.append(target[pick])
    if labels.kind != "multi":
        clips, target = features.composed(labels.id, PER_SET)
        logits.append(features.runtime.score_set(clips, labels))
        targets.append(target)
    return np.concatenate(logits), np.concatenate(targets)


def fit_release(
    runtime: Runtime, sources: Sources, limit: int | None = None
) -> tuple[dict[str, Calibration], Calibration, float]:
    """-> calibration per shipped label set, the one for labels given at run time, and a multi-label threshold for
    sets that do not ship (fitted on XED where it is there)."""
    features = SplitFeatures(runtime, sources, "val", min(limit or ROWS, ROWS))
    fitted = {labels.id: calibrate(labels.kind, *_shipped(features, labels)) for labels in SHIPPED}
    # Labels at run time come in words of the user's: fitted on the sets of the data, said differently.
    temperatures, thresholds = [], []
    for name, views in sources.views.items():
        for view in views.values():
            if view.labels.kind == "single" and view.valid[features.rows[name]].any():
                one = calibrate("single", *features.scores(name, view, other_words(view.labels)))
                temperatures.append(one.temperature)
                thresholds.append(one.threshold)
    custom = Calibration(round(float(np.exp(np.mean(np.log(temperatures)))), 4), round(float(np.median(thresholds)), 4))
    multi = 0.3
    if "xed" in sources.views and sources.views["xed"]["native"].valid[features.rows["xed"]].any():
        multi = round(
            fit_threshold("multi", *features.scores("xed", sources.views["xed"]["native"]), custom.temperature), 4
        )
    return fitted, custom, multi
