"""Payloads to tensors that the towers take."""

from __future__ import annotations

import numpy as np
import torch


def chunk_audio(clips: list[np.ndarray], chunk: int) -> tuple[torch.Tensor, torch.Tensor, np.ndarray]:
    """Clips [n_i] float32 -> pcm [C,chunk], samples [C] int32, owner [C] (which clip a chunk is of).

    Chunks follow one another without overlap, as the runtime cuts them; a tail below a tenth of a chunk is dropped
    unless it is all there is."""
    parts, samples, owner = [], [], []
    for index, clip in enumerate(clips):
        starts = list(range(0, max(len(clip), 1), chunk))
        if len(starts) > 1 and len(clip) - starts[-1] < chunk // 10:
            starts.pop()
        for start in starts:
            part = clip[start : start + chunk]
            padded = np.zeros(chunk, dtype=np.float32)
            padded[: len(part)] = part
            parts.append(padded)
            samples.append(max(len(part), 1))
            owner.append(index)
    return torch.from_numpy(np.stack(parts)), torch.tensor(samples, dtype=torch.int32), np.array(owner)


def gather_tokens(
    tokens: torch.Tensor, mask: torch.Tensor, owner: np.ndarray, count: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Tokens of chunks [C,T,d] and their mask [C,T] -> per clip [count,n*T,d] and mask, n the most chunks of a clip."""
    per = np.bincount(owner, minlength=count)
    place = np.concatenate([np.arange(n) for n in per])
    width = int(per.max())
    row = torch.from_numpy(owner * width + place).to(tokens.device)
    flat = tokens.new_zeros(count * width, *tokens.shape[1:]).index_copy(0, row, tokens)
    flat_mask = mask.new_zeros(count * width, mask.shape[1]).index_copy(0, row, mask)
    return flat.reshape(count, -1, tokens.shape[-1]), flat_mask.reshape(count, -1)


def to_float(pcm: np.ndarray) -> np.ndarray:
    """int16 PCM -> float32 in -1..1."""
    return pcm.astype(np.float32) / 32768.0
