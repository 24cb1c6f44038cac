"""The utterances around an utterance, in its own video."""

from __future__ import annotations

import numpy as np


def neighbours(videos: np.ndarray, reach: int) -> tuple[np.ndarray, np.ndarray]:
    """videos [N] of utterances in spoken order -> rows [N,2r+1] from r before to r after, and a mask of the same shape:
    where the video ends, the row stands for itself and the mask is False."""
    if reach < 0:
        raise ValueError(f"context is {reach}; allowed are 0 and more utterances to either side")
    count = len(videos)
    own = np.arange(count)[:, None]
    rows = own + np.arange(-reach, reach + 1)
    inside = (rows >= 0) & (rows < count)
    rows = np.where(inside, rows, own)
    mask = inside & (videos[rows] == videos[own])
    return np.where(mask, rows, own), mask
