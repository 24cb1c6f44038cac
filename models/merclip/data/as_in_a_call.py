"""A payload as a call would give it: what robustness is measured with, for words, voices and faces."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from . import augment_audio, augment_faces
from .augment_text import like_recognised
from .batches import to_float


def as_in_a_call(modality: str, payload: Any, seed: list[int]) -> Any:
    """One payload -> one of the same kind (a voice as float32). What happens to it hangs on ``seed`` alone, so that it
    is the same whatever else is measured."""
    if modality == "text":
        return like_recognised(payload, random.Random(repr(seed)))
    rng = np.random.default_rng(seed)
    if modality == "audio":
        return augment_audio.like_a_call(to_float(payload), rng)
    return augment_faces.like_a_call(payload, rng)
