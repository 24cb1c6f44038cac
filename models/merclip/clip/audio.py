"""Audio tower: a chunk of sound as a picture of its log-mel energies, read by a copy of CLIP's vision transformer."""

from __future__ import annotations

import torch
from torch import nn

from ..logmel import LogMel
from .patches import PatchEmbedding
from .vit import ClipViT


def stretch(source: int, target: int) -> torch.Tensor:
    """[target,source]: bilinear resizing along one axis, as a matrix (half-pixel centres, edges held)."""
    places = ((torch.arange(target, dtype=torch.float64) + 0.5) * source / target - 0.5).clamp(0, source - 1)
    return (1.0 - (places[:, None] - torch.arange(source)).abs()).clamp(min=0.0).float()


class ClipAudioTower(nn.Module):
    """pcm [B,N] float in -1..1 (one chunk, zero-padded), samples [B] -> tokens [B,1+g*g,d], token_mask int32.

    Time runs to the right and pitch upwards, as spectrograms are drawn. The tokens come in the order of time: the
    class token, then the patches column by column, so that those that padding masks are the last.
    """

    def __init__(self, vit: ClipViT, dim: int, rate: int, chunk: int, mels: int):
        super().__init__()
        self.chunk = chunk
        self.logmel = LogMel(rate=rate, mels=mels)
        self.vit = vit
        # A grey picture has three equal channels: the kernels of the three add up to one.
        patches = vit.embeddings.patch_embedding
        vit.embeddings.patch_embedding = PatchEmbedding(patches.weight.sum(1, keepdim=True), vit.grid)
        self.project = nn.Linear(vit.projection.out_features, dim)
        self.norm = nn.LayerNorm(dim)
        grid = vit.grid
        self.tokens_per_chunk = 1 + grid**2
        self.register_buffer("up", stretch(mels, vit.size).flip(0).T.contiguous(), persistent=False)
        self.register_buffer("along", stretch(chunk // self.logmel.hop, vit.size).T.contiguous(), persistent=False)
        by_time = torch.cat([torch.zeros(1), 1 + torch.arange(grid**2).reshape(grid, grid).T.flatten()])
        self.register_buffer("by_time", by_time.to(torch.int64), persistent=False)
        column = torch.cat([torch.zeros(1), torch.arange(grid).repeat_interleave(grid)])
        self.register_buffer("starts", (column * chunk / grid).to(torch.int32), persistent=False)

    @property
    def tuned_layers(self) -> ClipViT:
        """What was published and is tuned: it learns at a rate of its own."""
        return self.vit

    def spectrum(self, pcm: torch.Tensor, samples: torch.Tensor) -> torch.Tensor:
        """-> picture [B,1,S,S], about zero mean and unit deviation over speech; 0 where the chunk is padding."""
        logs, mask = self.logmel(pcm, samples)
        wide = ((logs + 4.0) / 4.0 * mask) @ self.along
        return (wide.transpose(1, 2) @ self.up).transpose(1, 2)[:, None]

    def encode_spectrum(self, picture: torch.Tensor, samples: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = self.vit.embed(picture).index_select(1, self.by_time)
        # The first column always counts: a chunk has at least one.
        mask = (self.starts[None] < samples[:, None].clamp(min=1)).to(torch.int32)
        bias = (1.0 - mask.to(torch.float32))[:, None, None, :] * -1e4
        return self.norm(self.project(self.vit.encode(x, bias))), mask

    def forward(self, pcm: torch.Tensor, samples: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.encode_spectrum(self.spectrum(pcm, samples), samples)
