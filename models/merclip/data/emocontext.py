"""EmoContext (Chatterjee et al., SemEval 2019): chats of three turns, the last one labelled. Licence unclear."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..concepts import concept_of
from ..label_sets import EMOCONTEXT
from .context import with_context
from .dataset import DataSet
from .text_files import read_jsonl


def load(data: Path) -> DataSet:
    """The first and the last turn are one person's, so the first is the context of the last."""
    rows = read_jsonl(data / "text" / "emocontext.jsonl.gz", ("turns", "labels", "split"))
    return DataSet(
        name="emocontext",
        modality="text",
        tier="research",
        payload=[with_context(row["turns"][2], row["turns"][:1]) for row in rows],
        split=np.array([row["split"] for row in rows]),
        concepts=[{concept_of(name): 1.0 for name in row["labels"]} for row in rows],
        native=EMOCONTEXT,
        group=np.arange(len(rows)),
    )
