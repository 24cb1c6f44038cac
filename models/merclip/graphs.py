"""The graphs of a release: what goes in, what comes out, and which names both sides use.

Weights are kept in int8 and normalisation is folded into the convolutions before it; arithmetic is fp32."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import nn

from .fold_norms import fold_norms
from .int8_weights import with_int8_weights
from .model import MerClip


class TextGraph(nn.Module):
    """input_ids, attention_mask [B,L] int32 -> tokens [B,L,d]."""

    def __init__(self, model: MerClip):
        super().__init__()
        self.tower = with_int8_weights(copy.deepcopy(model.text))

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        return self.tower.tokens(input_ids.to(torch.int64), attention_mask)


class LabelGraph(nn.Module):
    """input_ids, attention_mask [B,L] int32 -> pooled [B,e].

    A graph of its own, so that reading an utterance does not pay for embedding it as a label."""

    def __init__(self, model: MerClip):
        super().__init__()
        self.tower = with_int8_weights(copy.deepcopy(model.text))

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        return self.tower.pooled(input_ids.to(torch.int64), attention_mask)


class AudioGraph(nn.Module):
    """pcm [B,N] float32, samples [B] int32 -> tokens [B,Ta,d], token_mask [B,Ta] int32."""

    def __init__(self, model: MerClip):
        super().__init__()
        self.tower = with_int8_weights(fold_norms(copy.deepcopy(model.audio).eval()))

    def forward(self, pcm: torch.Tensor, samples: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.tower(pcm, samples)


class VisionGraph(nn.Module):
    """faces [B,S,S,3] uint8 RGB -> tokens [B,Tv,d]."""

    def __init__(self, model: MerClip):
        super().__init__()
        self.tower = with_int8_weights(fold_norms(copy.deepcopy(model.vision).eval()))

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        return self.tower(faces)


class FusionGraph(nn.Module):
    """Tokens and masks of each modality, labels [B,K,e], label_mask [B,K] int32 -> logits [B,K]."""

    def __init__(self, model: MerClip):
        super().__init__()
        self.fusion = with_int8_weights(copy.deepcopy(model.fusion))

    def forward(
        self,
        text: torch.Tensor,
        text_mask: torch.Tensor,
        audio: torch.Tensor,
        audio_mask: torch.Tensor,
        vision: torch.Tensor,
        vision_mask: torch.Tensor,
        labels: torch.Tensor,
        label_mask: torch.Tensor,
    ) -> torch.Tensor:
        return self.fusion(text, text_mask, audio, audio_mask, vision, vision_mask, labels, label_mask)


@dataclass(frozen=True)
class GraphSpec:
    """Names of inputs and outputs, their dynamic axes and one example input."""

    name: str
    module: nn.Module
    inputs: dict[str, torch.Tensor]
    outputs: tuple[str, ...]
    axes: dict[str, dict[int, str]]


def graph_specs(model: MerClip) -> list[GraphSpec]:
    """The graphs with example inputs of odd sizes, so that nothing is fixed by accident."""
    ids = torch.randint(0, model.text.embeddings.word_embeddings.num_embeddings, (2, 9), dtype=torch.int32)
    ids_mask = torch.ones(2, 9, dtype=torch.int32)
    ids_mask[1, 6:] = 0
    pcm = torch.rand(3, model.audio.chunk) * 0.2 - 0.1
    samples = torch.tensor([model.audio.chunk, model.audio.chunk // 2, 700], dtype=torch.int32)
    size = model.vision.size
    faces = torch.randint(0, 256, (2, size, size, 3), dtype=torch.uint8)
    dim, label_dim = model.dim, model.label_dim
    fusion: dict[str, torch.Tensor] = {}
    axes: dict[str, dict[int, str]] = {}
    for name, length in (("text", 9), ("audio", 14), ("vision", 5)):
        fusion[name] = torch.randn(2, length, dim)
        mask = torch.ones(2, length, dtype=torch.int32)
        mask[1, length // 2 :] = 0
        fusion[f"{name}_mask"] = mask
        axes[name] = {0: "B", 1: f"N_{name}"}
        axes[f"{name}_mask"] = {0: "B", 1: f"N_{name}"}
    fusion["labels"] = nn.functional.normalize(torch.randn(2, 5, label_dim), dim=-1)
    fusion["label_mask"] = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]], dtype=torch.int32)
    axes["labels"] = {0: "B", 1: "K"}
    axes["label_mask"] = {0: "B", 1: "K"}
    axes["logits"] = {0: "B", 1: "K"}
    line = {0: "B", 1: "L"}
    return [
        GraphSpec(
            "text",
            TextGraph(model),
            {"input_ids": ids, "attention_mask": ids_mask},
            ("tokens",),
            {"input_ids": line, "attention_mask": line, "tokens": line},
        ),
        GraphSpec(
            "label",
            LabelGraph(model),
            {"input_ids": ids, "attention_mask": ids_mask},
            ("pooled",),
            {"input_ids": line, "attention_mask": line, "pooled": {0: "B"}},
        ),
        GraphSpec(
            "audio",
            AudioGraph(model),
            {"pcm": pcm, "samples": samples},
            ("tokens", "token_mask"),
            {"pcm": {0: "B"}, "samples": {0: "B"}, "tokens": {0: "B"}, "token_mask": {0: "B"}},
        ),
        GraphSpec("vision", VisionGraph(model), {"faces": faces}, ("tokens",), {"faces": {0: "B"}, "tokens": {0: "B"}}),
        GraphSpec("fusion", FusionGraph(model), fusion, ("logits",), axes),
    ]
