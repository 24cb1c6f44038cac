"""What the decoder is fed in stage 2: rows of one modality in their own label sets, and clips composed of three."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .data.composed import Composer
from .data.mixing import Batch
from .data.sources import Sources
from .decoder import MODALITIES
from .feature_store import FeatureStore, pad_tokens
from .model import MerClip

MAX_FRAMES = 4


class FusionBatches:
    def __init__(
        self,
        model: MerClip,
        sources: Sources,
        known: dict[str, np.ndarray],
        store: FeatureStore,
        config: dict[str, Any],
    ):
        self.model = model
        self.store = store
        self.config = config
        self.modality = {name: data.modality for name, data in sources.datasets.items()}
        # Held-out rows where there are enough of them: what the towers were trained on looks better than it will.
        rows = {name: held if len(held) >= 40 else known[name] for name, held in sources.held_rows.items()}
        self.composers = {
            view: Composer(sources.datasets, sources.views, rows, view) for view in config["composed"]["shares"]
        }

    def _tokens(self, members: list[dict[str, tuple[str, int]]], rng: np.random.Generator) -> dict[str, Any]:
        inputs = {}
        for modality in MODALITIES:
            rows: list[torch.Tensor | None] = []
            for clip in members:
                member = clip.get(modality)
                frames = int(rng.integers(1, MAX_FRAMES + 1)) if modality == "vision" else 1
                rows.append(None if member is None else self.store.take(*member, rng, frames))
            if any(row is not None for row in rows):
                inputs[modality] = pad_tokens(rows, self.model.dim)
        return inputs

    def single(self, batch: Batch, rng: np.random.Generator) -> tuple[Any, Any, np.ndarray]:
        name = batch.part.dataset.name
        members = [{self.modality[name]: (name, int(row))} for row in batch.rows]
        return self._tokens(members, rng), batch.view.labels, batch.view.target[batch.rows]

    def composed(self, view: str, rng: np.random.Generator) -> tuple[Any, Any, np.ndarray]:
        settings = self.config["composed"]
        composer = self.composers[view]
        clips = [composer.draw(rng, settings["drop"], settings["clash"]) for _ in range(settings["size"])]
        return (
            self._tokens([clip.members for clip in clips], rng),
            composer.labels,
            np.stack([clip.target for clip in clips]),
        )
