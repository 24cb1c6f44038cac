"""Stage 2: the towers rest and the decoder learns to read one modality after the other."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from . import checkpoint
from .averaging import RunningAverage
from .data.mixing import Batch, epoch_batches
from .data.sources import Sources
from .encodings import Encodings
from .fusion_batches import FusionBatches
from .label_encoder import LabelEncoder
from .losses import by_kind
from .model import MerClip
from .precision import mixed_precision
from .runlog import RunLog
from .schedule import optimiser, set_rate
from .stage_towers import values_of


def decoder_rows(sources: Sources, name: str, most: int, seed: int) -> np.ndarray:
    """Training rows that the decoder sees: all that were held out, and others up to ``most`` in all."""
    held = sources.held_rows[name]
    rest = np.random.default_rng(seed).permutation(sources.tower_rows[name])[: max(0, most - len(held))]
    return np.sort(np.concatenate([held, rest]))


def train_fusion(
    model: MerClip,
    labels: LabelEncoder,
    sources: Sources,
    config: dict[str, Any],
    seed: int,
    out: Path,
    resume: bool,
    device: str = "cpu",
    stop_after: int | None = None,
) -> Path:
    """Trains and leaves ``merclip.pt`` in ``out``."""
    path = out / "merclip.pt"
    log = RunLog(out / "log.jsonl")
    model.eval()
    encodings = Encodings(model, labels, seed, out, device)
    rows = {name: decoder_rows(sources, name, config["maxRows"], seed) for name in sources.datasets}
    parts = sources.parts(config["parts"], rows)
    for name, dataset in sources.datasets.items():
        encodings.add(dataset, rows[name], config["variants"], resume)
    batches = FusionBatches(model, sources, rows, encodings.store, config)
    model.requires_grad_(False)
    model.fusion.requires_grad_(True)
    trained = list(model.fusion.parameters())
    average = RunningAverage(model.fusion, config["average"])
    optim = optimiser(
        {
            "decoder": (config["lr"]["decoder"], list(model.fusion.decoder.parameters())),
            "labels": (config["lr"]["labels"], list(model.fusion.labels.parameters())),
            "scale": (config["lr"]["scale"], list(model.fusion.prediction.parameters())),
        },
        config["weightDecay"],
    )
    composed = [
        view
        for view, share in config["composed"]["shares"].items()
        for _ in range(int(round(share * config["composed"]["batches"])))
    ]
    per_epoch = sum(1 for _ in epoch_batches(parts, seed, 0)) + len(composed)
    steps = config["epochs"] * per_epoch
    first = 0
    if resume and path.is_file():
        content = checkpoint.load_model(path, model)
        first = checkpoint.take_up(content, average, model.fusion.state_dict(), optim)
        model.fusion.load_state_dict(content["live"])
    step = first * per_epoch
    last = config["epochs"] if stop_after is None else min(config["epochs"], stop_after)
    for epoch in range(first, last):
        epoch_seed = seed * 1000 + 500 + epoch
        torch.manual_seed(epoch_seed)
        rng = np.random.default_rng(epoch_seed)
        words = random.Random(epoch_seed)
        model.eval()
        model.fusion.train()
        plan: list[Batch | str] = [*epoch_batches(parts, seed + 1, epoch), *composed]
        losses: dict[str, list[float]] = {}
        for index in tqdm(
            rng.permutation(len(plan)),
            desc=f"fusion {epoch + 1}/{config['epochs']}",
            disable=None,
            unit="batch",
            mininterval=2.0,
        ):
            entry = plan[int(index)]
            name = entry if isinstance(entry, str) else entry.part.dataset.name
            inputs, labelset, target = (
                batches.composed(entry, rng) if isinstance(entry, str) else batches.single(entry, rng)
            )
            inputs = {key: (tokens.to(device), mask.to(device)) for key, (tokens, mask) in inputs.items()}
            set_rate(optim, step, steps, config["warmup"])
            with mixed_precision(device):
                logits = model.fuse(inputs, labels.encode_varied(labelset, words))
            loss = by_kind(labelset.kind, logits, torch.from_numpy(target).to(device), values_of(labelset))
            optim.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, config["clip"])
            optim.step()
            average.update()
            step += 1
            losses.setdefault(f"{name}/{labelset.id}", []).append(loss.item())
        log.write(
            stage="fusion",
            epoch=epoch,
            loss={name: round(float(np.mean(values)), 4) for name, values in losses.items()},
        )
        progress = checkpoint.progress(model.fusion, average, optim, epoch)
        with average.applied():
            checkpoint.save(path, {"model": checkpoint.trained_state(model), **progress})
    checkpoint.load_model(path, model)
    model.eval()
    return path
