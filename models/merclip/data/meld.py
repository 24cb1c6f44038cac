"""MELD (Poria et al., ACL 2019): utterances of the series Friends in 7 classes. GPL-3.0 / film scripts: research."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..concepts import concept_of
from ..label_sets import MELD
from .context import with_context
from .dataset import DataSet
from .text_files import read_jsonl

SENTIMENT = {"negative": -1.5, "neutral": 0.0, "positive": 1.5}


def load(data: Path) -> DataSet:
    rows = read_jsonl(data / "text" / "meld.jsonl.gz", ("text", "labels", "sentiment", "speaker", "dialogue", "split"))
    texts, said = [], dict[tuple[str, int, str], list[str]]()
    for row in rows:
        before = said.setdefault((row["split"], row["dialogue"], row["speaker"]), [])
        texts.append(with_context(row["text"], before))
        before.append(row["text"])
    return DataSet(
        name="meld",
        modality="text",
        tier="research",
        payload=texts,
        split=np.array([row["split"] for row in rows]),
        concepts=[{concept_of(name): 1.0 for name in row["labels"]} for row in rows],
        native=MELD,
        group=np.array([f"{row['split']}-{row['dialogue']}" for row in rows]),
        sentiment=np.array([SENTIMENT[row["sentiment"]] for row in rows], dtype=np.float32),
    )
