"""CLIP's byte-pair tokens. The vocabulary comes with the published weights."""

from __future__ import annotations

import numpy as np
from transformers import CLIPTokenizer


class ClipBpe:
    """Text to token ids with start and end of text, cut to ``max_tokens`` ids. ``name``: a folder, or a hub's name.

    Raises ValueError when it does not know exactly the ``vocab`` tokens that the text tower has vectors for: a folder
    without vocabulary files would give a tokenizer that knows next to nothing."""

    def __init__(self, name: str, max_tokens: int, vocab: int):
        self.max_tokens = max_tokens
        self._tokenizer = CLIPTokenizer.from_pretrained(name)
        if len(self._tokenizer) != vocab:
            raise ValueError(
                f"{name}: the tokenizer knows {len(self._tokenizer)} tokens, the text tower {vocab}; "
                "needed beside the weights is tokenizer.json, or vocab.json with merges.txt"
            )

    def ids(self, text: str) -> list[int]:
        return self._tokenizer(text, truncation=True, max_length=self.max_tokens)["input_ids"]

    def batch(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """-> input_ids [B,L] int64 padded with 0, attention_mask [B,L] int64; L is the longest of the batch."""
        encoded = [self.ids(text) for text in texts]
        input_ids = np.zeros((len(encoded), max(len(ids) for ids in encoded)), dtype=np.int64)
        mask = np.zeros_like(input_ids)
        for row, ids in enumerate(encoded):
            input_ids[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        return input_ids, mask
