"""MER-CLIP with encoders of ready-made features: label encoder, sequential decoder and guided prediction as ever."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from ..decoder import CrossModalDecoder
from ..label_space import fit_projection
from ..prediction import CosinePrediction, LabelProjection
from .encoder import FeatureEncoder

Sequences = dict[str, tuple[torch.Tensor, torch.Tensor]]


class FeatureModel(nn.Module):
    """Sequences {modality: (x [B,T,F], mask [B,T])} and label embeddings [K,e] -> logits [B,K].

    ``values`` [K] is the sentiment that each label stands for. The parts may be exchanged for those of ``variants``."""

    def __init__(
        self,
        encoders: dict[str, FeatureEncoder],
        labels: nn.Module,
        decoder: nn.Module,
        prediction: nn.Module,
        values: torch.Tensor,
    ):
        super().__init__()
        self.encoders = nn.ModuleDict(encoders)
        self.labels = labels
        self.decoder = decoder
        self.prediction = prediction
        self.register_buffer("values", values)
        self.gain = nn.Parameter(torch.tensor(1.0))
        self.offset = nn.Parameter(torch.tensor(0.0))

    def encode(self, inputs: Sequences) -> Sequences:
        """-> {modality: (tokens [B,T',d], mask [B,T'])}."""
        return {name: self.encoders[name](*inputs[name]) for name in self.encoders}

    def read(self, tokens: Sequences, labels: torch.Tensor) -> torch.Tensor:
        batch = next(iter(tokens.values()))[0].shape[0]
        embedded = self.labels(labels)[None].expand(batch, -1, -1)
        mask = torch.ones(embedded.shape[:2], dtype=torch.int32, device=labels.device)
        return self.prediction(self.decoder(embedded, mask, tokens), embedded, mask)

    def forward(self, inputs: Sequences, labels: torch.Tensor) -> torch.Tensor:
        return self.read(self.encode(inputs), labels)

    def sentiment(self, logits: torch.Tensor) -> torch.Tensor:
        """logits [B,K] -> expectation [B] over the labels' values."""
        return (torch.softmax(logits.float(), dim=-1) * self.values).sum(-1)

    def polarity(self, sentiment: torch.Tensor) -> torch.Tensor:
        """sentiment [B] -> logit [B] of its being at least 0: a line fitted with the rest."""
        return self.gain * sentiment + self.offset


def placed_labels(labels: torch.Tensor, dim: int) -> LabelProjection:
    """The projection of label embeddings [K,e] into the shared space, starting where these labels stand apart."""
    projection = LabelProjection(labels.shape[1], dim)
    projection.place(labels.mean(0), fit_projection(labels[None], dim))
    return projection


def feature_encoders(
    model: dict[str, Any], sizes: dict[str, int], lengths: dict[str, int]
) -> dict[str, FeatureEncoder]:
    """``model`` is that section of a configuration; sizes and lengths of the modalities that are there."""
    encoders = {}
    for name, size in sizes.items():
        stride = int(model.get("stride", {}).get(name, 1))
        encoders[name] = FeatureEncoder(
            size,
            model["dim"],
            -(-lengths[name] // stride),
            int(model.get("width", {}).get(name, 1)),
            stride,
            model["inputDropout"],
        )
    return encoders


def order_of(model: dict[str, Any], sizes: dict[str, int]) -> tuple[str, ...]:
    """The order of fusion, less the modalities that are not there."""
    return tuple(name for name in model["order"] if name in sizes)


def build(
    model: dict[str, Any],
    sizes: dict[str, int],
    lengths: dict[str, int],
    labels: torch.Tensor,
    values: torch.Tensor,
) -> FeatureModel:
    """sizes {modality: F}, lengths {modality: T}, label embeddings [K,e] and their values [K]."""
    decoder = CrossModalDecoder(model["dim"], model["heads"], model["feed"], model["dropout"], order_of(model, sizes))
    return FeatureModel(
        feature_encoders(model, sizes, lengths),
        placed_labels(labels, model["dim"]),
        decoder,
        CosinePrediction(model["scale"], 0.0),
        values,
    )
