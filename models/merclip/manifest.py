"""manifest.json of a release, and labels.bin beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from .calibrate import Calibration
from .label_sets import PROMPT, SHIPPED
from .runtime import Runtime
from .vision import VisionTower

FORMAT = 1


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_labels(runtime: Runtime, path: Path) -> dict[str, int]:
    """Embeddings of all shipped sets, float32 little-endian rows; returns the first row of each set."""
    offsets, rows = {}, 0
    parts = []
    for labels in SHIPPED:
        offsets[labels.id] = rows
        parts.append(runtime.embed(labels.prompts))
        rows += len(labels.prompts)
    path.write_bytes(np.concatenate(parts).astype("<f4").tobytes())
    return offsets


def _set_entry(labels: Any, offset: int, calibration: Calibration) -> dict[str, Any]:
    return {
        "id": labels.id,
        "kind": labels.kind,
        "labels": [
            {"name": label.name, "prompt": label.prompt, **({} if label.value is None else {"value": label.value})}
            for label in labels.labels
        ],
        "offset": offset,
        "hash": labels.hash,
        "temperature": calibration.temperature,
        "threshold": calibration.threshold,
    }


def build_manifest(
    config: dict[str, Any],
    folder: Path,
    tokens_per_chunk: int,
    offsets: dict[str, int],
    fitted: dict[str, Calibration],
    custom: Calibration,
    multi_threshold: float,
) -> dict[str, Any]:
    """The manifest of graphs that are already in ``folder``."""
    model, release = config["model"], config["release"]

    def graph(name: str) -> dict[str, str]:
        return {"file": f"{name}.onnx", "sha256": sha256(folder / f"{name}.onnx")}

    return {
        "format": FORMAT,
        "id": f"{config['id']}-{release['name']}",
        "version": release["version"],
        "tier": release["tier"],
        "licence": release["licence"],
        "dim": model["dim"],
        "labelDim": model["labelDim"],
        "text": {**graph("text"), "vocab": "vocab.txt", "lowercase": True, "maxTokens": model["text"]["maxTokens"]},
        "audio": {
            **graph("audio"),
            "sampleRate": model["audio"]["sampleRate"],
            "chunkSamples": model["audio"]["chunkSamples"],
            "tokensPerChunk": tokens_per_chunk,
            "maxChunks": model["audio"]["maxChunks"],
        },
        "vision": {
            **graph("vision"),
            "size": model["vision"]["size"],
            "tokensPerFace": VisionTower.TOKENS,
            "cropScale": model["vision"]["cropScale"],
            "cropRise": model["vision"].get("cropRise", 0),
            "maxFaces": model["vision"]["maxFaces"],
        },
        "fusion": graph("fusion"),
        "prompt": PROMPT,
        "labelSets": [_set_entry(labels, offsets[labels.id], fitted[labels.id]) for labels in SHIPPED],
        "defaultLabelSet": release["defaultLabelSet"],
        "sentimentLabelSet": release["sentimentLabelSet"],
        "custom": {"temperature": custom.temperature, "threshold": custom.threshold, "multiThreshold": multi_threshold},
    }
