"""EmoGator (Buhl 2022): non-verbal bursts (laughs, sighs, gasps) of 357 speakers in 30 classes. Apache-2.0."""

from __future__ import annotations

from pathlib import Path

from ..label_sets import EMOGATOR
from .dataset import DataSet
from .speech_set import load_speech


def load(data: Path) -> DataSet:
    return load_speech(data, "emogator", "open", EMOGATOR)
