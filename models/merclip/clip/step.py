"""One training step over all three modalities at once, with the losses of the compact model."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from ..decoder import MODALITIES
from ..losses import by_kind, info_nce
from ..model import MerClip
from ..schedule import optimiser
from ..stage_towers import tower_groups
from .batch import Batch


def clip_optimiser(model: MerClip, config: dict[str, Any]) -> torch.optim.AdamW:
    """All that training trains, at the rates that its two stages have."""
    groups = {}
    for name in MODALITIES:
        rates = tower_groups(model.tower(name), config["towers"][name]["lr"])
        groups |= {f"{name}-{group}": content for group, content in rates.items()}
    rates = config["fusion"]["lr"]
    for part, module in (("decoder", model.fusion.decoder), ("scale", model.fusion.prediction)):
        groups[part] = (rates[part], list(module.parameters()))
    return optimiser(groups, config["fusion"]["weightDecay"])


def encode(model: MerClip, batch: Batch) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """-> {modality: (tokens [B,N,d], mask [B,N])}."""
    faces = model.vision(batch.faces)
    return {
        "text": (model.text.tokens(batch.input_ids.to(torch.int64), batch.attention_mask), batch.attention_mask),
        "audio": model.audio(batch.pcm, batch.samples),
        "vision": (faces, torch.ones(faces.shape[:2], dtype=torch.int32)),
    }


def loss_of(model: MerClip, batch: Batch) -> torch.Tensor:
    """Cross-entropy on what the decoder says, and InfoNCE that draws each modality to its label's meaning."""
    inputs = encode(model, batch)
    loss = by_kind("single", model.fuse(inputs, batch.labels), batch.target, None)
    embedded = model.fusion.labels(batch.labels)
    for name in MODALITIES:
        head = model.heads[name]
        scale = head.prediction.log_scale.exp()
        loss = loss + info_nce(head.pool(*inputs[name]), embedded, batch.target, scale)
    return loss


def take_step(model: MerClip, optim: torch.optim.Optimizer, batch: Batch, clip: float) -> float:
    """Returns the loss before the step. ``clip``: the most that the gradient's norm may be."""
    model.train()
    loss = loss_of(model, batch)
    optim.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_([p for group in optim.param_groups for p in group["params"]], clip)
    optim.step()
    return loss.item()
