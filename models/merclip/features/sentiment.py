"""Sentiment as a choice among seven labels: targets, loss, and the label embeddings that the decoder starts from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from ..label_encoder import LabelEncoder
from ..label_sets import SENTIMENT
from ..losses import ordinal
from ..minilm import minilm_dir
from ..text import TextTower
from ..tokenizer import Tokenizer
from .model import FeatureModel

VALUES = torch.tensor([label.value for label in SENTIMENT.labels])


def label_embeddings(weights: str | Path | None = None) -> torch.Tensor:
    """The seven sentiment prompts through the label encoder -> [7,e]. ``weights`` as in ``minilm_dir``."""
    folder = minilm_dir(weights)
    tower = TextTower(dim=8)  # its projection to tokens is not used here
    tower.load_minilm(folder)
    return LabelEncoder(tower.eval(), Tokenizer(folder / "vocab.txt")).encode_set(SENTIMENT)


def soft_target(sentiment: np.ndarray) -> np.ndarray:
    """sentiment [N] -> [N,7]: shared between the two nearest labels so that its expectation is the sentiment, cut to
    -3..3. NaN gives a row of zeros."""
    values = VALUES.numpy()
    place = np.clip(np.nan_to_num(sentiment) - values[0], 0.0, len(values) - 1.0)
    near = np.maximum(0.0, 1.0 - np.abs(place[:, None] - np.arange(len(values))))
    return np.where(np.isnan(sentiment)[:, None], 0.0, near).astype(np.float32)


def sentiment_loss(
    model: FeatureModel, logits: torch.Tensor, target: torch.Tensor, positive: torch.Tensor, weights: dict[str, Any]
) -> torch.Tensor:
    """Cross-entropy and L1 over the seven labels where they are known, and BCE of the polarity for every row.

    logits, target [B,7], positive [B] float 0 or 1; weights: ordinal, polarity, smoothing."""
    known = target.sum(-1) > 0
    smoothed = positive * (1.0 - weights["smoothing"]) + 0.5 * weights["smoothing"]
    polarity = model.polarity(model.sentiment(logits))
    loss = weights["polarity"] * nn.functional.binary_cross_entropy_with_logits(polarity, smoothed)
    if known.any():
        loss = loss + weights["ordinal"] * ordinal(logits[known], target[known], model.values)
    return loss
