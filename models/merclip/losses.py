"""Losses, one per kind of label set, and the contrast that draws a modality to its label's meaning."""

from __future__ import annotations

import torch
from torch import nn


def single_choice(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Cross-entropy against a distribution. logits, target [B,K] -> scalar."""
    return -(target * torch.log_softmax(logits.float(), dim=-1)).sum(-1).mean()


def multi_label(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy, summed over labels as a likelihood is, per item. logits, target [B,K] -> scalar."""
    return nn.functional.binary_cross_entropy_with_logits(logits.float(), target, reduction="none").sum(-1).mean()


def ordinal(logits: torch.Tensor, target: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """Cross-entropy plus L1 of the expectation. logits, target [B,K], values [K] -> scalar."""
    expected = (torch.softmax(logits.float(), dim=-1) * values).sum(-1)
    truth = (target * values).sum(-1)
    return single_choice(logits, target) + 0.5 * (expected - truth).abs().mean()


def dimensional(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Squared error of each dimension's place in 0..1, scaled to weigh as the others do. logits, target [B,K]."""
    return 20.0 * (torch.sigmoid(logits.float()) - target).square().mean()


def info_nce(pooled: torch.Tensor, labels: torch.Tensor, target: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """InfoNCE (van den Oord et al. 2018) of a modality's pooled embedding against label embeddings.

    pooled [B,d], labels [K,d], target [B,K] (rows are normalised; empty rows are left out) -> scalar."""
    similarity = nn.functional.normalize(pooled.float(), dim=-1) @ nn.functional.normalize(labels.float(), dim=-1).T
    mass = target.sum(-1)
    weights = target / mass.clamp(min=1e-6)[:, None]
    losses = -(weights * torch.log_softmax(scale * similarity, dim=-1)).sum(-1)
    return (losses * (mass > 0)).sum() / (mass > 0).sum().clamp(min=1)


def by_kind(kind: str, logits: torch.Tensor, target: torch.Tensor, values: torch.Tensor | None) -> torch.Tensor:
    """The loss of a label set of this kind. Raises ValueError for a kind without one."""
    if kind == "single":
        return single_choice(logits, target)
    if kind == "multi":
        return multi_label(logits, target)
    if kind == "dimensional":
        return dimensional(logits, target)
    if kind == "ordinal" and values is not None:
        return ordinal(logits, target, values)
    raise ValueError(f"no loss for label sets of kind '{kind}'")
