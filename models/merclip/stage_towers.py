"""Stage 1: each tower alone learns to place its tokens where its labels' meanings are.

The shared space is fixed beforehand (``label_space``), so the towers do not wait for one another: they may train at the
same time in processes of their own, and each leaves a checkpoint of its own.
"""

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
from .encode import RowEncoder
from .label_encoder import LabelEncoder
from .label_sets import SHIPPED
from .label_space import fit_projection, wording_vectors
from .losses import by_kind, info_nce
from .metrics import accuracy, macro_f1, sigmoid, unweighted_average_recall
from .model import MerClip, Tower
from .precision import mixed_precision
from .runlog import RunLog
from .schedule import optimiser, set_rate


def place_labels(model: MerClip, labels: LabelEncoder, run: Path | None = None) -> None:
    """Lays the shared space out: the middle of the shipped prompts is its origin.

    The towers of a run share the one that lies in its folder, even if wordings were added since."""
    labels.warm()
    path = None if run is None else run / "label-space.pt"
    if path is not None and path.is_file():
        space = torch.load(path, weights_only=True)
    else:
        middle = torch.cat([labels.encode_set(labelset) for labelset in SHIPPED]).mean(0)
        space = {"centre": middle.cpu(), "matrix": fit_projection(wording_vectors(labels).cpu(), model.dim)}
        if path is not None:
            checkpoint.save(path, space)
    model.fusion.labels.place(space["centre"], space["matrix"])


def values_of(view_labels: Any) -> torch.Tensor | None:
    """Values of an ordinal set, [K], or None."""
    if view_labels.kind != "ordinal":
        return None
    return torch.tensor([label.value for label in view_labels.labels])


def tower_groups(tower: Tower, rates: dict[str, float]) -> dict[str, tuple[float, list[torch.nn.Parameter]]]:
    """Parameters by learning rate: what is new learns faster than what was published, a scale faster still."""
    published = {id(p) for p in getattr(tower.encoder, "tuned_layers", torch.nn.Module()).parameters()}
    scales = list(tower.head.prediction.parameters())
    known = published | {id(p) for p in scales}
    return {
        "published": (rates.get("published", 0.0), [p for p in tower.parameters() if id(p) in published]),
        "new": (rates["new"], [p for p in tower.parameters() if id(p) not in known]),
        "scale": (rates["scale"], scales),
    }


def rest_norms(tower: Tower, average: RunningAverage) -> None:
    """From here on batch normalisation uses the averaged statistics in training as well.

    A batch holds rows of one data set, and its statistics tell the data sets apart; afterwards nothing does. A tower
    that learned with the batch's own statistics to the end fails on its smaller data sets."""
    for name, module in tower.named_modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eval()
            for buffer in ("running_mean", "running_var"):
                getattr(module, buffer).copy_(average.values[f"{name}.{buffer}"])


def tower_loss(
    model: MerClip, encoder: RowEncoder, labels: LabelEncoder, rng: random.Random, batch: Batch, config: dict[str, Any]
) -> torch.Tensor:
    dataset, view = batch.part.dataset, batch.view
    tokens, mask, partner, weight = encoder(dataset, batch.rows, augment=True, mixup=config.get("mixup", 0.0))
    head = model.heads[dataset.modality]
    pooled = head.pool(tokens, mask)
    embedded = model.fusion.labels(labels.encode_varied(view.labels, rng))
    target = view.target[batch.rows]
    target = torch.from_numpy(weight * target + (1.0 - weight) * target[partner]).to(pooled.device)
    smooth = config.get("smoothing", 0.0)
    if smooth > 0.0 and view.labels.kind == "single":
        target = (1.0 - smooth) * target + smooth / target.shape[1]
    values = values_of(view.labels)
    loss = by_kind(view.labels.kind, head(pooled, embedded), target, values)
    if view.labels.kind == "multi" and config.get("nceWeight", 0.0) > 0.0:
        loss = loss + config["nceWeight"] * info_nce(pooled, embedded, target, head.prediction.log_scale.exp())
    return loss


