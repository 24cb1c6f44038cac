"""Trains and measures on one of MMSA's pickles:
``python -m merclip.features.train_mmsa --pickle aligned_50.pkl --config configs/mmsa.yaml --json``.

The epoch is chosen by the mean absolute error on the validation split; the test split is read once, at the end."""

from __future__ import annotations

import argparse
import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from ..decoder import MODALITIES
from ..figures.measured import rounded
from ..schedule import optimiser, set_rate
from ..sentiment_metrics import sentiment_metrics
from .measure import over_seeds
from .mmsa import Clips, load_mmsa, standardise
from .model import FeatureModel, Sequences, build
from .sentiment import VALUES, label_embeddings, sentiment_loss, soft_target
from .settings import load_settings

CONFIG = Path(__file__).resolve().parents[2] / "configs" / "mmsa.yaml"
SEEDS = (1111, 1112, 1113, 1114, 1115)


def batch_of(clips: Clips, rows: np.ndarray, names: tuple[str, ...], device: str) -> Sequences:
    return {
        name: (
            torch.from_numpy(clips.features[name][rows]).to(device),
            torch.from_numpy(clips.masks[name][rows].astype(np.int32)).to(device),
        )
        for name in names
    }


def with_modalities_dropped(inputs: Sequences, chances: dict[str, float], rng: np.random.Generator) -> Sequences:
    """Hides each modality of a row with its chance; a row that would lose all keeps all."""
    count = next(iter(inputs.values()))[0].shape[0]
    hidden = {name: rng.random(count) < chances.get(name, 0.0) for name in inputs}
    nothing = np.logical_and.reduce(list(hidden.values()))
    found = {}
    for name, (x, mask) in inputs.items():
        keep = torch.from_numpy((~hidden[name] | nothing).astype(np.int32)).to(mask.device)
        found[name] = (x, mask * keep[:, None])
    return found


@torch.no_grad()
def predict(model: FeatureModel, clips: Clips, labels: torch.Tensor, device: str, size: int = 128) -> np.ndarray:
    """-> sentiment [N]."""
    model.eval()
    names = tuple(model.encoders)
    parts = []
    for start in range(0, len(clips), size):
        rows = np.arange(start, min(len(clips), start + size))
        parts.append(model.sentiment(model(batch_of(clips, rows, names, device), labels)).cpu().numpy())
    return np.concatenate(parts)


def train(
    splits: dict[str, Clips],
    labels: torch.Tensor,
    settings: dict[str, Any],
    seed: int,
    names: tuple[str, ...] = MODALITIES,
    device: str = "cpu",
) -> tuple[FeatureModel, list[float]]:
    """-> the model of the best epoch and the validation error of every epoch; stops after ``patience`` without gain."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    training, part = settings["training"], splits["train"]
    sizes = {name: part.features[name].shape[2] for name in names}
    lengths = {name: part.features[name].shape[1] for name in names}
    model = build(settings["model"], sizes, lengths, labels.cpu(), VALUES).to(device)
    optim = optimiser({"all": (training["lr"], list(model.parameters()))}, training["weightDecay"])
    target = torch.from_numpy(soft_target(part.sentiment)).to(device)
    positive = torch.from_numpy((part.sentiment >= 0).astype(np.float32)).to(device)
    steps = training["epochs"] * -(-len(part) // training["batch"])
    step, errors, best = 0, [], copy.deepcopy(model.state_dict())
    for _ in tqdm(range(training["epochs"]), desc=f"seed {seed}", disable=None, unit="epoch"):
        model.train()
        shuffled = rng.permutation(len(part))
        for start in range(0, len(part), training["batch"]):
            rows = shuffled[start : start + training["batch"]]
            set_rate(optim, step, steps, training["warmup"])
            inputs = with_modalities_dropped(batch_of(part, rows, names, device), training["drop"], rng)
            index = torch.from_numpy(rows).to(device)
            logits = model(inputs, labels)
            loss = sentiment_loss(model, logits, target[index], positive[index], training["loss"])
            optim.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optim.step()
            step += 1
        valid = splits["valid"]
        errors.append(float(np.abs(predict(model, valid, labels, device) - valid.sentiment).mean()))
        if errors[-1] == min(errors):
            best = copy.deepcopy(model.state_dict())
        elif len(errors) - 1 - int(np.argmin(errors)) >= training["patience"]:
            break
    model.load_state_dict(best)
    return model, errors


def evaluate(
    splits: dict[str, Clips],
    labels: torch.Tensor,
    settings: dict[str, Any],
    seeds: tuple[int, ...],
    names: tuple[str, ...] = MODALITIES,
    device: str = "cpu",
) -> dict[str, Any]:
    """Mean and deviation over seeds of the protocol's figures on the validation and the test split."""
    scaled = standardise(splits)
    runs: dict[str, list[dict[str, float]]] = {"valid": [], "test": []}
    for seed in seeds:
        model, _ = train(scaled, labels.to(device), settings, seed, names, device)
        for split, found in runs.items():
            prediction = predict(model, scaled[split], labels.to(device), device)
            found.append(sentiment_metrics(splits[split].sentiment, prediction))
    return {split: over_seeds(found) for split, found in runs.items()}


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="merclip.features.train_mmsa", description=__doc__)
    parser.add_argument("--pickle", type=Path, required=True, help="aligned_50.pkl or unaligned_50.pkl")
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--minilm", type=Path, help="folder of all-MiniLM-L6-v2 (default: the installed package)")
    parser.add_argument("--modalities", nargs="+", choices=MODALITIES, default=list(MODALITIES))
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    args = parser.parse_args(argv)
    torch.set_num_threads(args.threads)
    settings = load_settings(args.config)
    splits = load_mmsa(args.pickle)
    figures = evaluate(
        splits, label_embeddings(args.minilm), settings, tuple(args.seeds), tuple(args.modalities), args.device
    )
    result = rounded(
        {
            "id": settings["id"],
            "modalities": args.modalities,
            "seeds": args.seeds,
            "n": {split: len(clips) for split, clips in splits.items()},
            "figures": figures,
        }
    )
    if args.json:
        print(json.dumps(result, indent=2))
        return
    for split, values in figures.items():
        print(f"{split:6s}", "  ".join(f"{key} {v['mean']:.4f}±{v['std']:.4f}" for key, v in values.items()))


if __name__ == "__main__":
    main()
