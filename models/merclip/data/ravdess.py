"""RAVDESS (Livingstone and Russo, PLoS ONE 2018): two English sentences by actors in 8 classes. CC BY-NC-SA 4.0."""

from __future__ import annotations

from pathlib import Path

from ..label_sets import RAVDESS
from .dataset import DataSet
from .speech_set import load_speech


def load(data: Path) -> DataSet:
    return load_speech(data, "ravdess", "research", RAVDESS)
