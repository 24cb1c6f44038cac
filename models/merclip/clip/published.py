"""CLIP's two transformers: with random weights from a configuration, or as published, from a folder or a hub."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import transformers
from transformers import CLIPTextConfig, CLIPTextModelWithProjection, CLIPVisionConfig, CLIPVisionModelWithProjection

Towers = tuple[CLIPTextModelWithProjection, CLIPVisionModelWithProjection]

# Attention written out, so that an additive mask does in the graphs what it does in training.
ATTENTION = "eager"


def _settings(part: dict[str, Any], joint: int) -> dict[str, Any]:
    """Names of a configuration's section -> names that transformers uses."""
    return {
        "hidden_size": part["width"],
        "num_hidden_layers": part["layers"],
        "num_attention_heads": part["heads"],
        "intermediate_size": part["feed"],
        "projection_dim": joint,
    }


def text_settings(model: dict[str, Any]) -> dict[str, Any]:
    text = model["text"]
    return {
        **_settings(text, model["labelDim"]),
        "vocab_size": text["vocab"],
        "max_position_embeddings": text["maxTokens"],
    }


def vision_settings(model: dict[str, Any]) -> dict[str, Any]:
    vision = model["vision"]
    return {
        **_settings(vision, model["labelDim"]),
        "image_size": vision["size"],
        "patch_size": vision["patch"],
    }


def random_clip(model: dict[str, Any]) -> Towers:
    """The transformers of a configuration with random weights. Needs no network."""
    vocab = model["text"]["vocab"]
    text = CLIPTextConfig(
        **text_settings(model), bos_token_id=vocab - 2, eos_token_id=vocab - 1, attn_implementation=ATTENTION
    )
    vision = CLIPVisionConfig(**vision_settings(model), attn_implementation=ATTENTION)
    return CLIPTextModelWithProjection(text), CLIPVisionModelWithProjection(vision)


def _load(kind: type, name: str) -> Any:
    """From a folder or the local cache if it is there, so that a hub is asked only for what is missing."""
    try:
        return kind.from_pretrained(name, local_files_only=True, attn_implementation=ATTENTION)
    except OSError:
        if Path(name).is_dir():
            raise
    return kind.from_pretrained(name, attn_implementation=ATTENTION)


def _check_fits(name: str, section: str, loaded: Any, wanted: dict[str, Any]) -> None:
    for key, value in wanted.items():
        found = getattr(loaded.config, key)
        if found != value:
            raise ValueError(f"{name}: {key} of its {section} model is {found}; the configuration says {value}")


def published_clip(name: str, model: dict[str, Any]) -> Towers:
    """The published transformers. ``name``: a folder, or what a hub calls the model.

    Raises FileNotFoundError saying which command brings them, ValueError when they do not fit the configuration."""
    transformers.logging.set_verbosity_error()  # else every weight of the other transformer is reported as unused
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    try:
        text, vision = _load(CLIPTextModelWithProjection, name), _load(CLIPVisionModelWithProjection, name)
    except OSError as error:
        folder = Path(name).is_dir()
        where = "the folder has no CLIP weights" if folder else "neither in the local cache nor on a hub in reach"
        hub = model["clip"] if folder else name
        raise FileNotFoundError(
            f"{name}: {where}; where a hub is in reach run `hf download {hub} --local-dir DIR`, then give `--clip DIR`"
        ) from error
    _check_fits(name, "text", text, text_settings(model))
    _check_fits(name, "vision", vision, vision_settings(model))
    return text, vision
