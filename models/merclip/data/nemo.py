"""nEMO (Christop, LREC-COLING 2024): Polish sentences by actors in 6 classes. CC BY-NC-SA 4.0."""

from __future__ import annotations

from pathlib import Path

from ..label_sets import NEMO
from .dataset import DataSet
from .speech_set import load_speech


def load(data: Path) -> DataSet:
    return load_speech(data, "nemo", "research", NEMO)
