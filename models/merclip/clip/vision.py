"""Vision tower: a face crop to CLIP's tokens."""

from __future__ import annotations

import torch
from torch import nn

from .vit import ClipViT

# Of the pictures that CLIP was trained on (Radford et al. 2021), in 0..1 RGB.
MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)


class ClipVisionTower(nn.Module):
    """faces [B,S,S,3] uint8 RGB -> tokens [B,1+g*g,d]; scaling and normalisation are inside."""

    def __init__(self, vit: ClipViT, dim: int):
        super().__init__()
        self.vit = vit
        self.size = vit.size
        self.tokens_per_face = 1 + vit.grid**2
        self.project = nn.Linear(vit.projection.out_features, dim)
        self.norm = nn.LayerNorm(dim)
        self.register_buffer("scale", 1.0 / (255.0 * torch.tensor(DEVIATION)), persistent=False)
        self.register_buffer("shift", torch.tensor(MEAN) / torch.tensor(DEVIATION), persistent=False)

    @property
    def tuned_layers(self) -> ClipViT:
        """What was published and is tuned: it learns at a rate of its own."""
        return self.vit

    def pictures(self, faces: torch.Tensor) -> torch.Tensor:
        """[B,S,S,3] in 0..255 -> [B,3,S,S] as CLIP's own preprocessing gives them."""
        return (faces.to(torch.float32) * self.scale - self.shift).permute(0, 3, 1, 2)

    def encode_grey(self, grey: torch.Tensor) -> torch.Tensor:
        """Grey faces [B,s,s] in 0..255 of any size, as data sets have them -> tokens [B,1+g*g,d]."""
        size = (self.size, self.size)
        large = nn.functional.interpolate(grey[:, None], size=size, mode="bilinear", align_corners=False)
        return self(large.permute(0, 2, 3, 1).expand(-1, -1, -1, 3))

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        return self.norm(self.project(self.vit.encode(self.vit.embed(self.pictures(faces)))))
