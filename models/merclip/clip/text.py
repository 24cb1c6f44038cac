"""Text tower and label encoder on CLIP's text transformer.

As in the compact model, the published layers stay frozen and give the pooled embedding that labels live in; a tuned
copy of the last of them gives the token sequence that the decoder reads.
"""

from __future__ import annotations

import copy

import torch
from torch import nn
from transformers import CLIPTextModelWithProjection


class LastLayers(nn.Module):
    """The end of CLIP's text transformer: [B,L,w] and an additive mask [1,1,L,L] -> [B,L,p] in the shared space."""

    def __init__(self, layers: list[nn.Module], norm: nn.Module, projection: nn.Module):
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.norm = norm
        self.projection = projection

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = layer(x, bias)
        return self.projection(self.norm(x))


class ClipTextTower(nn.Module):
    """Token ids [B,L], mask [B,L] -> tokens [B,L,d] and pooled [B,p] (CLIP's text embedding, L2-normalised).

    Padding comes last. Attention looks back only, so padding touches nothing before it, and the last valid token, the
    end of text, is the one that CLIP pools. Takes the model it is given apart: its parts live on in here."""

    def __init__(self, clip: CLIPTextModelWithProjection, dim: int, tuned_layers: int):
        super().__init__()
        body = clip.text_model
        layers = list(body.encoder.layers)
        if not 0 <= tuned_layers <= len(layers):
            raise ValueError(f"text.tunedLayers is {tuned_layers}; allowed are 0 to {len(layers)}")
        shared = len(layers) - tuned_layers
        self.embeddings = body.embeddings
        self.trunk = nn.ModuleList(layers[:shared])
        self.label_layers = LastLayers(layers[shared:], body.final_layer_norm, clip.text_projection)
        self.tuned_layers = copy.deepcopy(self.label_layers)
        self.project = nn.Linear(clip.config.projection_dim, dim)
        self.norm = nn.LayerNorm(dim)
        places = clip.config.max_position_embeddings
        self.register_buffer("ahead", torch.full((1, 1, places, places), -1e4).triu(1), persistent=False)
        for module in (self.embeddings, self.trunk, self.label_layers):
            module.requires_grad_(False)

    def _shared(self, ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        bias = self.ahead[:, :, : ids.shape[1], : ids.shape[1]]
        x = self.embeddings(ids)
        for layer in self.trunk:
            x = layer(x, bias)
        return x, bias

    def _tokens(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        return self.norm(self.project(self.tuned_layers(x, bias)))

    def _pooled(self, x: torch.Tensor, bias: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        vectors = self.label_layers(x, bias)
        end = mask.to(torch.int64).sum(1).clamp(min=1) - 1
        pooled = vectors.gather(1, end[:, None, None].expand(-1, 1, vectors.shape[-1]))[:, 0]
        return nn.functional.normalize(pooled, dim=-1)

    def tokens(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """-> [B,L,d]. No gradient reaches the shared trunk."""
        with torch.no_grad():
            x, bias = self._shared(ids)
        return self._tokens(x, bias)

    @torch.no_grad()
    def pooled(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """-> [B,p], the label encoder."""
        x, bias = self._shared(ids)
        return self._pooled(x, bias, mask)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x, bias = self._shared(ids)
        return self._tokens(x, bias), self._pooled(x, bias, mask)
