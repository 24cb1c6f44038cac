"""Contrast between modalities of the same utterance, for ablation: two losses from MER-CLIP's neighbours.

Both take {modality: (tokens [B,N,d], mask [B,N])} and compare the means of tokens; a row that lacks either modality of
a pair counts for nothing there."""

from __future__ import annotations

from itertools import combinations

import torch
from torch import nn

TEMPERATURE = 0.1
HARDEST = 8  # negatives kept per utterance


def pooled(tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """tokens [B,N,d], mask [B,N] -> unit vectors [B,d]; zero where nothing is there."""
    weight = mask.to(tokens.dtype)[..., None]
    mean = (tokens * weight).sum(1) / weight.sum(1).clamp(min=1.0)
    return nn.functional.normalize(mean, dim=-1)


def _pairs(
    inputs: dict[str, tuple[torch.Tensor, torch.Tensor]],
) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Similarities / temperature [b,b] of each pair of modalities, and the rows [b] that have both."""
    vectors = {name: pooled(*pair) for name, pair in inputs.items()}
    there = {name: mask.amax(1) > 0 for name, (_, mask) in inputs.items()}
    found = []
    for one, other in combinations(vectors, 2):
        rows = (there[one] & there[other]).nonzero()[:, 0]
        found.append((vectors[one][rows] @ vectors[other][rows].T / TEMPERATURE, rows))
    return found


def balanced_contrast(inputs: dict[str, tuple[torch.Tensor, torch.Tensor]]) -> torch.Tensor:
    """InfoNCE in both directions over every pair of modalities, all pairs weighing alike (after Synergy-CLIP)."""
    losses = []
    for similarity, rows in _pairs(inputs):
        if len(rows) > 1:
            own = torch.arange(len(rows), device=similarity.device)
            losses += [nn.functional.cross_entropy(side, own) for side in (similarity, similarity.T)]
    return torch.stack(losses).mean() if losses else next(iter(inputs.values()))[0].sum() * 0.0


def hard_negative_contrast(
    inputs: dict[str, tuple[torch.Tensor, torch.Tensor]], positive: torch.Tensor
) -> torch.Tensor:
    """The same against the HARDEST negatives alone, where an utterance of the same polarity is no negative (after
    UniME, which finds false negatives by similarity). positive [B] bool."""
    losses = []
    for similarity, rows in _pairs(inputs):
        if len(rows) < 2:
            continue
        same = positive[rows][:, None] == positive[rows][None]
        for side in (similarity, similarity.T):
            negative = side.masked_fill(same, -1e4).topk(min(HARDEST, len(rows)), dim=1).values
            logits = torch.cat([side.diagonal()[:, None], negative], dim=1)
            losses.append((torch.logsumexp(logits, dim=1) - logits[:, 0]).mean())
    return torch.stack(losses).mean() if losses else next(iter(inputs.values()))[0].sum() * 0.0
