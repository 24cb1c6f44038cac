"""Which batches an epoch holds: a function of seed and epoch alone, so a resumed run sees what an unbroken one does."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .dataset import DataSet
from .views import View


@dataclass
class Part:
    """A data set in the mix: its rows for training, how many batches an epoch takes and what views it is asked in."""

    dataset: DataSet
    views: dict[str, View]
    rows: np.ndarray
    batches: int
    size: int
    shares: dict[str, float]


@dataclass
class Batch:
    """Row numbers of one data set, to be asked in one view."""

    part: Part
    view: View
    rows: np.ndarray


def hold_out(dataset: DataSet, rows: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Splits training rows into those the towers learn from and those only the decoder sees, by group.

    The choice hangs on the group's name alone, so it is the same in every run."""
    score = np.array([zlib.crc32(f"{dataset.name}/{group}".encode()) / 2**32 for group in dataset.group[rows]])
    return rows[score >= share], rows[score < share]


def _draw(part: Part, view: View, count: int, rng: np.random.Generator) -> list[np.ndarray]:
    """``count`` batches of rows that are valid in the view, without repeats until all were drawn."""
    rows = part.rows[view.valid[part.rows]]
    need = count * part.size
    drawn: list[np.ndarray] = []
    while sum(len(d) for d in drawn) < need:
        drawn.append(rng.permutation(rows))
    flat = np.concatenate(drawn)[:need]
    if part.dataset.modality == "text":
        flat = _by_length(part, flat, rng)
    return list(flat.reshape(count, part.size))


def _by_length(part: Part, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Sorts within runs of sixteen batches so that a batch pads little."""
    run = part.size * 16
    out = []
    for start in range(0, len(rows), run):
        piece = rows[start : start + run]
        lengths = np.array([len(part.dataset.payload[row]) for row in piece]) * rng.uniform(0.9, 1.1, len(piece))
        out.append(piece[np.argsort(lengths)])
    return np.concatenate(out)


def epoch_batches(parts: list[Part], seed: int, epoch: int) -> Iterator[Batch]:
    """All batches of an epoch in random order."""
    rng = np.random.default_rng([seed, epoch])
    batches: list[Batch] = []
    for part in parts:
        names = [name for name in part.shares if name in part.views]
        total = sum(part.shares[name] for name in names)
        for name in names:
            count = int(round(part.batches * part.shares[name] / total))
            if count > 0:
                view = part.views[name]
                batches += [Batch(part, view, rows) for rows in _draw(part, view, count, rng)]
    for index in rng.permutation(len(batches)):
        yield batches[index]
