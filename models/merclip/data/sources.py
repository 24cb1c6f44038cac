"""The data sets of a release tier, loaded once."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import numpy as np

from . import (
    emobank,
    emocontext,
    emodb,
    emogator,
    emotale,
    ferplus,
    goemotions,
    meld,
    mosi,
    nemo,
    ravdess,
    tweeteval,
    xed,
)
from .dataset import DataSet
from .held_out import without_labels
from .mixing import Part, hold_out
from .views import View, views_of

LOADERS: dict[str, Callable[[Path], DataSet]] = {
    "ferplus": ferplus.load,
    "emogator": emogator.load,
    "emodb": emodb.load,
    "goemotions": goemotions.load,
    "xed": xed.load,
    "emobank": emobank.load,
    "ravdess": ravdess.load,
    "nemo": nemo.load,
    "emotale": emotale.load,
    "meld": meld.load,
    "emocontext": emocontext.load,
    "tweeteval_emotion": tweeteval.load,
    "mosi": mosi.load,
}


class Sources:
    """Data sets by name with their views, and which training rows are held out for the decoder."""

    def __init__(self, datasets: dict[str, DataSet], tier: str, held_share: float, held_out: list[str] | None = None):
        for dataset in datasets.values():
            if tier == "open" and dataset.tier != "open":
                raise ValueError(f"'{dataset.name}' is '{dataset.tier}' and must not go into an open release")
        self.datasets = datasets
        self.views: dict[str, dict[str, View]] = {
            name: views_of(data, held_out or []) for name, data in datasets.items()
        }
        self.tower_rows: dict[str, np.ndarray] = {}
        self.held_rows: dict[str, np.ndarray] = {}
        for name, data in datasets.items():
            self.tower_rows[name], self.held_rows[name] = hold_out(data, data.rows("train"), held_share)

    def only(self, names: list[str]) -> Sources:
        """These data sets alone."""
        fewer = copy.copy(self)
        fewer.datasets = {name: data for name, data in self.datasets.items() if name in names}
        fewer.views = {name: self.views[name] for name in fewer.datasets}
        return fewer

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


def load_sources(
    data: Path, names: list[str], tier: str, held_share: float, held_out: list[str] | None = None
) -> Sources:
    """Loads data sets from a folder, without the labels in ``held_out``. Raises ValueError for a name without a
    loader."""
    for name in names:
        if name not in LOADERS:
            raise ValueError(f"no loader for data set '{name}'; there are {', '.join(LOADERS)}")
    loaded = {name: LOADERS[name](data) for name in names}
    if held_out:
        loaded = {name: without_labels(one, held_out) for name, one in loaded.items()}
    return Sources(loaded, tier, held_share, held_out)


def load_what_is_there(data: Path, names: list[str]) -> tuple[Sources, list[str]]:
    """Data sets for measuring alone, whatever their licence, and the names of those that the folder does not hold.
    Raises ValueError when it holds none."""
    loaded, absent = {}, []
    for name in names:
        try:
            loaded[name] = LOADERS[name](data)
        except FileNotFoundError:
            absent.append(name)
    if not loaded:
        raise ValueError(f"{data}: holds none of the data sets {', '.join(names)}; models/README.md has the layout")
    return Sources(loaded, "research", 0.0), absent
