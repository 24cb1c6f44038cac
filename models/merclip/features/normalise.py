"""Feature values brought to one scale, by training rows or by the utterance's own video; labels are never asked."""

from __future__ import annotations

import numpy as np

LIMIT = 4.0  # standard deviations beyond which a value is cut
WAYS = ("fold", "video")


def tamed(x: np.ndarray) -> np.ndarray:
    """Long tails drawn in: sign(x) log(1 + |x|)."""
    return np.sign(x) * np.log1p(np.abs(x))


def standardised(x: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """x [N,F] by mean and deviation of ``rows``; a value that hardly varies there is not blown up."""
    mean, deviation = x[rows].mean(0), x[rows].std(0)
    floor = 1e-3 * max(float(x[rows].std()), 1e-6)
    return np.clip((x - mean) / (deviation + floor), -LIMIT, LIMIT).astype(np.float32)


def relative_to_video(x: np.ndarray, videos: np.ndarray) -> np.ndarray:
    """x [N,F] by mean and deviation of the same video, so that a value says how this utterance differs from the rest
    of its speaker's and not who speaks. A tenth of the overall deviation keeps short videos from extremes."""
    result = np.empty_like(x)
    floor = 0.1 * x.std(0) + 1e-3
    for video in np.unique(videos):
        inside = videos == video
        result[inside] = (x[inside] - x[inside].mean(0)) / (x[inside].std(0) + floor)
    return result


def normalised(x: np.ndarray, videos: np.ndarray, rows: np.ndarray, way: str) -> np.ndarray:
    """Raises ValueError for a way that is not one of WAYS."""
    if way not in WAYS:
        raise ValueError(f"normalise names '{way}'; allowed are {', '.join(WAYS)}")
    return standardised(relative_to_video(tamed(x), videos) if way == "video" else tamed(x), rows)
