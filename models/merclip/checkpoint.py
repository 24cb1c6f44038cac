"""Checkpoints: everything a run needs to go on as if it had not been stopped. Written beside and renamed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch
from torch import nn

from .averaging import RunningAverage

# What is loaded from MiniLM and never changes.
FROZEN = ("embeddings.", "trunk.", "label_layers.")


def _is_frozen(key: str) -> bool:
    return any(key.startswith((f"encoder.{part}", f"text.{part}")) for part in FROZEN)


def trained_state(module: nn.Module, copy: bool = False) -> dict[str, torch.Tensor]:
    """The state of a model or tower without what is published and never changes; as it is now, or a copy of that."""
    state = module.state_dict()
    return {key: value.clone() if copy else value for key, value in state.items() if not _is_frozen(key)}


def save(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.part")
    torch.save(content, beside)
    os.replace(beside, path)


def progress(module: nn.Module, average: RunningAverage, optim: torch.optim.Optimizer, epoch: int) -> dict[str, Any]:
    """What a run needs besides the averaged weights to go on after ``epoch``. Call it before the average is applied."""
    return {
        "live": trained_state(module, copy=True),
        "updates": average.updates,
        "optimiser": optim.state_dict(),
        "epoch": epoch,
    }


def take_up(
    content: dict[str, Any], average: RunningAverage, averaged: dict[str, torch.Tensor], optim: torch.optim.Optimizer
) -> int:
    """Sets average and optimiser to where ``progress`` saw them; ``averaged``: the averaged weights. The next epoch."""
    average.values = {name: averaged[name].clone() for name in average.values}
    average.updates = content["updates"]
    optim.load_state_dict(content["optimiser"])
    return int(content["epoch"]) + 1


def _fill(path: Path, module: nn.Module, state: dict[str, torch.Tensor]) -> None:
    try:
        missing, unexpected = module.load_state_dict(state, strict=False)
    except RuntimeError as error:
        raise ValueError(f"{path}: does not fit this configuration; {str(error).splitlines()[-1].strip()}") from error
    missing = [key for key in missing if not _is_frozen(key)]
    if missing or unexpected:
        raise ValueError(f"{path}: does not fit this configuration; missing {missing[:3]}, unexpected {unexpected[:3]}")


def load_tower(path: Path, tower: nn.Module, state: str = "tower") -> dict[str, Any]:
    """Loads one tower and its head: the averaged weights ('tower') or those that training goes on from ('live').

    Returns the whole checkpoint. Raises ValueError when it is of another configuration."""
    content = torch.load(path, map_location="cpu", weights_only=True)
    _fill(path, tower, content[state])
    return content


def load_model(path: Path, model: nn.Module) -> dict[str, Any]:
    """Loads the trained state into a model that has MiniLM already; returns the whole checkpoint.

    Raises ValueError when it is of another configuration."""
    content = torch.load(path, map_location="cpu", weights_only=True)
    _fill(path, model, content["model"])
    return content
