"""Everything that is measured of a release on one split, as one object."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..label_sets import BIG6, MEETING
from .composed import composed_figures, margins
from .features import SplitFeatures
from .groups import group_figures
from .kinds import single_figures
from .protocol import protocol_values
from .release import Calibrated, was_trained_on
from .reliability import all_reliability, coverage_curve
from .tasks import task_figures

COMPOSED = 700


def _learned(features: SplitFeatures, manifest: dict[str, Any]) -> SplitFeatures:
    """The data sets that the release learned from: clips are composed of their held-out people."""
    return features.only([n for n, data in features.sources.datasets.items() if was_trained_on(manifest, data)])


def protocol(features: SplitFeatures, manifest: dict[str, Any]) -> dict[str, float]:
    """The figures of the protocol alone: title -> value."""
    composed = composed_figures(_learned(features, manifest), manifest)
    return protocol_values({"tasks": task_figures(features, manifest, protocol_only=True), "composed": composed})


def measure(features: SplitFeatures, manifest: dict[str, Any]) -> dict[str, Any]:
    """All figures on the rows at hand."""
    learned = _learned(features, manifest)
    result: dict[str, Any] = {
        "id": manifest["id"],
        "version": manifest["version"],
        "tier": manifest["tier"],
        "split": features.split,
        "tasks": task_figures(features, manifest),
        "groups": group_figures(features, manifest),
        "reliability": all_reliability(features, manifest),
        "composed": composed_figures(learned, manifest),
    }
    if result["composed"]:
        result["fusion"] = margins(result["composed"])
        clips, target = learned.composed("big6", COMPOSED)
        result["coverage"] = coverage_curve(
            learned.runtime.score_set(clips, BIG6), target, Calibrated(manifest, BIG6).temperature
        )
    meeting = _composed_meeting(learned, manifest)
    if meeting is not None:
        result["composedMeeting"] = meeting
    result["protocol"] = protocol_values(result)
    return result


def _composed_meeting(features: SplitFeatures, manifest: dict[str, Any]) -> dict[str, Any] | None:
    """Composed clips in the set for meetings, where every modality has rows of one of its classes."""
    if not any("meeting" in views for views in features.sources.views.values()):
        return None
    try:
        clips, target = features.composed("meeting", COMPOSED)
    except ValueError:
        return None
    logits = features.runtime.score_set(clips, MEETING)
    return single_figures(logits, target, 0, Calibrated(manifest, MEETING).temperature)


def rounded(value: Any, digits: int = 4) -> Any:
    """Numbers cut to what a reader can use."""
    if isinstance(value, float | np.floating):
        return round(float(value), digits)
    if isinstance(value, dict):
        return {key: rounded(item, digits) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item, digits) for item in value]
    return value
