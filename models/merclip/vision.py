"""Vision tower: one face crop to a few tokens, by a small residual network."""

from __future__ import annotations

import torch
from torch import nn

from .residual import ResidualBlock


class VisionTower(nn.Module):
    """faces [B,S,S,3] uint8 RGB -> tokens [B,4,d], one per quarter of the face.

    Colour is dropped (the training faces are grey) and each crop is standardised by its own mean and deviation, so
    that light matters little.
    """

    TOKENS = 4

    def __init__(
        self,
        dim: int,
        size: int = 48,
        widths: tuple[int, ...] = (32, 64, 128, 256),
        dropout: float = 0.2,
        drop_block: float = 0.0,
    ):
        super().__init__()
        if size % 16 != 0:
            raise ValueError(f"vision.size is {size}; it must be a multiple of 16")
        self.size = size
        stem, first, second, third = widths
        self.stem = nn.Sequential(
            nn.Conv2d(1, stem, 3, 1, 1, bias=False),
            nn.BatchNorm2d(stem),
            nn.ReLU(),
        )
        self.blocks = nn.Sequential(
            ResidualBlock(stem, first, 2),
            ResidualBlock(first, first, 1, drop_block),
            ResidualBlock(first, second, 2),
            ResidualBlock(second, second, 1, drop_block),
            ResidualBlock(second, third, 2),
            ResidualBlock(third, third, 1, drop_block),
        )
        self.pool = nn.AvgPool2d(size // 16)
        self.dropout = nn.Dropout(dropout)
        self.project = nn.Linear(third, dim)
        self.norm = nn.LayerNorm(dim)
        self.register_buffer("luma", torch.tensor([0.299, 0.587, 0.114]), persistent=False)

    def encode_grey(self, grey: torch.Tensor) -> torch.Tensor:
        """grey [B,S,S] in 0..255 -> tokens [B,4,d]."""
        mean = grey.mean((1, 2), keepdim=True)
        centred = grey - mean
        deviation = torch.sqrt((centred * centred).mean((1, 2), keepdim=True) + 1.0)
        x = (centred / deviation)[:, None]
        x = self.blocks(self.stem(x))
        x = self.pool(x).flatten(2).transpose(1, 2)
        return self.norm(self.project(self.dropout(x)))

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        return self.encode_grey((faces.to(torch.float32) * self.luma).sum(-1))
