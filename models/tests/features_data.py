"""Utterances made on the spot: words tell the label, the other modalities a little of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from merclip.features.utterances import Utterances, in_spoken_order

SETTINGS: dict[str, Any] = {
    "id": "tiny",
    "model": {
        "dim": 16,
        "heads": 2,
        "feed": 16,
        "dropout": 0.0,
        "inputDropout": 0.0,
        "scale": 6.0,
        "order": ["text", "audio", "vision"],
        "context": {"text": 1, "audio": 0, "vision": 0},
        "normalise": {"text": "fold", "audio": "video", "vision": "video"},
    },
    "training": {
        "epochs": 12,
        "batch": 32,
        "lr": 1e-2,
        "warmup": 5,
        "weightDecay": 0.01,
        "exchange": {"text": 0.1},
        "drop": {"audio": 0.1, "vision": 0.1},
        "dropToken": 0.05,
        "loss": {"ordinal": 0.3, "polarity": 1.0, "smoothing": 0.05},
    },
}


def columns(videos: int, seed: int, prefix: str = "v") -> dict[str, np.ndarray]:
    """The arrays of an npz, sorted by label as the real file is."""
    rng = np.random.default_rng(seed)
    ids = [f"{prefix}{video}_{number}" for video in range(videos) for number in range(1, 9)]
    sentiment = np.round(rng.uniform(-3, 3, len(ids)), 1).astype(np.float32)
    directions = np.random.default_rng(5).standard_normal((3, 6))
    made = {
        key: (sentiment[:, None] * direction * strength + rng.standard_normal((len(ids), 6))).astype(np.float32)
        for key, direction, strength in zip(("text", "audio", "video"), directions, (1.0, 0.3, 0.3), strict=True)
    }
    order = np.argsort(sentiment < 0, kind="stable")
    content = {"ids": np.array(ids), "sentiment": sentiment, "positive": (sentiment >= 0).astype(np.int8), **made}
    return {key: value[order] for key, value in content.items()}


def write(path: Path, content: dict[str, np.ndarray]) -> Path:
    np.savez(path, **content)
    return path


def made(videos: int = 8, seed: int = 0) -> Utterances:
    content = columns(videos, seed)
    features = {"text": content["text"], "audio": content["audio"], "vision": content["video"]}
    return in_spoken_order([str(id) for id in content["ids"]], features, content["sentiment"], content["positive"])
