"""MER-CLIP: towers, label projection, decoder and prediction, tied together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn

from .audio import AudioTower
from .decoder import MODALITIES, CrossModalDecoder
from .label_encoder import LabelEncoder
from .minilm import minilm_dir
from .prediction import CosinePrediction, LabelProjection
from .text import TextTower
from .tokenizer import Tokenizer
from .vision import VisionTower


class ModalityHead(nn.Module):
    """What a tower is trained with before there is a decoder: attention pooling, then cosine with each label.

    tokens [B,N,d], mask [B,N] -> pooled [B,d]."""

    def __init__(self, dim: int):
        super().__init__()
        self.attend = nn.Linear(dim, 1)
        self.project = nn.Linear(dim, dim)
        self.prediction = CosinePrediction()

    def pool(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        scores = self.attend(tokens)[..., 0].float() + (1.0 - mask.float()) * -1e4
        return self.project((torch.softmax(scores, -1)[..., None] * tokens.float()).sum(1))

    def forward(self, pooled: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """pooled [B,d], projected labels [K,d] -> logits [B,K]."""
        cosine = nn.functional.normalize(pooled.float(), dim=-1) @ nn.functional.normalize(labels.float(), dim=-1).T
        return self.prediction.scaled(cosine)


class FusionModel(nn.Module):
    """Everything after the towers. Tokens and masks per modality, labels [B,K,e], label_mask [B,K] -> logits [B,K]."""

    def __init__(self, dim: int, label_dim: int, heads: int, feed: int, dropout: float, order: tuple[str, ...]):
        super().__init__()
        self.labels = LabelProjection(label_dim, dim)
        self.decoder = CrossModalDecoder(dim, heads, feed, dropout, order)
        self.prediction = CosinePrediction()

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
        embedded = self.labels(labels)
        queries = self.decoder(
            embedded,
            label_mask,
            {"text": (text, text_mask), "audio": (audio, audio_mask), "vision": (vision, vision_mask)},
        )
        return self.prediction(queries, embedded, label_mask)


class Tower(nn.Module):
    """A modality's encoder with the head that it is trained with."""

    def __init__(self, encoder: nn.Module, head: ModalityHead):
        super().__init__()
        self.encoder = encoder
        self.head = head


def compact_towers(model: dict[str, Any]) -> dict[str, nn.Module]:
    """The towers of the compact model, by modality."""
    dim, text, audio, vision = int(model["dim"]), model["text"], model["audio"], model["vision"]
    return {
        "text": TextTower(
            dim,
            hidden=int(model["labelDim"]),
            layers=text["layers"],
            heads=text["heads"],
            intermediate=text["intermediate"],
            vocab=text["vocab"],
            tuned_layers=text["tunedLayers"],
        ),
        "audio": AudioTower(
            dim,
            rate=audio["sampleRate"],
            chunk=audio["chunkSamples"],
            mels=audio["mels"],
            widths=tuple(audio["widths"]),
            layers=audio["layers"],
            heads=audio["heads"],
            dropout=audio["dropout"],
            drop_block=audio.get("dropBlock", 0.0),
        ),
        "vision": VisionTower(
            dim, vision["size"], tuple(vision["widths"]), vision["dropout"], vision.get("dropBlock", 0.0)
        ),
    }


class MerClip(nn.Module):
    """The whole model. ``model`` is the section of that name in a configuration; ``towers`` are by modality, those of
    the compact model where none are given."""

    def __init__(self, model: dict[str, Any], towers: dict[str, nn.Module] | None = None):
        super().__init__()
        self.dim = int(model["dim"])
        self.label_dim = int(model["labelDim"])
        decoder = model["decoder"]
        towers = towers or compact_towers(model)
        self.text, self.audio, self.vision = (towers[name] for name in MODALITIES)
        self.fusion = FusionModel(
            self.dim, self.label_dim, decoder["heads"], decoder["feed"], decoder["dropout"], tuple(decoder["order"])
        )
        self.heads = nn.ModuleDict({name: ModalityHead(self.dim) for name in MODALITIES})

    def tower(self, modality: str) -> Tower:
        """The encoder and head of a modality, as one module."""
        return Tower(getattr(self, modality), self.heads[modality])

    def empty(self, batch: int, device: torch.device | str = "cpu") -> tuple[torch.Tensor, torch.Tensor]:
        """Stands for a missing modality: one token that the mask hides."""
        return torch.zeros(batch, 1, self.dim, device=device), torch.zeros(batch, 1, dtype=torch.int32, device=device)

    def fuse(self, inputs: dict[str, tuple[torch.Tensor, torch.Tensor]], labels: torch.Tensor) -> torch.Tensor:
        """Any subset of {modality: (tokens [B,N,d], mask [B,N])} and labels [K,e] -> logits [B,K]."""
        batch = next(iter(inputs.values()))[0].shape[0]
        full = [inputs.get(name) or self.empty(batch, labels.device) for name in MODALITIES]
        mask = torch.ones(batch, labels.shape[0], dtype=torch.int32, device=labels.device)
        return self.fusion(*(part for pair in full for part in pair), labels[None].expand(batch, -1, -1), mask)


def build(config: dict[str, Any], weights: str | Path | None = None) -> tuple[MerClip, LabelEncoder]:
    """The model of a configuration and its label encoder.

    MiniLM comes from the folder ``weights``, else from the installed package; CLIP from that folder, else from where
    the configuration says."""
    if "clip" in config["model"]:
        from .clip.build import build_clip  # needs transformers, which the compact model does without

        return build_clip(config, str(weights or config["model"]["clip"]))
    model = MerClip(config["model"])
    folder = minilm_dir(weights)
    model.text.load_minilm(folder)
    tokenizer = Tokenizer(folder / "vocab.txt", config["model"]["text"]["maxTokens"])
    return model, LabelEncoder(model.text, tokenizer)
