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
from .data.composed import Composer
from .data.dataset import DataSet
from .data.mixing import Batch, epoch_batches
from .data.sources import Sources
from .decoder import MODALITIES
from .encode import RowEncoder
from .feature_store import FeatureStore, fingerprint, pad_tokens
from .label_encoder import LabelEncoder
from .losses import by_kind
from .model import MerClip
from .runlog import RunLog
from .schedule import optimiser, set_rate
from .stage_towers import values_of

MAX_FRAMES = 4


class FusionBatches:
    """What the decoder is fed: single-modality rows in their own label sets, and composed clips."""

    def __init__(
        self,
        model: MerClip,
        sources: Sources,
        known: dict[str, np.ndarray],
        store: FeatureStore,
        config: dict[str, Any],
    ):
        self.model = model
        self.store = store
        self.config = config
        self.modality = {name: data.modality for name, data in sources.datasets.items()}
        # Held-out rows where there are enough of them: what the towers were trained on looks better than it will.
        rows = {name: held if len(held) >= 40 else known[name] for name, held in sources.held_rows.items()}
        self.composers = {
            view: Composer(sources.datasets, sources.views, rows, view) for view in config["composed"]["shares"]
        }

    def _tokens(self, members: list[dict[str, tuple[str, int]]], rng: np.random.Generator) -> dict[str, Any]:
        inputs = {}
        for modality in MODALITIES:
            rows: list[torch.Tensor | None] = []
            for clip in members:
                member = clip.get(modality)
                frames = int(rng.integers(1, MAX_FRAMES + 1)) if modality == "vision" else 1
                rows.append(None if member is None else self.store.take(*member, rng, frames))
            if any(row is not None for row in rows):
                inputs[modality] = pad_tokens(rows, self.model.dim)
        return inputs

    def single(self, batch: Batch, rng: np.random.Generator) -> tuple[Any, Any, np.ndarray]:
        name = batch.part.dataset.name
        members = [{self.modality[name]: (name, int(row))} for row in batch.rows]
        return self._tokens(members, rng), batch.view.labels, batch.view.target[batch.rows]

    def composed(self, view: str, rng: np.random.Generator) -> tuple[Any, Any, np.ndarray]:
        settings = self.config["composed"]
        composer = self.composers[view]
        clips = [composer.draw(rng, settings["drop"], settings["clash"]) for _ in range(settings["size"])]
        return (
            self._tokens([clip.members for clip in clips], rng),
            composer.labels,
            np.stack([clip.target for clip in clips]),
        )


def decoder_rows(sources: Sources, name: str, most: int, seed: int) -> np.ndarray:
    """Training rows that the decoder sees: all that were held out, and others up to ``most`` in all."""
    held = sources.held_rows[name]
    rest = np.random.default_rng(seed).permutation(sources.tower_rows[name])[: max(0, most - len(held))]
    return np.sort(np.concatenate([held, rest]))


def encode_rows(
    model: MerClip,
    labels: LabelEncoder,
    dataset: DataSet,
    rows: np.ndarray,
    config: dict[str, Any],
    seed: int,
    out: Path,
    store: FeatureStore,
    resume: bool,
    device: str = "cpu",
) -> None:
    """Rows of one data set into the store, and into ``encoded-<data set>.pt`` in ``out``, where ``resume`` finds them.

    What is drawn for a data set hangs on the seed alone, so they may be encoded in any order, and side by side."""
    variants = 1 if dataset.modality == "text" else config["variants"]
    path = out / f"encoded-{dataset.name}.pt"
    made_by = fingerprint(getattr(model, dataset.modality), rows, variants)
    if resume and store.restore(path, dataset.name, made_by):
        return
    with torch.autocast(device, dtype=torch.bfloat16):
        encoder = RowEncoder(model, labels.tokenizer, seed, device)
        store.fill(encoder, dataset, rows, variants, augment=True)
    store.keep(path, dataset.name, made_by)


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
    store = FeatureStore()
    rows = {name: decoder_rows(sources, name, config["maxRows"], seed) for name in sources.datasets}
    parts = sources.parts(config["parts"], rows)
    for name in sources.datasets:
        encode_rows(model, labels, sources.datasets[name], rows[name], config, seed, out, store, resume, device)
    batches = FusionBatches(model, sources, rows, store, config)
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
        average.values = {name: model.fusion.state_dict()[name].clone() for name in average.values}
        average.updates = content["updates"]
        model.fusion.load_state_dict(content["live"])
        optim.load_state_dict(content["optimiser"])
        first = content["epoch"] + 1
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
            with torch.autocast(device, dtype=torch.bfloat16):
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
        live = checkpoint.trained_state(model.fusion, copy=True)
        with average.applied():
            content = {
                "model": checkpoint.trained_state(model, copy=True),
                "live": live,
                "updates": average.updates,
                "optimiser": optim.state_dict(),
                "epoch": epoch,
            }
        checkpoint.save(path, content)
    checkpoint.load_model(path, model)
    model.eval()
    return path
