"""Sound as a call gives it: other loudness, room noise, another pace, another start."""

from __future__ import annotations

import numpy as np


def vary_sound(pcm: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """pcm [N] float32 in -1..1 -> [M] float32, M within 12 % of N."""
    if rng.random() < 0.5:
        speed = rng.uniform(0.89, 1.12)
        places = np.arange(0, len(pcm) - 1, speed, dtype=np.float32)
        pcm = np.interp(places, np.arange(len(pcm)), pcm).astype(np.float32)
    if rng.random() < 0.5:
        cut = int(rng.integers(0, max(1, len(pcm) // 6)))
        pcm = pcm[cut:]
    level = float(np.sqrt(np.mean(pcm**2)) + 1e-5)
    if rng.random() < 0.3:
        noise = rng.standard_normal(len(pcm)).astype(np.float32)
        if rng.random() < 0.5:  # a first-order low-pass makes it sound like a room
            noise = np.convolve(noise, 0.9 ** np.arange(32, dtype=np.float32), mode="same").astype(np.float32)
            noise /= np.sqrt(np.mean(noise**2)) + 1e-6
        pcm = pcm + noise * level * 10.0 ** (-rng.uniform(10.0, 40.0) / 20.0)
    gain = 10.0 ** (rng.uniform(-12.0, 6.0) / 20.0)
    return np.clip(pcm * gain, -1.0, 1.0).astype(np.float32)


def mask_spectrum(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """SpecAugment (Park et al. 2019): a mask [B,1,mels,T] of ones with a band and a stretch of zeros per item."""
    batch, _, mels, frames = shape
    mask = np.ones((batch, 1, mels, frames), dtype=np.float32)
    for row in range(batch):
        width = int(rng.integers(0, mels // 6))
        start = int(rng.integers(0, mels - width))
        mask[row, :, start : start + width] = 0.0
        length = int(rng.integers(0, frames // 5))
        start = int(rng.integers(0, frames - length))
        mask[row, :, :, start : start + length] = 0.0
    return mask
