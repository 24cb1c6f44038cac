"""A small batch that needs no data: enough to take a step and to compare graphs, of no other meaning."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from ..label_encoder import LabelEncoder
from ..label_sets import BIG6
from ..model import MerClip


@dataclass(frozen=True)
class Batch:
    """Inputs as the runtime gives them, one chunk of sound and one face an item; labels [K,e], target [B,K]."""

    input_ids: torch.Tensor
    attention_mask: torch.Tensor
    pcm: torch.Tensor
    samples: torch.Tensor
    faces: torch.Tensor
    labels: torch.Tensor
    target: torch.Tensor


def random_texts(model: MerClip, count: int, longest: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids [count,longest] int32 and their mask; lengths fall from ``longest`` to no less than 3.

    CLIP's start and end of text are the last two of its vocabulary."""
    vocab = model.text.embeddings.token_embedding.num_embeddings
    ids = torch.randint(0, vocab - 2, (count, longest), dtype=torch.int32)
    lengths = (longest - torch.arange(count)).clamp(min=3)
    mask = (torch.arange(longest)[None] < lengths[:, None]).to(torch.int32)
    ids[:, 0] = vocab - 2
    ids[torch.arange(count), lengths - 1] = vocab - 1
    return ids * mask, mask


def random_sounds(model: MerClip, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """pcm [count,N] and samples [count] int32; every item after the first is shorter than the one before."""
    chunk = model.audio.chunk
    samples = torch.tensor([chunk // (index + 1) for index in range(count)], dtype=torch.int32)
    pcm = (torch.rand(count, chunk) * 0.2 - 0.1) * (torch.arange(chunk)[None] < samples[:, None])
    return pcm, samples


def random_faces(model: MerClip, count: int) -> torch.Tensor:
    """-> [count,S,S,3] uint8."""
    return torch.randint(0, 256, (count, model.vision.size, model.vision.size, 3), dtype=torch.uint8)


def small_batch(model: MerClip, labels: LabelEncoder | None, count: int) -> Batch:
    """``count`` random items, each with one of big6 as its label. Without a tokenizer the prompts are random too."""
    if labels is None:
        embedded = model.text.pooled(*random_texts(model, len(BIG6.prompts), 9))
    else:
        embedded = labels.encode_set(BIG6)
    target = torch.nn.functional.one_hot(torch.arange(count) % len(embedded), len(embedded)).float()
    return Batch(
        *random_texts(model, count, 12), *random_sounds(model, count), random_faces(model, count), embedded, target
    )
