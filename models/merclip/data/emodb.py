"""Berlin Database of Emotional Speech (Burkhardt et al., Interspeech 2005): German sentences by actors. Free, cite."""

from __future__ import annotations

from pathlib import Path

from ..label_sets import EMODB
from .dataset import DataSet
from .speech_set import load_speech


def load(data: Path) -> DataSet:
    return load_speech(data, "emodb", "open", EMODB)
