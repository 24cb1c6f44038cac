"""Checkpoints: everything a run needs to go on as if it had not been stopped. Written beside and renamed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from .model import MerClip


def trained_state(model: MerClip) -> dict[str, torch.Tensor]:
    """The state without what is loaded from MiniLM and never changes."""
    frozen = ("text.embeddings.", "text.trunk.", "text.label_layers.")
    return {key: value for key, value in model.state_dict().items() if not key.startswith(frozen)}


def save(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.part")
    torch.save(content, beside)
    os.replace(beside, path)


def load_model(path: Path, model: MerClip) -> dict[str, Any]:
    """Loads the trained state into a model that has MiniLM already; returns the whole checkpoint.

    Raises ValueError when it is of another configuration."""
    content = torch.load(path, map_location="cpu", weights_only=True)
    try:
        missing, unexpected = model.load_state_dict(content["model"], strict=False)
    except RuntimeError as error:
        raise ValueError(f"{path}: does not fit this configuration; {str(error).splitlines()[-1].strip()}") from error
    missing = [k for k in missing if not k.startswith(("text.embeddings.", "text.trunk.", "text.label_layers."))]
    if missing or unexpected:
        raise ValueError(f"{path}: does not fit this configuration; missing {missing[:3]}, unexpected {unexpected[:3]}")
    return content