@torch.no_grad()
def quick_validation(
    model: MerClip,
    encoder: RowEncoder,
    labels: LabelEncoder,
    sources: Sources,
    names: list[str],
    limit: int = 4000,
) -> dict[str, float]:
    """A look per data set by the tower's own head: accuracy and UAR (single), or the best macro-F1 of one threshold for
    all labels (multi), or the Pearson correlation of sentiment where there are no labels."""
    result: dict[str, float] = {}
    for name in names:
        dataset = sources.datasets[name]
        for key, view in sources.views[name].items():
            if key not in ("native", "sentiment" if dataset.native is None else "native"):
                continue
            rows = dataset.rows("val")
            rows = rows[view.valid[rows]][:limit]
            if len(rows) == 0:
                continue
            embedded = model.fusion.labels(labels.encode_set(view.labels))
            head = model.heads[dataset.modality]
            logits = []
            for start in range(0, len(rows), 128):
                tokens, mask, _, _ = encoder(dataset, rows[start : start + 128], augment=False)
                logits.append(head(head.pool(tokens, mask), embedded).float().cpu().numpy())
            scores, truth = np.concatenate(logits), view.target[rows]
            if view.labels.kind == "multi":
                found = [macro_f1(truth > 0, sigmoid(scores) > t) for t in np.linspace(0.1, 0.5, 17)]
                result[name] = max(found)
            elif view.labels.kind == "ordinal":
                points = np.array([label.value for label in view.labels.labels])
                p = np.exp(scores - scores.max(1, keepdims=True))
                result[name] = float(np.corrcoef(p @ points / p.sum(1), truth @ points)[0, 1])
            else:
                result[name] = accuracy(truth.argmax(1), scores.argmax(1))
                result[f"{name} UAR"] = unweighted_average_recall(truth.argmax(1), scores.argmax(1))
    return {name: round(value, 4) for name, value in result.items()}


def train_tower(
    model: MerClip,
    labels: LabelEncoder,
    sources: Sources,
    modality: str,
    config: dict[str, Any],
    seed: int,
    out: Path,
    resume: bool,
    device: str = "cpu",
    stop_after: int | None = None,
) -> Path:
    """Trains one tower and leaves ``tower-<modality>.pt`` in ``out``; ``stop_after`` ends after that many epochs, to be
    resumed. What is kept and measured is the running average of the weights (Polyak averaging)."""
    path = out / f"tower-{modality}.pt"
    log = RunLog(out / "log.jsonl")
    tower = model.tower(modality)
    model.fusion.requires_grad_(False)
    parts = sources.parts(config["parts"], sources.tower_rows)
    optim = optimiser(tower_groups(tower, config["lr"]), config["weightDecay"])
    average = RunningAverage(tower, config["average"])
    steps = config["epochs"] * sum(1 for _ in epoch_batches(parts, seed, 0))
    first = 0
    if resume and path.is_file():
        content = checkpoint.load_tower(path, tower, "live")
        first = checkpoint.take_up(content, average, content["tower"], optim)
    step = first * (steps // config["epochs"])
    last = config["epochs"] if stop_after is None else min(config["epochs"], stop_after)
    for epoch in range(first, last):
        # Everything random hangs on seed and epoch, so that a resumed epoch is the one it would have been.
        epoch_seed = seed * 1000 + epoch
        torch.manual_seed(epoch_seed)
        rng = random.Random(epoch_seed)
        encoder = RowEncoder(model, labels.tokenizer, epoch_seed, device)
        model.eval()
        tower.train()
        if epoch >= config.get("restNormsFrom", config["epochs"]):
            rest_norms(tower, average)
        losses: dict[str, list[float]] = {}
        batches = list(epoch_batches(parts, seed, epoch))
        for batch in tqdm(
            batches, desc=f"{modality} {epoch + 1}/{config['epochs']}", disable=None, unit="batch", mininterval=2.0
        ):
            set_rate(optim, step, steps, config["warmup"])
            with mixed_precision(device):
                loss = tower_loss(model, encoder, labels, rng, batch, config)
            optim.zero_grad(set_to_none=True)
            loss.backward()
            used = [p for group in optim.param_groups for p in group["params"] if p.grad is not None]
            torch.nn.utils.clip_grad_norm_(used, config["clip"])
            optim.step()
            average.update()
            step += 1
            losses.setdefault(f"{batch.part.dataset.name}/{batch.view.labels.id}", []).append(loss.item())
        model.eval()
        progress = checkpoint.progress(tower, average, optim, epoch)
        with average.applied():
            with mixed_precision(device):
                seen = quick_validation(
                    model, RowEncoder(model, labels.tokenizer, 0, device), labels, sources, list(config["parts"])
                )
            checkpoint.save(path, {"tower": checkpoint.trained_state(tower), **progress})
        log.write(
            stage=modality,
            epoch=epoch,
            val=seen,
            loss={name: round(float(np.mean(values)), 4) for name, values in losses.items()},
        )
    model.eval()
    return path
