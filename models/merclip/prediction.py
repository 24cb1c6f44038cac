"""Label-guided prediction: how near each refined query still is to what its label means."""

from __future__ import annotations

import math

import torch
from torch import nn

MASKED = -1e4


class LabelProjection(nn.Module):
    """Label embeddings [...,e] -> the shared space [...,d]: centred, then turned by a matrix.

    ``place`` sets both from the label encoder's words; see ``label_space``. Until then it is a random turn."""

    def __init__(self, label_dim: int, dim: int):
        super().__init__()
        self.register_buffer("centre", torch.zeros(label_dim))
        self.linear = nn.Linear(label_dim, dim, bias=False)

    @torch.no_grad()
    def place(self, centre: torch.Tensor, matrix: torch.Tensor) -> None:
        """centre [e] and matrix [d,e]."""
        self.centre.copy_(centre)
        self.linear.weight.copy_(matrix)

    def forward(self, labels: torch.Tensor) -> torch.Tensor:
        return self.linear(labels - self.centre)


class CosinePrediction(nn.Module):
    """scale x cosine + bias of queries [B,K,d] and projected labels [B,K,d] -> logits [B,K].

    The bias is one number for all labels: it moves sigmoid scores (SigLIP, Zhai et al. 2023) and leaves softmax alone.
    """

    def __init__(self, scale: float = 12.0, bias: float = -3.0):
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(math.log(scale)))
        self.bias = nn.Parameter(torch.tensor(bias))

    def scaled(self, cosine: torch.Tensor) -> torch.Tensor:
        return self.log_scale.clamp(max=math.log(100.0)).exp() * cosine + self.bias

    def forward(self, queries: torch.Tensor, labels: torch.Tensor, label_mask: torch.Tensor) -> torch.Tensor:
        cosine = (nn.functional.normalize(queries, dim=-1) * nn.functional.normalize(labels, dim=-1)).sum(-1)
        logits = self.scaled(cosine)
        return torch.where(label_mask > 0, logits, torch.full_like(logits, MASKED))
