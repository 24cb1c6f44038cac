"""Stage 1: each tower alone learns to place its tokens where its labels' meanings are."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from . import checkpoint
from .data.mixing import Batch, epoch_batches
from .data.sources import Sources
from .encode import RowEncoder
from .label_encoder import LabelEncoder
from .label_sets import SHIPPED
from .losses import by_kind, info_nce
from .metrics import accuracy, macro_f1
from .model import MerClip
from .runlog import RunLog
from .schedule import optimiser, set_rate


def centre_labels(model: MerClip, labels: LabelEncoder) -> None:
    """Takes the middle of the shipped prompts as the origin of label space."""
    everything = torch.cat([labels.encode_set(labelset) for labelset in SHIPPED])
    model.fusion.labels.centre.copy_(everything.mean(0))


def values_of(view_labels: Any) -> torch.Tensor | None:
    """Values of an ordinal set, [K], or None."""
    if view_labels.kind != "ordinal":
        return None
    return torch.tensor([label.value for label in view_labels.labels])


def tower_groups(model: MerClip, rates: dict[str, float]) -> dict[str, tuple[float, list[torch.nn.Parameter]]]:
    """Parameters by learning rate: what is new learns faster than what was published, a scale faster still."""
    new = [*model.text.project.parameters(), *model.text.norm.parameters(), *model.fusion.labels.parameters()]
    scales = []
    for head in model.heads.values():
        new += [*head.attend.parameters(), *head.project.parameters()]
        scales += list(head.prediction.parameters())
    return {
        "text": (rates["text"], list(model.text.tuned_layers.parameters())),
        "audio": (rates["audio"], list(model.audio.parameters())),
        "vision": (rates["vision"], list(model.vision.parameters())),
        "shared": (rates["shared"], new),
        "scale": (rates["scale"], scales),
    }


def tower_loss(
    model: MerClip, encoder: RowEncoder, labels: LabelEncoder, rng: random.Random, batch: Batch, config: dict[str, Any]
) -> torch.Tensor:
    dataset, view = batch.part.dataset, batch.view
    mixup = config["mixup"].get(dataset.modality, 0.0)
    tokens, mask, partner, weight = encoder(dataset, batch.rows, augment=True, mixup=mixup)
    head = model.heads[dataset.modality]
    pooled = head.pool(tokens, mask)
    embedded = model.fusion.labels(labels.encode_varied(view.labels, rng))
    target = view.target[batch.rows]
    target = torch.from_numpy(weight * target + (1.0 - weight) * target[partner]).to(pooled.device)
    values = values_of(view.labels)
    loss = by_kind(view.labels.kind, head(pooled, embedded), target, values)
    if view.labels.kind == "multi":
        scale = head.prediction.log_scale.exp()
        loss = loss + config["nceWeight"] * info_nce(pooled, embedded, target, scale)
    return loss


@torch.no_grad()
def quick_validation(
    model: MerClip, encoder: RowEncoder, labels: LabelEncoder, sources: Sources, limit: int = 1500
) -> dict[str, float]:
    """A first look per data set, by the tower's own head: accuracy (single) or macro-F1 at 0.3 (multi)."""
    model.eval()
    result = {}
    for name, dataset in sources.datasets.items():
        view = sources.views[name].get("native")
        if view is None:
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
            result[name] = macro_f1(truth > 0, 1.0 / (1.0 + np.exp(-scores)) > 0.3)
        else:
            result[name] = accuracy(truth.argmax(1), scores.argmax(1))
    return {name: round(value, 4) for name, value in result.items()}


def train_towers(
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
    """Trains and leaves ``towers.pt`` in ``out``; ``stop_after`` ends after that many epochs, to be resumed."""
    path = out / "towers.pt"
    log = RunLog(out / "log.jsonl")
    parts = sources.parts(config["parts"], sources.tower_rows)
    rates = config["lr"]
    optim = optimiser(tower_groups(model, rates), config["weightDecay"])
    steps = config["epochs"] * sum(1 for _ in epoch_batches(parts, seed, 0))
    first = 0
    if resume and path.is_file():
        content = checkpoint.load_model(path, model)
        optim.load_state_dict(content["optimiser"])
        first = content["epoch"] + 1
    step = first * (steps // config["epochs"])
    last = config["epochs"] if stop_after is None else min(config["epochs"], stop_after)
    for epoch in range(first, last):
        # Everything random hangs on seed and epoch, so that a resumed epoch is the one it would have been.
        epoch_seed = seed * 1000 + epoch
        torch.manual_seed(epoch_seed)
        rng = random.Random(epoch_seed)
        encoder = RowEncoder(model, labels.tokenizer, epoch_seed, device)
        model.train()
        losses: dict[str, list[float]] = {}
        batches = list(epoch_batches(parts, seed, epoch))
        for batch in tqdm(batches, desc=f"towers {epoch + 1}/{config['epochs']}", disable=None, unit="batch"):
            set_rate(optim, step, steps, config["warmup"])
            with torch.autocast(device, dtype=torch.bfloat16):
                loss = tower_loss(model, encoder, labels, rng, batch, config)
            optim.zero_grad(set_to_none=True)
            loss.backward()
            used = [p for group in optim.param_groups for p in group["params"] if p.grad is not None]
            torch.nn.utils.clip_grad_norm_(used, config["clip"])
            optim.step()
            step += 1
            losses.setdefault(f"{batch.part.dataset.name}/{batch.view.labels.id}", []).append(loss.item())
        with torch.autocast(device, dtype=torch.bfloat16):
            seen = quick_validation(model, RowEncoder(model, labels.tokenizer, 0, device), labels, sources)
        log.write(
            stage="towers",
            epoch=epoch,
            val=seen,
            loss={name: round(float(np.mean(values)), 4) for name, values in losses.items()},
        )
        checkpoint.save(
            path, {"model": checkpoint.trained_state(model), "optimiser": optim.state_dict(), "epoch": epoch}
        )
    return path
