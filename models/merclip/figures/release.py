"""A release opened for measuring: its graphs, and the numbers by which its scores are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from ..data.dataset import DataSet
from ..label_sets import LabelSet
from ..runtime import Runtime


def open_release(folder: Path, threads: int = 1) -> tuple[Runtime, dict[str, Any]]:
    """The runtime of a release folder and its manifest."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return Runtime(folder, manifest["text"]["maxTokens"], manifest["audio"]["chunkSamples"], threads), manifest


def was_trained_on(manifest: dict[str, Any], dataset: DataSet) -> bool:
    """Whether a release of this tier learned from the data set; if not, its figures are of transfer."""
    return manifest["tier"] == "research" or dataset.tier == "open"


class Calibrated:
    """Temperature and thresholds by which a release reads a label set; those of any other set where it does not
    ship."""

    def __init__(self, manifest: dict[str, Any], labels: LabelSet):
        entry = next((one for one in manifest["labelSets"] if one["hash"] == labels.hash), None)
        custom = manifest["custom"]
        multi = labels.kind == "multi"
        self.ships = entry is not None
        self.temperature = float(entry["temperature"] if entry else custom["temperature"])
        self.threshold = float(entry["threshold"] if entry else custom["multiThreshold" if multi else "threshold"])
        own = [label.get("threshold", self.threshold) for label in entry["labels"]] if entry else None
        self.thresholds = np.array(own or [self.threshold] * len(labels.labels))
