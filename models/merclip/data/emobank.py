"""EmoBank (Buechel and Hahn, EACL 2017): valence, arousal and dominance of sentences, 1 to 5. CC BY-SA 4.0.

Only valence is used here, for the sentiment set. Ratings huddle around 3 (standard deviation 0.35), so they are
stretched by ``STRETCH`` onto -3..3.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .dataset import DataSet
from .text_files import read_jsonl

STRETCH = 2.5


def load(data: Path) -> DataSet:
    rows = read_jsonl(data / "text" / "emobank.jsonl.gz", ("text", "valence", "split"))
    valence = np.array([row["valence"] for row in rows], dtype=np.float32)
    return DataSet(
        name="emobank",
        modality="text",
        tier="open",
        payload=[row["text"] for row in rows],
        split=np.array([row["split"] for row in rows]),
        concepts=[{} for _ in rows],
        native=None,
        group=np.arange(len(rows)),
        sentiment=np.clip((valence - 3.0) * STRETCH, -3.0, 3.0),
    )
