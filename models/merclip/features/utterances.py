"""CMU-MOSI as one vector an utterance and modality (Poria et al. 2017).

The file lists every positive utterance before the first negative one, so the order of its rows tells the label. The
number behind an id's last underscore says where in its video an utterance stands; that order is the only one used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

KEYS = {"text": "text", "audio": "audio", "vision": "video"}


@dataclass(frozen=True)
class Utterances:
    """N utterances, video after video, each in the order in which it was spoken.

    features {modality: [N,F] float32}, sentiment [N] -3..3 (NaN where nobody gave one), positive [N] bool."""

    ids: list[str]
    videos: np.ndarray
    features: dict[str, np.ndarray]
    sentiment: np.ndarray
    positive: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)


def place_of(id: str) -> tuple[str, int]:
    """``VIDEO_12`` -> its video and its place in it; raises ValueError naming an id that is written otherwise."""
    video, _, number = id.rpartition("_")
    if not video or not number.isdecimal():
        raise ValueError(f"ids: '{id}' is not written VIDEO_NUMBER")
    return video, int(number)


def in_spoken_order(
    ids: list[str], features: dict[str, np.ndarray], sentiment: np.ndarray, positive: np.ndarray
) -> Utterances:
    """Rows in any order -> Utterances. Raises ValueError for an id that comes twice."""
    if len(set(ids)) != len(ids):
        raise ValueError("ids: an utterance comes twice")
    places = [place_of(id) for id in ids]
    order = sorted(range(len(ids)), key=lambda row: places[row])
    return Utterances(
        [ids[row] for row in order],
        np.array([places[row][0] for row in order]),
        {name: rows[order].astype(np.float32) for name, rows in features.items()},
        sentiment[order].astype(np.float32),
        positive[order].astype(bool),
    )


def load_utterances(path: str | Path) -> Utterances:
    """Reads an npz with ids, text, audio, video, sentiment and positive; raises ValueError naming what is wrong."""
    with np.load(path, allow_pickle=False) as file:
        needed = ("ids", *KEYS.values(), "sentiment", "positive")
        missing = [key for key in needed if key not in file]
        if missing:
            raise ValueError(f"{path}: lacks {', '.join(missing)}; needed are {', '.join(needed)}")
        content = {key: file[key] for key in needed}
    count = len(content["ids"])
    for key, rows in content.items():
        wanted = 2 if key in KEYS.values() else 1
        if rows.ndim != wanted or len(rows) != count:
            raise ValueError(f"{path}: {key} is {rows.shape}; needed are {wanted} dimensions and {count} rows, as ids")
    for key in KEYS.values():
        if not np.isfinite(content[key]).all():
            raise ValueError(f"{path}: {key} holds values that are not finite")
    features = {name: content[key] for name, key in KEYS.items()}
    return in_spoken_order([str(id) for id in content["ids"]], features, content["sentiment"], content["positive"])


def joined(train: Utterances, test: Utterances) -> tuple[Utterances, np.ndarray, np.ndarray]:
    """Both parts as one, and the rows of either. Raises ValueError when a video is in both or their sizes differ."""
    both = sorted(set(train.videos) & set(test.videos))
    if both:
        raise ValueError(f"video '{both[0]}' is in both parts: {len(both)} videos in all; parts may share none")
    for name, rows in train.features.items():
        if rows.shape[1] != test.features[name].shape[1]:
            sizes = f"{rows.shape[1]} values in one part, {test.features[name].shape[1]} in the other"
            raise ValueError(f"{name} has {sizes}")
    whole = in_spoken_order(
        [*train.ids, *test.ids],
        {name: np.concatenate([rows, test.features[name]]) for name, rows in train.features.items()},
        np.concatenate([train.sentiment, test.sentiment]),
        np.concatenate([train.positive, test.positive]),
    )
    inside = np.isin(whole.videos, train.videos)
    return whole, np.flatnonzero(inside), np.flatnonzero(~inside)
