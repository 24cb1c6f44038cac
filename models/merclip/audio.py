"""Audio tower: sound in chunks of a second or two, so that it is encoded while the person still speaks."""

from __future__ import annotations

import torch
from torch import nn

from .logmel import LogMel
from .residual import ResidualBlock


class MaskedLayer(nn.Module):
    """Pre-norm transformer layer over the tokens of a chunk. [B,T,d], mask [B,T] -> [B,T,d]."""

    def __init__(self, dim: int, heads: int, dropout: float):
        super().__init__()
        self.heads = heads
        self.norm_one = nn.LayerNorm(dim)
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)
        self.norm_two = nn.LayerNorm(dim)
        self.feed = nn.Sequential(nn.Linear(dim, 2 * dim), nn.GELU(), nn.Dropout(dropout), nn.Linear(2 * dim, dim))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        size = x.shape[-1] // self.heads
        q, k, v = (
            part.unflatten(-1, (self.heads, size)).transpose(1, 2) for part in self.qkv(self.norm_one(x)).chunk(3, -1)
        )
        weights = torch.softmax(q @ k.transpose(-1, -2) * size**-0.5 + bias, dim=-1)
        x = x + self.dropout(self.out((weights @ v).transpose(1, 2).flatten(2)))
        return x + self.dropout(self.feed(self.norm_two(x)))


class AudioTower(nn.Module):
    """pcm [B,N] float in -1..1 (one chunk, zero-padded), samples [B] -> tokens [B,Ta,d], token_mask [B,Ta] int32.

    Loudness is normalised by constants and, in a second channel, by the mean of the chunk's own valid frames: nothing
    beyond the chunk is needed.
    """

    def __init__(
        self,
        dim: int,
        rate: int = 16000,
        chunk: int = 16000,
        mels: int = 64,
        widths: tuple[int, int, int, int] = (32, 64, 128, 192),
        layers: int = 2,
        heads: int = 4,
        dropout: float = 0.1,
        drop_block: float = 0.0,
    ):
        super().__init__()
        self.chunk = chunk
        self.logmel = LogMel(rate=rate, mels=mels)
        first, second, third, fourth = widths
        self.stem = nn.Conv2d(2, first, 3, (2, 2), 1, bias=False)
        self.stem_norm = nn.BatchNorm2d(first)
        self.blocks = nn.Sequential(
            ResidualBlock(first, second, (2, 2)),
            ResidualBlock(second, second, 1, drop_block),
            ResidualBlock(second, third, (2, 2)),
            ResidualBlock(third, third, 1, drop_block),
            ResidualBlock(third, fourth, (2, 1)),
        )
        frames = chunk // self.logmel.hop
        self.tokens_per_chunk = -(-frames // 8)
        self.samples_per_token = self.logmel.hop * 8
        self.flat = nn.Linear(fourth * (mels // 16), dim)
        self.place = nn.Parameter(torch.randn(self.tokens_per_chunk, dim) * 0.02)
        self.layers = nn.ModuleList(MaskedLayer(dim, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(dim)
        self.dropout = nn.Dropout(dropout)

    def spectrum(self, pcm: torch.Tensor, samples: torch.Tensor) -> torch.Tensor:
        """-> [B,2,mels,T]: log-mel by constants, and relative to the chunk's mean."""
        logs, mask = self.logmel(pcm, samples)
        count = mask.sum(-1, keepdim=True).clamp(min=1.0)
        mean = (logs * mask).sum(-1, keepdim=True) / count
        return torch.stack([(logs + 4.0) / 4.0 * mask, (logs - mean) / 3.0 * mask], dim=1)

    def encode_spectrum(self, x: torch.Tensor, samples: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = torch.relu(self.stem_norm(self.stem(x)))
        x = self.blocks(x)
        x = self.dropout(self.flat(x.flatten(1, 2).transpose(1, 2))) + self.place
        starts = torch.arange(self.tokens_per_chunk, device=samples.device) * self.samples_per_token
        # The first token always counts: a chunk has at least one.
        mask = (starts[None] < samples[:, None].clamp(min=1)).to(torch.int32)
        bias = (1.0 - mask.to(torch.float32))[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return self.norm(x), mask

    def forward(self, pcm: torch.Tensor, samples: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.encode_spectrum(self.spectrum(pcm, samples), samples)
