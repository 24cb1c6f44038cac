"""A speech data set as it lies in the table: one loader for all of them, told apart by name, tier and labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..concepts import concept_of
from ..label_sets import LabelSet
from .dataset import DataSet
from .speech_files import read_clips, read_table, trim_padding


def load_speech(data: Path, name: str, tier: str, native: LabelSet) -> DataSet:
    """Speakers are the groups; the language and, where the table knows it, the words come along in ``notes``."""
    rows = read_table(data, name)
    return DataSet(
        name=name,
        modality="audio",
        tier=tier,
        payload=[trim_padding(pcm) for pcm in read_clips(data, name, [row["file"] for row in rows])],
        split=np.array([row["split"] for row in rows]),
        concepts=[{concept_of(row["label"]): 1.0} for row in rows],
        native=native,
        group=np.array([row["speaker"] for row in rows]),
        dimensions=_dimensions([row.get("valence_arousal_dominance", "") for row in rows]),
        languages=np.array([row.get("language", "") for row in rows]),
    )


def _dimensions(cells: list[str]) -> np.ndarray | None:
    """Cells such as ``2.00/3.83/3.83`` (1 to 5) -> [N,3] in 0..1, NaN where there is none; None where none has any."""
    if not any(cells):
        return None
    values = np.array([[float(v) for v in cell.split("/")] if cell else [np.nan] * 3 for cell in cells])
    return np.clip((values - 1.0) / 4.0, 0.0, 1.0).astype(np.float32)
