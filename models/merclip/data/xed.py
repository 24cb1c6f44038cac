"""XED (Öhman et al., COLING 2020), English: film subtitles, Plutchik's eight and neutral, several a line. CC BY 4.0."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..concepts import concept_of
from ..label_sets import XED
from .dataset import DataSet
from .text_files import read_jsonl


def load(data: Path) -> DataSet:
    rows = read_jsonl(data / "text" / "xed.jsonl.gz", ("text", "labels", "split"))
    return DataSet(
        name="xed",
        modality="text",
        tier="open",
        payload=[row["text"] for row in rows],
        split=np.array([row["split"] for row in rows]),
        concepts=[{concept_of(name): 1.0 for name in row["labels"]} for row in rows],
        native=XED,
        group=np.arange(len(rows)),
    )
