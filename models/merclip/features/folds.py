"""Folds that hold whole videos out: one person speaks in a video, and is never in training and test at once."""

from __future__ import annotations

import numpy as np


def video_folds(videos: np.ndarray, folds: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """videos [N] -> as many pairs (training rows, test rows) as there are folds; each row is tested once."""
    names = np.unique(videos)
    if not 2 <= folds <= len(names):
        raise ValueError(f"folds is {folds}; allowed are 2 to {len(names)}, the number of videos")
    shuffled = names[np.random.default_rng(seed).permutation(len(names))]
    pairs = []
    for fold in range(folds):
        held = np.isin(videos, shuffled[fold::folds])
        pairs.append((np.flatnonzero(~held), np.flatnonzero(held)))
    return pairs
