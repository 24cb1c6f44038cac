"""WordPiece tokens of the text tower (BERT, uncased)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tokenizers import BertWordPieceTokenizer


class Tokenizer:
    """Text to token ids with [CLS] and [SEP], cut to ``max_tokens`` ids."""

    def __init__(self, vocab: str | Path, max_tokens: int = 64):
        self.max_tokens = max_tokens
        self._tokenizer = BertWordPieceTokenizer(str(vocab), lowercase=True)
        self._tokenizer.enable_truncation(max_tokens)

    def ids(self, text: str) -> list[int]:
        return self._tokenizer.encode(text).ids

    def batch(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """-> input_ids [B,L] int64 padded with 0, attention_mask [B,L] int64; L is the longest of the batch."""
        encoded = [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]
        length = max(len(ids) for ids in encoded)
        input_ids = np.zeros((len(encoded), length), dtype=np.int64)
        mask = np.zeros((len(encoded), length), dtype=np.int64)
        for row, ids in enumerate(encoded):
            input_ids[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        return input_ids, mask
