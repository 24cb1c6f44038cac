"""What every data set looks like to training: a payload of one modality and, per row, weighted concepts."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..label_sets import LabelSet

SPLITS = ("train", "val", "test")


@dataclass
class DataSet:
    """Rows of one modality.

    payload: list of str (text), list of int16 PCM arrays at 16 kHz (audio), or uint8 [N,S,S] grey (vision).
    concepts: per row {concept: weight}; weights are votes (single) or ones (multi).
    native: the label set the data came with, or None where it has no emotions.
    sentiment: per row a value in -3..3 where the data has one, else None.
    dimensions: per row valence, arousal and dominance in 0..1, [N,3], where the data has them, else None.
    languages: per row a language code, where they differ.
    agreed: per row whether more than half of its votes say the same, where there are votes, else None.
    group: what must not be shared between splits (a speaker), or a row's own number.
    """

    name: str
    modality: str
    tier: str
    payload: list[str] | list[np.ndarray] | np.ndarray
    split: np.ndarray
    concepts: list[dict[str, float]]
    native: LabelSet | None
    group: np.ndarray
    sentiment: np.ndarray | None = None
    dimensions: np.ndarray | None = None
    languages: np.ndarray | None = None
    agreed: np.ndarray | None = None
    notes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = len(self.payload)
        for name in ("split", "concepts", "group"):
            if len(getattr(self, name)) != rows:
                raise ValueError(f"{self.name}: {rows} payloads but {len(getattr(self, name))} of {name}")
        unknown = set(np.unique(self.split)) - set(SPLITS)
        if unknown:
            raise ValueError(f"{self.name}: split {sorted(unknown)} is not one of {', '.join(SPLITS)}")

    def rows(self, split: str) -> np.ndarray:
        """Indices of a split, [n] int64."""
        return np.flatnonzero(self.split == split)
