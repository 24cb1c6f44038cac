"""manifest.json of a release, and labels.bin beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from .calibrate import Calibration
from .concepts import ALIASES, WORDINGS, concept_of
from .label_sets import PROMPT, LabelSet, prompt_for
from .runtime import Runtime
from .vision import VisionTower

FORMAT = 1


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_labels(runtime: Runtime, sets: list[LabelSet], path: Path) -> dict[str, int]:
    """Embeddings of all shipped sets, float32 little-endian rows; returns the first row of each set."""
    offsets, rows = {}, 0
    parts = []
    for labels in sets:
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
            {
                "name": label.name,
                "prompt": label.prompt,
                **({} if label.value is None else {"value": label.value}),
                **({} if calibration.thresholds is None else {"threshold": calibration.thresholds[place]}),
            }
            for place, label in enumerate(labels.labels)
        ],
        "offset": offset,
        "hash": labels.hash,
        "temperature": calibration.temperature,
        "threshold": calibration.threshold,
    }


def known_prompts() -> dict[str, str]:
    """Names of labels, and the prompt that says them as training heard them; names that say themselves are left out."""
    names = {name: WORDINGS[concept_of(name)][0] for name in sorted({*WORDINGS, *ALIASES})}
    return {name: prompt_for(wording) for name, wording in names.items() if wording != name}


def build_manifest(
    config: dict[str, Any],
    folder: Path,
    tokens_per_chunk: int,
    sets: list[LabelSet],
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
        "text": {
            **graph("text"),
            "vocab": "vocab.txt",
            "lowercase": True,
            "maxTokens": model["text"]["maxTokens"],
            "contextTurns": model["text"].get("contextTurns", 0),
        },
        "label": {**graph("label"), "maxTokens": model["text"]["maxTokens"]},
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
        "prompts": known_prompts(),
        "labelSets": [_set_entry(labels, offsets[labels.id], fitted[labels.id]) for labels in sets],
        "defaultLabelSet": release["defaultLabelSet"],
        "sentimentLabelSet": release["sentimentLabelSet"],
        "dimensionsLabelSet": release["dimensionsLabelSet"],
        "custom": {"temperature": custom.temperature, "threshold": custom.threshold, "multiThreshold": multi_threshold},
    }
