"""EmoGator (Buhl 2022): non-verbal bursts (laughs, sighs, gasps) of 357 speakers in 30 classes. Apache-2.0."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..concepts import concept_of
from ..label_sets import EMOGATOR
from .dataset import DataSet
from .speech_files import read_clips, read_table, trim_padding


def load(data: Path) -> DataSet:
    rows = read_table(data, "emogator")
    return DataSet(
        name="emogator",
        modality="audio",
        tier="open",
        payload=[trim_padding(pcm) for pcm in read_clips(data, "emogator", [row["file"] for row in rows])],
        split=np.array([row["split"] for row in rows]),
        concepts=[{concept_of(row["label"]): 1.0} for row in rows],
        native=EMOGATOR,
        group=np.array([row["speaker"] for row in rows]),
    )
