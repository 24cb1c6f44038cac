"""A model small enough to train in a test, and data sets made on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from merclip.data.dataset import DataSet
from merclip.data.sources import Sources
from merclip.label_encoder import LabelEncoder
from merclip.label_sets import EMODB, FERPLUS, GOEMOTIONS
from merclip.model import MerClip
from merclip.tokenizer import Tokenizer

WORDS = [
    *"abcdefghijklmnopqrstuvwxyz",
    *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"),
    ".",
    ",",
    "!",
    "this",
    "person",
    "sounds",
    "and",
    "looks",
    "happy",
    "sad",
    "angry",
]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)


@pytest.fixture
def config() -> dict[str, Any]:
    text = {"goemotions": {"batches": 4, "size": 8, "shares": {"native": 0.5, "big6": 0.25, "sentiment": 0.25}}}
    audio = {"emodb": {"batches": 2, "size": 4, "shares": {"native": 1.0}}}
    vision = {"ferplus": {"batches": 2, "size": 8, "shares": {"native": 0.5, "vad": 0.5}}}
    tower = {"epochs": 2, "warmup": 2, "clip": 1.0, "average": 0.9, "weightDecay": 0.01}
    fresh = {"new": 1e-3, "scale": 1e-3}
    return {
        "id": "merclip-tiny",
        "seed": 3,
        "holdOut": 0.2,
        "model": {
            "dim": 16,
            "labelDim": 24,
            "text": {"layers": 2, "heads": 2, "intermediate": 32, "vocab": 100, "maxTokens": 24, "tunedLayers": 1},
            "audio": {
                "sampleRate": 16000,
                "chunkSamples": 16000,
                "mels": 64,
                "widths": [8, 8, 8, 8],
                "layers": 1,
                "heads": 2,
                "dropout": 0.1,
                "dropBlock": 0.1,
                "maxChunks": 12,
            },
            "vision": {"size": 48, "widths": [8, 8, 8, 8], "dropout": 0.1, "maxFaces": 24, "cropScale": 1.25},
            "decoder": {"heads": 2, "feed": 32, "dropout": 0.1, "order": ["text", "audio", "vision"]},
        },
        "towers": {
            "text": {**tower, "nceWeight": 0.5, "lr": {"published": 1e-3, **fresh}, "parts": text},
            "audio": {**tower, "mixup": 0.2, "lr": fresh, "parts": audio},
            "vision": {**tower, "mixup": 0.2, "lr": fresh, "parts": vision},
        },
        "fusion": {
            "epochs": 2,
            "maxRows": 40,
            "warmup": 2,
            "clip": 1.0,
            "average": 0.9,
            "lr": {"decoder": 1e-3, "labels": 1e-4, "scale": 1e-3},
            "weightDecay": 0.01,
            "variants": 2,
            "parts": {**text, **audio, **vision},
            "composed": {"batches": 3, "size": 8, "shares": {"big6": 0.7, "sentiment": 0.3}, "drop": 0.3, "clash": 0.2},
        },
        "release": {
            "name": "open",
            "tier": "open",
            "licence": "Apache-2.0",
            "version": "0.0.1",
            "defaultLabelSet": "big6",
            "sentimentLabelSet": "sentiment",
            "dimensionsLabelSet": "vad",
        },
    }


@pytest.fixture
def vocab(tmp_path: Path) -> Path:
    path = tmp_path / "vocab.txt"
    path.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]), encoding="utf-8")
    return path


def make_model(config: dict[str, Any], vocab: Path) -> tuple[MerClip, LabelEncoder]:
    """The same random weights each time."""
    torch.manual_seed(1)
    model = MerClip(config["model"]).eval()
    return model, LabelEncoder(model.text, Tokenizer(vocab, config["model"]["text"]["maxTokens"]))


@pytest.fixture
def model(config: dict[str, Any], vocab: Path) -> tuple[MerClip, LabelEncoder]:
    return make_model(config, vocab)


def _splits(count: int) -> np.ndarray:
    return np.array(["val" if i % 5 == 3 else "test" if i % 11 == 4 else "train" for i in range(count)])


@pytest.fixture
def sources() -> Sources:
    rng = np.random.default_rng(0)
    texts, text_concepts = [], []
    for i in range(80):
        concept = ("happiness", "sadness", "anger", "neutral")[i % 4]
        texts.append(
            " ".join([("happy", "sad", "angry", "a")[i % 4], *rng.choice(list("abcdefgh"), int(rng.integers(1, 9)))])
        )
        text_concepts.append({concept: 1.0} if i % 7 else {concept: 1.0, "surprise": 1.0})
    clips = [(8000 * np.sin(np.arange(6000 + 600 * i) * 0.01 * (1 + i % 7))).astype(np.int16) for i in range(42)]
    faces = rng.integers(0, 256, (48, 48, 48)).astype(np.uint8)
    return Sources(
        {
            "goemotions": DataSet(
                "goemotions", "text", "open", texts, _splits(80), text_concepts, GOEMOTIONS, np.arange(80)
            ),
            "emodb": DataSet(
                "emodb",
                "audio",
                "open",
                clips,
                _splits(42),
                [{EMODB.concepts[i % 7]: 1.0} for i in range(42)],
                EMODB,
                np.arange(42),
            ),
            "ferplus": DataSet(
                "ferplus",
                "vision",
                "open",
                faces,
                _splits(48),
                [{FERPLUS.concepts[i % 7]: 1.0} for i in range(48)],
                FERPLUS,
                np.arange(48),
            ),
        },
        "open",
        0.2,
    )
