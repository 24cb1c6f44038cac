"""Transcripts as word vectors: the embedding table of MiniLM, narrowed to its main directions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from ..data.text_files import read_jsonl
from ..minilm import minilm_dir
from ..tokenizer import Tokenizer

LONGEST = 40  # tokens of a transcript that are read
TABLE = "embeddings.word_embeddings.weight"


def read_transcripts(data: Path) -> dict[str, str]:
    """Utterance id -> what was said, from ``text/mosi.jsonl.gz``."""
    return {row["id"]: row["text"] for row in read_jsonl(data / "text" / "mosi.jsonl.gz", ("id", "text"))}


def word_vectors(texts: list[str], dim: int, weights: str | Path | None = None) -> torch.Tensor:
    """texts -> [N,L,dim], padded with zeros: each token's vector, along the main directions of the tokens that occur,
    with unit variance overall. ``weights`` as in ``minilm_dir``."""
    folder = minilm_dir(weights)
    stored = load_file(folder / "model.safetensors")
    table = next(value for key, value in stored.items() if key.endswith(TABLE)).double()
    ids, mask = Tokenizer(folder / "vocab.txt", LONGEST).batch(texts)
    present = torch.from_numpy(mask) > 0
    used, place = np.unique(ids, return_inverse=True)
    vectors = table[torch.from_numpy(used)]
    vectors = vectors - vectors.mean(0)
    _, axes = torch.linalg.eigh(vectors.T @ vectors)
    vectors = vectors @ axes.flip(1)[:, :dim]
    vectors = (vectors / vectors.std()).float()
    return vectors[torch.from_numpy(place.reshape(ids.shape))] * present[..., None]
