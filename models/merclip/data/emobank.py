"""EmoBank (Buechel and Hahn, EACL 2017): valence, arousal and dominance of sentences, 1 to 5. CC BY-SA 4.0.

Valence also gives a sentiment. Ratings huddle around 3 (standard deviation 0.35), so they are stretched: by ``STRETCH``
onto -3..3 for the sentiment, by ``SPREAD`` onto 0..1 for the dimensions.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .dataset import DataSet
from .text_files import read_jsonl

STRETCH = 2.5
SPREAD = 0.4
DIMENSIONS = ("valence", "arousal", "dominance")


def load(data: Path) -> DataSet:
    rows = read_jsonl(data / "text" / "emobank.jsonl.gz", ("text", *DIMENSIONS, "split"))
    ratings = np.array([[row[name] for name in DIMENSIONS] for row in rows], dtype=np.float32)
    return DataSet(
        name="emobank",
        modality="text",
        tier="open",
        payload=[row["text"] for row in rows],
        split=np.array([row["split"] for row in rows]),
        concepts=[{} for _ in rows],
        native=None,
        group=np.arange(len(rows)),
        sentiment=np.clip((ratings[:, 0] - 3.0) * STRETCH, -3.0, 3.0),
        dimensions=np.clip(0.5 + (ratings - 3.0) * SPREAD, 0.0, 1.0),
    )
