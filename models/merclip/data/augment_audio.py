"""Sound as a call gives it: another pace and start, and what room, microphone, codec and network do to it."""

from __future__ import annotations

import io

import numpy as np
import soundfile

RATE = 16000
FRAME = 320  # samples of a packet: 20 ms


def level_of(pcm: np.ndarray) -> float:
    return float(np.sqrt(np.mean(pcm**2)) + 1e-5)


def in_a_room(pcm: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Reverberation of 0.1 to 0.5 s (60 dB): noise under an exponential decay, behind the direct sound."""
    seconds = rng.uniform(0.1, 0.5)
    length = int(seconds * RATE)
    tail = rng.standard_normal(length) * 10.0 ** (-3.0 * np.arange(length) / length)
    tail *= rng.uniform(0.1, 0.5) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    size = 1 << (len(pcm) + length - 1).bit_length()
    wet = np.fft.irfft(np.fft.rfft(pcm, size) * np.fft.rfft(tail, size), size)[: len(pcm)]
    return (wet * level_of(pcm) / level_of(wet)).astype(np.float32)


def with_noise(pcm: np.ndarray, rng: np.random.Generator, low: float = 10.0, high: float = 40.0) -> np.ndarray:
    """White or low-pass noise, ``low`` to ``high`` dB below the sound."""
    noise = rng.standard_normal(len(pcm)).astype(np.float32)
    if rng.random() < 0.5:
        noise = np.convolve(noise, 0.9 ** np.arange(32, dtype=np.float32), mode="same").astype(np.float32)
        noise /= level_of(noise)
    return pcm + noise * level_of(pcm) * 10.0 ** (-rng.uniform(low, high) / 20.0)


def through_opus(pcm: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Encoded and decoded as Opus of 16 to 32 kbit/s (libsndfile: level 0 is 256, level 1 is 6 kbit/s)."""
    kbits = rng.uniform(16.0, 32.0)
    buffer = io.BytesIO()
    soundfile.write(buffer, pcm, RATE, format="OGG", subtype="OPUS", compression_level=1.0 - (kbits - 6.0) / 250.0)
    buffer.seek(0)
    decoded, _ = soundfile.read(buffer, dtype="float32")
    return decoded[: len(pcm)]


def lose_packets(pcm: np.ndarray, rng: np.random.Generator, share: float | None = None) -> np.ndarray:
    """Loses packets of 20 ms, in bursts of two on average; a decoder fills the hole with what it had, fading out."""
    share = rng.uniform(0.01, 0.08) if share is None else share
    out = pcm.copy()
    lost = 0
    for start in range(FRAME, len(pcm) - FRAME + 1, FRAME):
        gone = rng.random() < (0.5 if lost else share / (2.0 - share))
        lost = lost + 1 if gone else 0
        if gone:
            out[start : start + FRAME] = out[start - FRAME : start] * (0.6 if lost < 5 else 0.0)
    return out


def like_a_call(pcm: np.ndarray, rng: np.random.Generator, codec: bool = True) -> np.ndarray:
    """All that a call does to a voice: pcm [N] float32 in -1..1 -> [N]. What robustness is measured with.

    ``codec``: whether Opus is among it, which costs 40 ms a second of sound."""
    if rng.random() < 0.5:
        pcm = in_a_room(pcm, rng)
    if rng.random() < 0.7:
        pcm = with_noise(pcm, rng, 15.0, 35.0)
    gain = 10.0 ** (rng.uniform(-12.0, 6.0) / 20.0)
    pcm = np.clip(pcm * gain, -1.0, 1.0).astype(np.float32)
    return lose_packets(through_opus(pcm, rng) if codec else pcm, rng)


def in_another_colour(pcm: np.ndarray, rng: np.random.Generator, decibels: float = 10.0) -> np.ndarray:
    """Through another microphone, or from another throat: gains of up to ``decibels`` that run in straight lines, over
    the logarithm of frequency, between a few places (after FilterAugment, Nam et al. 2022)."""
    # A length that a fast Fourier transform is quick at; what is beyond the sound is cut off again.
    size = -(-len(pcm) // 1024) * 1024
    bins = np.log2(1.0 + np.arange(size // 2 + 1) * (RATE / size) / 100.0)
    places = np.sort(rng.uniform(0.0, bins[-1], int(rng.integers(2, 6))))
    gains = np.interp(bins, places, rng.uniform(-decibels, decibels, len(places)))
    coloured = np.fft.irfft(np.fft.rfft(pcm, size) * 10.0 ** (gains / 20.0), size)[: len(pcm)]
    return (coloured * level_of(pcm) / level_of(coloured)).astype(np.float32)


def vary_sound(pcm: np.ndarray, rng: np.random.Generator, call: float = 0.1) -> np.ndarray:
    """pcm [N] float32 in -1..1 -> [M] float32, M within 22 % of N. A share of ``call`` goes through a whole call.

    Pace and colour are those of speakers: what holds in one throat has to hold in another."""
    if rng.random() < 0.7:
        speed = rng.uniform(0.82, 1.22)
        places = np.arange(0, len(pcm) - 1, speed, dtype=np.float32)
        pcm = np.interp(places, np.arange(len(pcm)), pcm).astype(np.float32)
    if rng.random() < 0.5:
        cut = int(rng.integers(0, max(1, len(pcm) // 6)))
        pcm = pcm[cut:]
    if rng.random() < 0.6:
        pcm = in_another_colour(pcm, rng)
    if rng.random() < call:
        return like_a_call(pcm, rng, codec=rng.random() < 0.15)
    if rng.random() < 0.15:
        pcm = in_a_room(pcm, rng)
    if rng.random() < 0.3:
        pcm = with_noise(pcm, rng)
    gain = 10.0 ** (rng.uniform(-12.0, 6.0) / 20.0)
    return np.clip(pcm * gain, -1.0, 1.0).astype(np.float32)


def mask_spectrum(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """SpecAugment (Park et al. 2019): a mask [B,1,mels,T] of ones with a band and a stretch of zeros per item."""
    batch, _, mels, frames = shape
    mask = np.ones((batch, 1, mels, frames), dtype=np.float32)
    for row in range(batch):
        width = int(rng.integers(0, mels // 5))
        start = int(rng.integers(0, mels - width))
        mask[row, :, start : start + width] = 0.0
        length = int(rng.integers(0, frames // 4))
        start = int(rng.integers(0, frames - length))
        mask[row, :, :, start : start + length] = 0.0
    return mask
