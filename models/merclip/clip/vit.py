"""CLIP's vision transformer, giving all of its tokens in the space that CLIP shares with text."""

from __future__ import annotations

import torch
from torch import nn
from transformers import CLIPVisionModelWithProjection

from .patches import PatchEmbedding


class ClipViT(nn.Module):
    """Pictures [B,C,S,S] -> tokens [B,1+g*g,p]: the class token, then the patches row by row.

    CLIP projects its class token alone; here the same norm and projection go over every token. Takes the model it is
    given apart: its parts live on in here."""

    def __init__(self, clip: CLIPVisionModelWithProjection):
        super().__init__()
        body = clip.vision_model
        self.size = clip.config.image_size
        self.grid = self.size // clip.config.patch_size
        self.embeddings = body.embeddings
        self.embeddings.patch_embedding = PatchEmbedding(self.embeddings.patch_embedding.weight, self.grid)
        self.pre_norm = body.pre_layrnorm
        self.layers = body.encoder.layers
        self.post_norm = body.post_layernorm
        self.projection = clip.visual_projection

    def embed(self, pictures: torch.Tensor) -> torch.Tensor:
        """-> [B,1+g*g,w], with the places that CLIP learned."""
        return self.embeddings(pictures)

    def encode(self, x: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
        """Embedded tokens [B,N,w] in any order and an additive mask [B,1,1,N] -> [B,N,p]."""
        x = self.pre_norm(x)
        for layer in self.layers:
            x = layer(x, bias)
        return self.projection(self.post_norm(x))
