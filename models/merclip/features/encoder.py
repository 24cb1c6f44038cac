"""Encoder of one modality's features: a convolution over time into the shared space, and where each token stands."""

from __future__ import annotations

import torch
from torch import nn


class FeatureEncoder(nn.Module):
    """x [B,T,F], mask [B,T] -> tokens [B,T',d], mask [B,T'] int32; T' is T / stride, rounded up.

    With ``width`` and ``stride`` 1 each vector becomes a token by itself. ``length`` is the largest T'. Dropout
    takes a feature from the whole sequence. What lies under the mask is never read."""

    def __init__(self, size: int, dim: int, length: int, width: int = 1, stride: int = 1, dropout: float = 0.0):
        super().__init__()
        if width < 1 or width % 2 == 0 or stride < 1:
            raise ValueError(f"width is {width} and stride {stride}; allowed are odd widths and strides from 1")
        self.stride = stride
        self.dropout = nn.Dropout1d(dropout)
        self.conv = nn.Conv1d(size, dim, width, stride, width // 2)
        self.norm = nn.LayerNorm(dim)
        self.place = nn.Parameter(torch.randn(length, dim) * 0.3)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        clean = torch.where(mask[..., None] > 0, x, torch.zeros_like(x))
        tokens = self.norm(self.conv(self.dropout(clean.transpose(1, 2))).transpose(1, 2))
        weight = mask.to(x.dtype)[:, None]
        kept = nn.functional.max_pool1d(weight, self.stride, self.stride, ceil_mode=True)[:, 0]
        return tokens + self.place[: tokens.shape[1]], kept.to(torch.int32)
