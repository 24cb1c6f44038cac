"""An utterance with those around it, as a sequence of tokens per modality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from .context import neighbours
from .normalise import normalised
from .utterances import Utterances


@dataclass(frozen=True)
class Window:
    """One modality: normalised features [N,F], and for each utterance the rows [N,T] of its window and their mask."""

    features: torch.Tensor
    rows: torch.Tensor
    mask: torch.Tensor


def windows_of(
    utterances: Utterances,
    features: dict[str, np.ndarray],
    train: np.ndarray,
    model: dict[str, Any],
) -> dict[str, Window]:
    """``features`` [N,F] of the modalities to use, normalised as ``model`` says, by the rows ``train``."""
    found = {}
    for name, x in features.items():
        rows, mask = neighbours(utterances.videos, int(model["context"][name]))
        scaled = normalised(x, utterances.videos, train, model["normalise"][name])
        found[name] = Window(torch.from_numpy(scaled), torch.from_numpy(rows), torch.from_numpy(mask))
    return found


def sequences(windows: dict[str, Window], rows: np.ndarray) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """The windows of these utterances as they are: {modality: (x [B,T,F], mask [B,T])}."""
    index = torch.from_numpy(rows)
    return {name: (w.features[w.rows[index]], w.mask[index].to(torch.int32)) for name, w in windows.items()}


def disturbed(
    windows: dict[str, Window],
    rows: np.ndarray,
    pool: np.ndarray,
    rng: np.random.Generator,
    noise: dict[str, Any],
) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """The same for training, with noise.

    exchange {modality: share}: tokens replaced by those of a training utterance drawn from ``pool``;
    drop {modality: share}: whole modalities hidden, never the last one left; dropToken: single tokens hidden."""
    index = torch.from_numpy(rows)
    alone = len(windows) == 1
    found = {}
    left = np.zeros(len(rows), dtype=bool)
    for place, (name, window) in enumerate(windows.items()):
        chosen, mask = window.rows[index].numpy(), window.mask[index].numpy()
        swap = rng.random(chosen.shape) < noise["exchange"].get(name, 0.0)
        chosen = np.where(swap, pool[rng.integers(0, len(pool), chosen.shape)], chosen)
        mask = mask & (rng.random(mask.shape) >= noise["dropToken"])
        hidden = rng.random(len(rows)) < (0.0 if alone else noise["drop"].get(name, 0.0))
        if place == len(windows) - 1:
            hidden &= left
        mask = mask & ~hidden[:, None]
        left |= mask.any(1)
        found[name] = (window.features[torch.from_numpy(chosen)], torch.from_numpy(mask).to(torch.int32))
    return found
