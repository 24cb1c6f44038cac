"""Puts MER-CLIP together on CLIP's towers."""

from __future__ import annotations

import copy
from typing import Any

from ..label_encoder import LabelEncoder
from ..model import MerClip
from .audio import ClipAudioTower
from .published import published_clip, random_clip
from .text import ClipTextTower
from .tokenizer import ClipBpe
from .vision import ClipVisionTower
from .vit import ClipViT


def build_clip(config: dict[str, Any], name: str | None = None) -> tuple[MerClip, LabelEncoder | None]:
    """The model of a configuration and its label encoder.

    ``name`` is a folder with CLIP's published files, or what a hub calls them. Without it weights are random, and as
    the vocabulary is published with them, there is no tokenizer and so no label encoder over words: only
    ``model.text.pooled`` over token ids."""
    model = config["model"]
    text, vision = random_clip(model) if name is None else published_clip(name, model)
    dim, sound = model["dim"], model["audio"]
    vit = ClipViT(vision)
    # What CLIP knows of pictures is where hearing starts from.
    ear = copy.deepcopy(vit)
    towers = {
        "text": ClipTextTower(text, dim, model["text"]["tunedLayers"]),
        "audio": ClipAudioTower(ear, dim, sound["sampleRate"], sound["chunkSamples"], sound["mels"]),
        "vision": ClipVisionTower(vit, dim),
    }
    built = MerClip(model, towers)
    if name is None:
        return built, None
    return built, LabelEncoder(built.text, ClipBpe(name, model["text"]["maxTokens"], model["text"]["vocab"]))
