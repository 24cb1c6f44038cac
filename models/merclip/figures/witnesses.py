"""How well modalities could be read if they were independent witnesses and one of them, nobody says which, were of
another class: what the figures of contradicting clips are to be held against."""

from __future__ import annotations

import numpy as np

from ..calibrate import fit_temperature
from ..metrics import softmax


def believed(logits: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Probabilities [N,K] of one modality's logits [N,K], at the temperature that fits them to their target [N,K]."""
    return softmax(logits / fit_temperature("single", logits, target))


def one_is_wrong(witnesses: list[np.ndarray]) -> np.ndarray:
    """The belief [N,K], up to a factor, of somebody who hears all witnesses [N,K] and knows that exactly one of them
    speaks of another class, each with equal chance: Bayes' rule for classes that are equally frequent."""
    count = witnesses[0].shape[1]
    heard = np.stack(witnesses)
    total = np.zeros_like(witnesses[0])
    for wrong in range(len(witnesses)):
        right = np.delete(heard, wrong, axis=0).prod(0)
        total += right * (1.0 - heard[wrong]) / (count - 1)
    return total
