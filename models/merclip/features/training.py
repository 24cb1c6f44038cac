"""Trains a model on utterance features and reads other utterances with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from ..schedule import optimiser, set_rate
from .model import FeatureModel, Sequences, build
from .sentiment import VALUES, sentiment_loss, soft_target
from .utterances import Utterances
from .windows import Window, disturbed, sequences, windows_of

ExtraLoss = Callable[[FeatureModel, Sequences, torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]
Build = Callable[..., FeatureModel]


@dataclass(frozen=True)
class Reading:
    """What a model says of N utterances: sentiment [N] on -3..3, and the logit [N] of its being at least 0."""

    sentiment: np.ndarray
    polarity: np.ndarray


def mean_reading(readings: list[Reading]) -> Reading:
    """The reading of an ensemble."""
    return Reading(np.mean([r.sentiment for r in readings], 0), np.mean([r.polarity for r in readings], 0))


@torch.no_grad()
def read(model: FeatureModel, windows: dict[str, Window], rows: np.ndarray, labels: torch.Tensor) -> Reading:
    model.eval()
    sentiment = model.sentiment(model(sequences(windows, rows), labels))
    return Reading(sentiment.numpy(), model.polarity(sentiment).numpy())


def fit(
    utterances: Utterances,
    windows: dict[str, Window],
    train: np.ndarray,
    labels: torch.Tensor,
    settings: dict[str, Any],
    seed: int,
    make: Build = build,
    extra_loss: ExtraLoss | None = None,
) -> FeatureModel:
    """Trains on the rows ``train`` for the epochs that the settings name: nothing is selected on the way.

    ``extra_loss`` (model, tokens, labels [7,e], logits [B,7], positive [B]) is added to the sentiment loss."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    training = settings["training"]
    target = torch.from_numpy(soft_target(utterances.sentiment))
    positive = torch.from_numpy(utterances.positive.astype(np.float32))
    sizes = {name: window.features.shape[1] for name, window in windows.items()}
    lengths = {name: window.rows.shape[1] for name, window in windows.items()}
    model = make(settings["model"], sizes, lengths, labels, VALUES)
    optim = optimiser({"all": (training["lr"], list(model.parameters()))}, training["weightDecay"])
    size = training["batch"]
    steps = training["epochs"] * -(-len(train) // size)
    step = 0
    for _ in range(training["epochs"]):
        model.train()
        shuffled = train[rng.permutation(len(train))]
        for start in range(0, len(shuffled), size):
            rows = shuffled[start : start + size]
            set_rate(optim, step, steps, training["warmup"])
            tokens = model.encode(disturbed(windows, rows, train, rng, training))
            logits = model.read(tokens, labels)
            index = torch.from_numpy(rows)
            loss = sentiment_loss(model, logits, target[index], positive[index], training["loss"])
            if extra_loss is not None:
                loss = loss + extra_loss(model, tokens, labels, logits, positive[index])
            optim.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optim.step()
            step += 1
    return model


def fit_and_read(
    utterances: Utterances,
    features: dict[str, np.ndarray],
    train: np.ndarray,
    test: np.ndarray,
    labels: torch.Tensor,
    settings: dict[str, Any],
    seed: int,
    make: Build = build,
    extra_loss: ExtraLoss | None = None,
) -> Reading:
    """Trains on rows ``train`` with these features and reads the rows ``test``."""
    windows = windows_of(utterances, features, train, settings["model"])
    return read(fit(utterances, windows, train, labels, settings, seed, make, extra_loss), windows, test, labels)
