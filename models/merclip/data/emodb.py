"""Berlin Database of Emotional Speech (Burkhardt et al., Interspeech 2005): German sentences by actors. Free, cite."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..concepts import concept_of
from ..label_sets import EMODB
from .dataset import DataSet
from .speech_files import read_clips, read_table, trim_padding


def load(data: Path) -> DataSet:
    rows = read_table(data, "emodb")
    return DataSet(
        name="emodb",
        modality="audio",
        tier="open",
        payload=[trim_padding(pcm) for pcm in read_clips(data, "emodb", [row["file"] for row in rows])],
        split=np.array([row["split"] for row in rows]),
        concepts=[{concept_of(row["label"]): 1.0} for row in rows],
        native=EMODB,
        group=np.array([row["speaker"] for row in rows]),
    )
