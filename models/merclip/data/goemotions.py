"""GoEmotions (Demszky et al., ACL 2020): Reddit comments, 28 labels, several per comment. Apache-2.0 / CC BY 4.0."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..concepts import concept_of
from ..label_sets import GOEMOTIONS
from .dataset import DataSet
from .text_files import read_jsonl


def load(data: Path) -> DataSet:
    rows = read_jsonl(data / "text" / "goemotions.jsonl.gz", ("text", "labels", "split"))
    return DataSet(
        name="goemotions",
        modality="text",
        tier="open",
        payload=[row["text"] for row in rows],
        split=np.array([row["split"] for row in rows]),
        concepts=[{concept_of(name): 1.0 for name in row["labels"]} for row in rows],
        native=GOEMOTIONS,
        group=np.arange(len(rows)),
    )
