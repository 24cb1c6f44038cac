"""The data sets of a release tier, loaded once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from . import emobank, emodb, emogator, ferplus, goemotions, xed
from .dataset import DataSet
from .mixing import Part, hold_out
from .views import View, views_of

LOADERS: dict[str, Callable[[Path], DataSet]] = {
    "ferplus": ferplus.load,
    "emogator": emogator.load,
    "emodb": emodb.load,
    "goemotions": goemotions.load,
    "xed": xed.load,
    "emobank": emobank.load,
}


class Sources:
    """Data sets by name with their views, and which training rows are held out for the decoder."""

    def __init__(self, datasets: dict[str, DataSet], tier: str, held_share: float):
        for dataset in datasets.values():
            if tier == "open" and dataset.tier != "open":
                raise ValueError(f"'{dataset.name}' is '{dataset.tier}' and must not go into an open release")
        self.datasets = datasets
        self.views: dict[str, dict[str, View]] = {name: views_of(data) for name, data in datasets.items()}
        self.tower_rows: dict[str, np.ndarray] = {}
        self.held_rows: dict[str, np.ndarray] = {}
        for name, data in datasets.items():
            self.tower_rows[name], self.held_rows[name] = hold_out(data, data.rows("train"), held_share)

    def parts(self, config: dict[str, dict], rows: dict[str, np.ndarray]) -> list[Part]:
        """The mix of a stage: ``config`` is its section 'parts'. Raises ValueError for a data set not loaded."""
        parts = []
        for name, part in config.items():
            if name not in self.datasets:
                raise ValueError(f"parts names '{name}'; loaded are {', '.join(self.datasets)}")
            parts.append(
                Part(self.datasets[name], self.views[name], rows[name], part["batches"], part["size"], part["shares"])
            )
        return parts


def load_sources(data: Path, names: list[str], tier: str, held_share: float) -> Sources:
    """Loads data sets from a folder. Raises ValueError for a name without a loader."""
    for name in names:
        if name not in LOADERS:
            raise ValueError(f"no loader for data set '{name}'; there are {', '.join(LOADERS)}")
    return Sources({name: LOADERS[name](data) for name in names}, tier, held_share)
