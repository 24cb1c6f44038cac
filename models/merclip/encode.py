"""Rows of a data set through their tower: the one way from payload to tokens, for training and measuring alike."""

from __future__ import annotations

import random

import numpy as np
import torch

from .data.augment_audio import mask_spectrum, vary_sound
from .data.augment_faces import vary_faces
from .data.augment_text import like_a_transcript
from .data.batches import chunk_audio, gather_tokens, to_float
from .data.dataset import DataSet
from .model import MerClip
from .tokenizer import Tokenizer

MAX_CLIP_SECONDS = 12


class RowEncoder:
    """Encodes rows of any modality; draws its augmentation from one seed, so that a run can be repeated."""

    def __init__(self, model: MerClip, tokenizer: Tokenizer, seed: int, device: str = "cpu"):
        self.model = model
        self.tokenizer = tokenizer
        self.device = device
        self.numbers = np.random.default_rng(seed)
        self.words = random.Random(seed)
        self.generator = torch.Generator().manual_seed(seed)

    def __call__(
        self, dataset: DataSet, rows: np.ndarray, augment: bool, mixup: float = 0.0
    ) -> tuple[torch.Tensor, torch.Tensor, np.ndarray, float]:
        """-> tokens [B,N,d], mask [B,N], partner [B] and weight.

        A row is ``weight`` itself and, for the rest, its partner."""
        partner, weight = np.arange(len(rows)), 1.0
        if augment and mixup > 0.0 and self.numbers.random() < 0.5:
            partner = self.numbers.permutation(len(rows))
            weight = float(max(w := self.numbers.beta(mixup, mixup), 1.0 - w))
        tokens, mask = getattr(self, f"_{dataset.modality}")(dataset, rows, augment, partner, weight)
        return tokens, mask, partner, weight

    def _text(
        self, dataset: DataSet, rows: np.ndarray, augment: bool, partner: np.ndarray, weight: float
    ) -> tuple[torch.Tensor, torch.Tensor]:
        texts = [dataset.payload[row] for row in rows]
        if augment:
            texts = [like_a_transcript(text, self.words) for text in texts]
        ids, mask = (torch.from_numpy(array).to(self.device) for array in self.tokenizer.batch(texts))
        return self.model.text.tokens(ids, mask), mask.to(torch.int32)

    def _audio(
        self, dataset: DataSet, rows: np.ndarray, augment: bool, partner: np.ndarray, weight: float
    ) -> tuple[torch.Tensor, torch.Tensor]:
        tower = self.model.audio
        clips = [to_float(dataset.payload[row][: MAX_CLIP_SECONDS * tower.chunk]) for row in rows]
        if augment:
            clips = [vary_sound(clip, self.numbers) for clip in clips]
        if weight < 1.0:
            clips = [_blend(clips[i], clips[j], weight) for i, j in enumerate(partner)]
        pcm, samples, owner = chunk_audio(clips, tower.chunk)
        pcm, samples = pcm.to(self.device), samples.to(self.device)
        with torch.no_grad(), torch.autocast(self.device, enabled=False):
            spectrum = tower.spectrum(pcm, samples)
        if augment:
            spectrum = spectrum * torch.from_numpy(mask_spectrum(tuple(spectrum.shape), self.numbers)).to(self.device)
        tokens, mask = tower.encode_spectrum(spectrum, samples)
        return gather_tokens(tokens, mask, owner, len(clips))

    def _vision(
        self, dataset: DataSet, rows: np.ndarray, augment: bool, partner: np.ndarray, weight: float
    ) -> tuple[torch.Tensor, torch.Tensor]:
        faces = torch.from_numpy(np.asarray(dataset.payload)[rows]).float()
        if augment:
            faces = vary_faces(faces, self.generator)
        if weight < 1.0:
            faces = weight * faces + (1.0 - weight) * faces[torch.from_numpy(partner)]
        tokens = self.model.vision.encode_grey(faces.to(self.device))
        return tokens, torch.ones(tokens.shape[:2], dtype=torch.int32, device=tokens.device)


def _blend(one: np.ndarray, other: np.ndarray, weight: float) -> np.ndarray:
    """Two sounds at once; the result is as long as the first."""
    length = min(len(one), len(other))
    mixed = one * weight
    mixed[:length] += other[:length] * (1.0 - weight)
    return mixed.astype(np.float32)
