"""The four graphs of a release on CLIP's towers, in fp32. Names and shapes are those of the compact model."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from ..decoder import MODALITIES
from ..graphs import GraphSpec
from ..model import MerClip
from ..onnx_export import session, write_graph
from .batch import Batch, random_faces, random_sounds, random_texts
from .step import encode


class TextGraph(nn.Module):
    """input_ids, attention_mask [B,L] int32 -> tokens [B,L,d], pooled [B,p]."""

    def __init__(self, tower: nn.Module):
        super().__init__()
        self.tower = tower

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.tower(input_ids.to(torch.int64), attention_mask)


def clip_specs(model: MerClip) -> list[GraphSpec]:
    """The graphs with example inputs of odd sizes, so that nothing is fixed by accident."""
    line = {0: "B", 1: "L"}
    only_batch = {0: "B"}
    ids, ids_mask = random_texts(model, 2, 9)
    pcm, samples = random_sounds(model, 3)
    fusion: dict[str, torch.Tensor] = {}
    axes: dict[str, dict[int, str]] = {"logits": {0: "B", 1: "K"}}
    for length, name in zip((9, 14, 5), MODALITIES, strict=True):
        mask = torch.ones(2, length, dtype=torch.int32)
        mask[1, length // 2 :] = 0
        fusion |= {name: torch.randn(2, length, model.dim), f"{name}_mask": mask}
        axes |= {name: {0: "B", 1: f"N_{name}"}, f"{name}_mask": {0: "B", 1: f"N_{name}"}}
    fusion["labels"] = nn.functional.normalize(torch.randn(2, 5, model.label_dim), dim=-1)
    fusion["label_mask"] = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]], dtype=torch.int32)
    axes |= {"labels": {0: "B", 1: "K"}, "label_mask": {0: "B", 1: "K"}}
    return [
        GraphSpec(
            "text",
            TextGraph(model.text),
            {"input_ids": ids, "attention_mask": ids_mask},
            ("tokens", "pooled"),
            {"input_ids": line, "attention_mask": line, "tokens": line, "pooled": only_batch},
        ),
        GraphSpec(
            "audio",
            model.audio,
            {"pcm": pcm, "samples": samples},
            ("tokens", "token_mask"),
            dict.fromkeys(("pcm", "samples", "tokens", "token_mask"), only_batch),
        ),
        GraphSpec(
            "vision",
            model.vision,
            {"faces": random_faces(model, 2)},
            ("tokens",),
            dict.fromkeys(("faces", "tokens"), only_batch),
        ),
        GraphSpec("fusion", model.fusion, fusion, ("logits",), axes),
    ]


def export_clip(model: MerClip, folder: Path) -> dict[str, dict[str, float]]:
    """Writes NAME.onnx for each graph -> {name: {bytes, maxDiff}}, the difference being to torch on the same input."""
    measured = {}
    for spec in clip_specs(model.eval()):
        path = folder / f"{spec.name}.onnx"
        difference = write_graph(spec, path)
        measured[spec.name] = {"bytes": path.stat().st_size, "maxDiff": difference}
    return measured


@torch.no_grad()
def graphs_against_model(model: MerClip, batch: Batch, folder: Path) -> float:
    """Largest difference of logits between torch and the chain of graphs, on sizes they were not traced with."""
    model.eval()
    expected = model.fuse(encode(model, batch), batch.labels)

    def run(name: str, **inputs: torch.Tensor) -> list[torch.Tensor]:
        feed = {key: value.numpy() for key, value in inputs.items()}
        return [torch.from_numpy(part) for part in session(folder / f"{name}.onnx").run(None, feed)]

    words, _ = run("text", input_ids=batch.input_ids, attention_mask=batch.attention_mask)
    sound, sound_mask = run("audio", pcm=batch.pcm, samples=batch.samples)
    (faces,) = run("vision", faces=batch.faces)
    count = len(faces)
    (logits,) = run(
        "fusion",
        text=words,
        text_mask=batch.attention_mask,
        audio=sound,
        audio_mask=sound_mask,
        vision=faces,
        vision_mask=torch.ones(faces.shape[:2], dtype=torch.int32),
        labels=batch.labels[None].expand(count, -1, -1).contiguous(),
        label_mask=torch.ones(count, len(batch.labels), dtype=torch.int32),
    )
    return float((logits - expected).abs().max())
