"""What the resting towers make of the rows that the decoder learns from, made once a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .data.dataset import DataSet
from .encode import RowEncoder
from .feature_store import FeatureStore, fingerprint
from .label_encoder import LabelEncoder
from .model import MerClip
from .precision import mixed_precision


class Encodings:
    """Fills a store, and keeps what it holds of each data set in ``encoded-<data set>.pt`` in the run's folder.

    What is drawn for a data set hangs on the seed alone, so they may be encoded in any order, and side by side."""

    def __init__(self, model: MerClip, labels: LabelEncoder, seed: int, out: Path, device: str = "cpu"):
        self.store = FeatureStore()
        self.model = model
        self.labels = labels
        self.seed = seed
        self.out = out
        self.device = device

    def add(self, dataset: DataSet, rows: np.ndarray, variants: int, resume: bool) -> None:
        """Encodes rows of one data set ``variants`` times (words once: nothing is drawn for them).

        ``resume`` takes what an earlier run left in the folder, unless another tower, other rows or another number of
        variants made it."""
        variants = 1 if dataset.modality == "text" else variants
        path = self.out / f"encoded-{dataset.name}.pt"
        made_by = fingerprint(getattr(self.model, dataset.modality), rows, variants)
        if resume and self.store.restore(path, dataset.name, made_by):
            return
        with mixed_precision(self.device):
            encoder = RowEncoder(self.model, self.labels.tokenizer, self.seed, self.device)
            self.store.fill(encoder, dataset, rows, variants, augment=True)
        self.store.keep(path, dataset.name, made_by)
