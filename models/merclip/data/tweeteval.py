"""TweetEval, emotion (Mohammad et al., SemEval 2018; Barbieri et al. 2020): tweets in 4 classes. Twitter's rules."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..concepts import concept_of
from ..label_sets import TWEETEVAL
from .dataset import DataSet
from .text_files import read_jsonl


def load(data: Path) -> DataSet:
    rows = read_jsonl(data / "text" / "tweeteval_emotion.jsonl.gz", ("text", "labels", "split"))
    return DataSet(
        name="tweeteval_emotion",
        modality="text",
        tier="research",
        payload=[row["text"] for row in rows],
        split=np.array([row["split"] for row in rows]),
        concepts=[{concept_of(name): 1.0 for name in row["labels"]} for row in rows],
        native=TWEETEVAL,
        group=np.arange(len(rows)),
    )
