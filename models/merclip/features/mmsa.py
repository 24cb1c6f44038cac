"""The feature pickles that MMSA distributes for CMU-MOSI and CMU-MOSEI, aligned and unaligned.

Each split has ``raw_text``, ``id``, ``text`` [N,L,768], ``text_bert`` [N,3,L] (ids, mask, segments), ``audio``
[N,Ta,Fa], ``vision`` [N,Tv,Fv] and ``regression_labels`` [N]. In the unaligned file ``audio_lengths`` and
``vision_lengths`` [N] say how many steps are there; in the aligned one all three go by words.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..decoder import MODALITIES
from ..restricted_pickle import load_arrays

SPLITS = ("train", "valid", "test")
KEYS = ("text", "text_bert", "audio", "vision", "regression_labels")


@dataclass(frozen=True)
class Clips:
    """One split: {modality: [N,T,F] float32, finite}, {modality: [N,T] bool, where a step is there}, sentiment [N]."""

    features: dict[str, np.ndarray]
    masks: dict[str, np.ndarray]
    sentiment: np.ndarray

    def __len__(self) -> int:
        return len(self.sentiment)


def finite(x: np.ndarray) -> np.ndarray:
    """As float32, with 0 where a value is no finite number: the audio of these files holds -inf (a log of 0)."""
    x = np.asarray(x, dtype=np.float32)
    return np.where(np.isfinite(x), x, np.float32(0.0))


def _masks(part: dict[str, Any], steps: dict[str, int]) -> dict[str, np.ndarray]:
    words = np.asarray(part["text_bert"])[:, 1] > 0
    masks = {"text": words}
    for name in ("audio", "vision"):
        if f"{name}_lengths" in part:
            lengths = np.asarray(part[f"{name}_lengths"], dtype=np.int64)
            masks[name] = np.arange(steps[name])[None] < lengths[:, None]
        else:
            masks[name] = words
    return masks


def _clips(part: Any, where: str) -> Clips:
    missing = [key for key in KEYS if key not in part] if isinstance(part, dict) else list(KEYS)
    if missing:
        raise ValueError(f"{where}: lacks {', '.join(missing)}; needed are {', '.join(KEYS)}")
    features = {name: finite(part[name]) for name in MODALITIES}
    sentiment = np.asarray(part["regression_labels"], dtype=np.float32)
    for name, x in features.items():
        if x.ndim != 3 or len(x) != len(sentiment):
            raise ValueError(f"{where}: {name} is {x.shape}; needed is [N,T,F] with N = {len(sentiment)} labels")
    if np.asarray(part["text_bert"]).ndim != 3:
        raise ValueError(f"{where}: text_bert is {np.asarray(part['text_bert']).shape}; needed is [N,3,L]")
    if sentiment.ndim != 1 or not np.isfinite(sentiment).all():
        raise ValueError(f"{where}: regression_labels have to be [N] finite numbers")
    masks = _masks(part, {name: x.shape[1] for name, x in features.items()})
    for name, mask in masks.items():
        if mask.shape != features[name].shape[:2]:
            raise ValueError(
                f"{where}: {name} has {features[name].shape[:2]} steps, what says which are there {mask.shape}; "
                f"an unaligned file needs {name}_lengths"
            )
    return Clips(features, masks, sentiment)


def load_mmsa(path: str | Path) -> dict[str, Clips]:
    """Reads a pickle -> {split: Clips}; raises ValueError naming what is missing or does not fit."""
    content = load_arrays(path)
    missing = [split for split in SPLITS if split not in content] if isinstance(content, dict) else list(SPLITS)
    if missing:
        raise ValueError(f"{path}: lacks the splits {', '.join(missing)}; needed are {', '.join(SPLITS)}")
    return {split: _clips(content[split], f"{path}, {split}") for split in SPLITS}


def standardise(splits: dict[str, Clips], limit: float = 5.0) -> dict[str, Clips]:
    """By mean and deviation of the training split's steps that are there, cut at ``limit`` deviations."""
    train = splits["train"]
    scales = {}
    for name, x in train.features.items():
        steps = x[train.masks[name]]
        if len(steps) == 0:
            raise ValueError(f"train: no step of {name} is there")
        scales[name] = steps.mean(0), steps.std(0) + 1e-3 * float(steps.std()) + 1e-6

    def scaled(name: str, x: np.ndarray) -> np.ndarray:
        mean, deviation = scales[name]
        return np.clip((x - mean) / deviation, -limit, limit)

    return {
        split: Clips({name: scaled(name, x) for name, x in clips.features.items()}, clips.masks, clips.sentiment)
        for split, clips in splits.items()
    }
