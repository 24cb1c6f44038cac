"""Composed clips: a sentence, a voice and a face that were never one person, brought together by what they express.

There is no open data set with all three modalities. This stands in for one: it teaches the decoder that modalities
agree, and what to do when one is missing or disagrees. It cannot teach how one person's words, voice and face go
together in time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..decoder import MODALITIES
from .dataset import DataSet
from .views import View


@dataclass
class Clip:
    """Per modality (data set name, row) or nothing, and the target [K]."""

    members: dict[str, tuple[str, int]]
    target: np.ndarray


class Composer:
    """Draws clips in one view from given rows. Classes are drawn evenly, whatever their share in the data."""

    def __init__(
        self, datasets: dict[str, DataSet], views: dict[str, dict[str, View]], rows: dict[str, np.ndarray], view: str
    ):
        self.views = {name: by_name[view] for name, by_name in views.items() if view in by_name}
        if not self.views:
            raise ValueError(f"no data set has the view '{view}'")
        self.labels = next(iter(self.views.values())).labels
        self.pool: dict[str, dict[int, list[tuple[str, int]]]] = {modality: {} for modality in MODALITIES}
        for name, found in self.views.items():
            keep = rows[name][found.valid[rows[name]]]
            for row, best in zip(keep, found.target[keep].argmax(1), strict=True):
                self.pool[datasets[name].modality].setdefault(int(best), []).append((name, int(row)))
        self.classes = sorted({k for by_class in self.pool.values() for k in by_class})
        self.complete = [k for k in self.classes if all(k in by_class for by_class in self.pool.values())]

    def _member(self, modality: str, wanted: int, rng: np.random.Generator) -> tuple[str, int] | None:
        found = self.pool[modality].get(wanted)
        return found[int(rng.integers(len(found)))] if found else None

    def draw(self, rng: np.random.Generator, drop: float, clash: float) -> Clip:
        """One clip. With chance ``drop`` a modality is left out (never all); with chance ``clash`` one disagrees.

        Where two agree against one, their label is the target; where one stands against one, the mean of both.

        Where nothing is to be left out, only classes that every modality has are drawn; raises ValueError when there
        is none."""
        classes = self.complete if drop == 0.0 else self.classes
        if not classes:
            raise ValueError(f"no class of '{self.labels.id}' has rows of every modality, so no whole clip can be made")
        while True:
            wanted = classes[int(rng.integers(len(classes)))]
            odd = MODALITIES[int(rng.integers(len(MODALITIES)))] if rng.random() < clash else None
            other = classes[int(rng.integers(len(classes)))]
            members = {}
            for modality in MODALITIES:
                if rng.random() < drop:
                    continue
                member = self._member(modality, other if modality == odd else wanted, rng)
                if member is not None:
                    members[modality] = member
            if members:
                heard = [modality for modality in members if modality != odd] if len(members) > 2 else list(members)
                targets = [self.views[name].target[row] for name, row in (members[modality] for modality in heard)]
                return Clip(members, np.mean(targets, axis=0).astype(np.float32))
