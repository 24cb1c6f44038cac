"""Calibrates a release on validation rows: a temperature and thresholds per shipped set, and one pair for any other."""

from __future__ import annotations

import numpy as np

from .calibrate import Calibration, calibrate, fit_threshold
from .concepts import WORDINGS
from .data.sources import Sources
from .figures.features import SplitFeatures
from .label_sets import SHIPPED, Label, LabelSet, prompt_for

PER_SET = 700


def release_sets(sources: Sources) -> list[LabelSet]:
    """The sets that ship: those of the product, then those of the release's data."""
    natives = [data.native for data in sources.datasets.values() if data.native is not None]
    return list({labels.id: labels for labels in (*SHIPPED, *natives)}.values())


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
    # What several data sets are asked in is weighed evenly over them.
    shared = labels.id in {one.id for one in SHIPPED} and labels.kind != "multi"
    for name, views in features.sources.views.items():
        for view in views.values():
            if view.labels.id != labels.id or len(features.valid_rows(name, view)) == 0:
                continue
            scores, target = features.scores(name, view)
            pick = rng.permutation(len(scores))[:PER_SET] if shared else np.arange(len(scores))
            logits.append(scores[pick])
            targets.append(target[pick])
    if labels.id in ("big6", "sentiment", "meeting"):
        clips, target = features.composed(labels.id, PER_SET)
        logits.append(features.runtime.score_set(clips, labels))
        targets.append(target)
    return np.concatenate(logits), np.concatenate(targets)


def fit_release(features: SplitFeatures) -> tuple[dict[str, Calibration], Calibration, float]:
    """Validation rows of what the release learned from -> calibration per shipped label set, the one for labels given
    at run time, and a multi-label threshold for sets that do not ship (fitted on XED where it is there)."""
    sources = features.sources
    fitted = {labels.id: calibrate(labels.kind, *_shipped(features, labels)) for labels in release_sets(sources)}
    # Labels at run time come in words of the user's: fitted on the sets of the data, said differently.
    temperatures, thresholds = [], []
    for name, views in sources.views.items():
        for view in views.values():
            if view.labels.kind == "single" and len(features.valid_rows(name, view)) > 0:
                one = calibrate("single", *features.scores(name, view, other_words(view.labels)))
                temperatures.append(one.temperature)
                thresholds.append(one.threshold)
    custom = Calibration(round(float(np.exp(np.mean(np.log(temperatures)))), 4), round(float(np.median(thresholds)), 4))
    multi = 0.3
    if "xed" in sources.views and len(features.valid_rows("xed", sources.views["xed"]["native"])) > 0:
        multi = round(
            fit_threshold("multi", *features.scores("xed", sources.views["xed"]["native"]), custom.temperature), 4
        )
    return fitted, custom, multi
