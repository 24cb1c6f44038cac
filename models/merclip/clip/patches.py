"""Patch embedding as one matrix product: GPU providers search for a convolution's algorithm, a product just runs."""

from __future__ import annotations

import torch
from torch import nn


class PatchEmbedding(nn.Module):
    """Pictures [B,C,S,S] -> [B,w,g,g], with g = S / P. Does what a convolution with stride P and this kernel does.

    ``weight`` [w,C,P,P] keeps the shape of the kernel, so published weights load as they are."""

    def __init__(self, weight: torch.Tensor, grid: int):
        super().__init__()
        self.weight = nn.Parameter(weight.detach().clone())
        self.grid = grid

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        _, channels, side, _ = self.weight.shape
        # Sizes are written out, all but the batch: a traced graph would hold the example's batch otherwise.
        cut = pictures.reshape(-1, channels, self.grid, side, self.grid, side).permute(0, 2, 4, 1, 3, 5)
        patches = cut.reshape(-1, self.grid, self.grid, channels * side * side)
        return (patches @ self.weight.flatten(1).T).permute(0, 3, 1, 2)
