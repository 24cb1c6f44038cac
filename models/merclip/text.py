"""Text tower and the body of the label encoder, on one trunk.

The word embeddings of MiniLM, and the layers that are not tuned, are shared and frozen. Above them the published layers
stay as they are and give the pooled sentence vector that the label encoder uses, so the label space never drifts while
the model trains; a tuned copy of the same layers gives the token sequence that the decoder reads.
"""

from __future__ import annotations

import copy
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from .minilm import LAYER_KEYS, BertEmbeddings, BertLayer, additive_mask


class TextTower(nn.Module):
    """Token ids [B,L], mask [B,L] -> tokens [B,L,d] and pooled [B,e] (L2-normalised masked mean)."""

    def __init__(
        self,
        dim: int,
        hidden: int = 384,
        layers: int = 6,
        heads: int = 12,
        intermediate: int = 1536,
        vocab: int = 30522,
        positions: int = 512,
        tuned_layers: int = 3,
    ):
        super().__init__()
        if not 0 <= tuned_layers <= layers:
            raise ValueError(f"text.tunedLayers is {tuned_layers}; allowed are 0 to {layers}")
        self.embeddings = BertEmbeddings(vocab, hidden, positions)
        self.trunk = nn.ModuleList(BertLayer(hidden, heads, intermediate) for _ in range(layers - tuned_layers))
        self.label_layers = nn.ModuleList(BertLayer(hidden, heads, intermediate) for _ in range(tuned_layers))
        self.tuned_layers = copy.deepcopy(self.label_layers)
        self.project = nn.Linear(hidden, dim)
        self.norm = nn.LayerNorm(dim)
        self.freeze()

    def freeze(self) -> None:
        """Freezes everything the label encoder uses."""
        for module in (self.embeddings, self.trunk, self.label_layers):
            module.requires_grad_(False)

    def load_minilm(self, folder: Path) -> None:
        """Loads the published weights into trunk, label layers and the tuned copy."""
        published = load_file(folder / "model.safetensors")
        published = {key.removeprefix("bert."): value for key, value in published.items()}
        own = {
            f"embeddings.{key.removeprefix('embeddings.')}": value
            for key, value in published.items()
            if key.startswith("embeddings.") and not key.endswith("position_ids")
        }
        shared = len(self.trunk)
        for layer in range(shared + len(self.label_layers)):
            homes = (
                [f"trunk.{layer}"]
                if layer < shared
                else [f"label_layers.{layer - shared}", f"tuned_layers.{layer - shared}"]
            )
            for theirs, ours in LAYER_KEYS.items():
                for part in ("weight", "bias"):
                    for home in homes:
                        own[f"{home}.{ours}.{part}"] = published[f"encoder.layer.{layer}.{theirs}.{part}"]
        missing, unexpected = self.load_state_dict(own, strict=False)
        missing = [key for key in missing if not key.startswith(("project.", "norm."))]
        if missing or unexpected:
            raise ValueError(f"{folder}: weights do not fit; missing {missing}, unexpected {unexpected}")

    def train(self, mode: bool = True) -> TextTower:
        super().train(mode)
        for module in (self.embeddings, self.trunk, self.label_layers):
            module.eval()
        return self

    def _shared(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        bias = additive_mask(mask)
        x = self.embeddings(ids)
        for layer in self.trunk:
            x = layer(x, bias)
        return x, bias

    def tokens(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """-> [B,L,d]. No gradient reaches the shared trunk."""
        with torch.no_grad():
            x, bias = self._shared(ids, mask)
        for layer in self.tuned_layers:
            x = layer(x, bias)
        return self.norm(self.project(x))

    @torch.no_grad()
    def pooled(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """-> [B,e], the sentence vector of the published model."""
        x, bias = self._shared(ids, mask)
        for layer in self.label_layers:
            x = layer(x, bias)
        weight = mask.to(x.dtype)[..., None]
        mean = (x * weight).sum(1) / weight.sum(1).clamp(min=1e-9)
        return nn.functional.normalize(mean, dim=-1)
