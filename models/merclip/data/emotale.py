"""EmoTale: Danish and English sentences in 5 classes, with valence, arousal and dominance. Research use."""

from __future__ import annotations

from pathlib import Path

from ..label_sets import EMOTALE
from .dataset import DataSet
from .speech_set import load_speech


def load(data: Path) -> DataSet:
    return load_speech(data, "emotale", "research", EMOTALE)
