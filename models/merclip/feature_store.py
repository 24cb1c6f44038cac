"""Tokens of rows, encoded once by resting towers and kept in half precision."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from . import checkpoint
from .data.dataset import DataSet
from .encode import RowEncoder


def fingerprint(tower: nn.Module, rows: np.ndarray, variants: int) -> int:
    """Tells encodings apart that other weights, rows or numbers of variants have made."""
    found = zlib.crc32(np.append(rows, variants).astype(np.int64).tobytes())
    for tensor in tower.state_dict().values():
        found = zlib.crc32(tensor.detach().cpu().contiguous().numpy().tobytes(), found)
    return found


class FeatureStore:
    """(data set, row, variant) -> tokens [N,d] of that row without padding."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[str, int], list[torch.Tensor]] = {}

    @torch.no_grad()
    def fill(self, encoder: RowEncoder, dataset: DataSet, rows: np.ndarray, variants: int, augment: bool) -> None:
        """Encodes rows ``variants`` times (differently only when augmenting)."""
        rows = np.unique(rows)
        if dataset.modality == "text":
            rows = rows[np.argsort([len(dataset.payload[row]) for row in rows], kind="stable")]
        with tqdm(
            total=len(rows) * variants, desc=f"encode {dataset.name}", disable=None, unit="row", leave=False
        ) as bar:
            for _ in range(variants):
                for start in range(0, len(rows), 128):
                    part = rows[start : start + 128]
                    tokens, mask, _, _ = encoder(dataset, part, augment)
                    for row, one, valid in zip(part, tokens.cpu(), mask.cpu(), strict=True):
                        kept = one[valid > 0].to(torch.bfloat16).clone()
                        self._tokens.setdefault((dataset.name, int(row)), []).append(kept)
                    bar.update(len(part))

    def keep(self, path: Path, name: str, made_by: int) -> None:
        """Writes the tokens of a data set beside the run's checkpoints: a resumed run need not encode again."""
        tokens = {row: kept for (of, row), kept in self._tokens.items() if of == name}
        checkpoint.save(path, {"madeBy": made_by, "tokens": tokens})

    def restore(self, path: Path, name: str, made_by: int) -> bool:
        """Reads what ``keep`` wrote; False where there is none, or where something else has made it."""
        if not path.is_file():
            return False
        content = torch.load(path, weights_only=True)
        if content["madeBy"] != made_by:
            return False
        self._tokens.update({(name, row): kept for row, kept in content["tokens"].items()})
        return True

    def take(self, name: str, row: int, rng: np.random.Generator, frames: int = 1) -> torch.Tensor:
        """Tokens of a row in a random variant; with ``frames`` above one, that many variants in a row."""
        kept = self._tokens[(name, int(row))]
        if frames == 1:
            return kept[int(rng.integers(len(kept)))]
        return torch.cat([kept[int(rng.integers(len(kept)))] for _ in range(frames)])


def pad_tokens(rows: list[torch.Tensor | None], dim: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Token lists, None where the modality is missing -> tokens [B,N,d] float32 and mask [B,N] int32, N at least 1."""
    longest = max([1, *(len(row) for row in rows if row is not None)])
    tokens = torch.zeros(len(rows), longest, dim)
    mask = torch.zeros(len(rows), longest, dtype=torch.int32)
    for index, row in enumerate(rows):
        if row is not None:
            tokens[index, : len(row)] = row.float()
            mask[index, : len(row)] = 1
    return tokens, mask
