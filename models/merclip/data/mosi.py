"""CMU-MOSI (Zadeh et al. 2016), the transcripts: sentiment -3..3 of sentences in video reviews. Research use."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .dataset import DataSet
from .text_files import read_jsonl


def load(data: Path) -> DataSet:
    rows = read_jsonl(data / "text" / "mosi.jsonl.gz", ("video", "text", "sentiment", "split"))
    return DataSet(
        name="mosi",
        modality="text",
        tier="research",
        payload=[row["text"] for row in rows],
        split=np.array([row["split"] for row in rows]),
        concepts=[{} for _ in rows],
        native=None,
        group=np.array([row["video"] for row in rows]),
        sentiment=np.array([row["sentiment"] for row in rows], dtype=np.float32),
    )
