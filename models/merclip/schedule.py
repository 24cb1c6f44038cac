"""Optimiser and learning rate, the same for both stages."""

from __future__ import annotations

import math

import torch
from torch import nn


def optimiser(groups: dict[str, tuple[float, list[nn.Parameter]]], decay: float) -> torch.optim.AdamW:
    """AdamW over named groups {name: (learning rate, parameters)}; vectors and scalars are not decayed."""
    built = []
    for name, (rate, parameters) in groups.items():
        chosen = [p for p in parameters if p.requires_grad]
        for suffix, keep, weight in (
            ("", [p for p in chosen if p.ndim > 1], decay),
            ("-plain", [p for p in chosen if p.ndim <= 1], 0.0),
        ):
            if keep:
                built.append({"name": name + suffix, "params": keep, "lr": rate, "peak": rate, "weight_decay": weight})
    return torch.optim.AdamW(built, betas=(0.9, 0.98))


def set_rate(optim: torch.optim.Optimizer, step: int, steps: int, warmup: int) -> float:
    """Linear warm-up, then a cosine to a hundredth. Returns the factor."""
    if step < warmup:
        factor = (step + 1) / warmup
    else:
        share = min(1.0, (step - warmup) / max(1, steps - warmup))
        factor = 0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * share))
    for group in optim.param_groups:
        group["lr"] = group["peak"] * factor
    return factor
