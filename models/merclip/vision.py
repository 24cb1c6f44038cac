"""Vision tower: one face crop to a few tokens, by a small residual network."""

from __future__ import annotations

import torch
from torch import nn


class ResidualBlock(nn.Module):
    """[B,C,H,W] -> [B,C',H/s,W/s] (He et al. 2016, basic block)."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.one = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm_one = nn.BatchNorm2d(outputs)
        self.two = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm_two = nn.BatchNorm2d(outputs)
        same = inputs == outputs and stride == 1
        self.skip = (
            nn.Identity()
            if same
            else nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.relu(self.norm_one(self.one(x)))
        return torch.relu(self.norm_two(self.two(y)) + self.skip(x))


class VisionTower(nn.Module):
    """faces [B,S,S,3] uint8 RGB -> tokens [B,4,d], one per quarter of the face.

    Colour is dropped (the training faces are grey) and each crop is standardised by its own mean and deviation, so
    that light matters little.
    """

    TOKENS = 4

    def __init__(self, dim: int, size: int = 48, widths: tuple[int, ...] = (32, 64, 128, 256), dropout: float = 0.2):
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
            ResidualBlock(first, first, 1),
            ResidualBlock(first, second, 2),
            ResidualBlock(second, second, 1),
            ResidualBlock(second, third, 2),
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
        x = self.blocks(self.stem((centred / deviation)[:, None]))
        x = self.pool(x).flatten(2).transpose(1, 2)
        return self.norm(self.project(self.dropout(x)))

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        return self.encode_grey((faces.to(torch.float32) * self.luma).sum(-1))
