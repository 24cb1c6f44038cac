"""Measures MER-CLIP on CMU-MOSI's utterance features.

``python -m merclip.features.evaluate --train A.npz --test B.npz --json`` trains on one file and measures another.
``python -m merclip.features.evaluate --data DIR`` measures folds held out by video of DIR/mosi/mosi_features_train.npz;
``--given`` takes the features as they are instead of extracting text anew for each fold (see ``reextract``).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from ..decoder import MODALITIES
from ..figures.measured import rounded
from .measure import measure, over_seeds
from .protocol import Fold, given_folds, unseen_folds, words_of
from .ridge import ridge_reading
from .sentiment import label_embeddings
from .settings import load_settings
from .training import Reading, fit_and_read, mean_reading
from .utterances import Utterances, joined, load_utterances

CONFIG = Path(__file__).resolve().parents[2] / "configs" / "mosi-features.yaml"
FILE = Path("mosi") / "mosi_features_train.npz"
SEEDS = (1111, 1112, 1113, 1114, 1115)
FOLDS = 5
ALL = "+".join(MODALITIES)

Reader = Callable[[Fold, int], Reading]


def kept(features: dict[str, np.ndarray], names: str) -> dict[str, np.ndarray]:
    """The features of the modalities in ``text+audio``."""
    return {name: features[name] for name in names.split("+")}


def measure_folds(utterances: Utterances, folds: list[Fold], read: Callable[[Fold], Reading]) -> dict[str, float]:
    """Each fold read by a model that trained on the others -> figures over all utterances at once."""
    sentiment, polarity = (np.zeros(len(utterances)) for _ in range(2))
    for fold in folds:
        reading = read(fold)
        sentiment[fold.test], polarity[fold.test] = reading.sentiment, reading.polarity
    return measure(utterances, np.arange(len(utterances)), Reading(sentiment, polarity))


def readers(utterances: Utterances, labels: torch.Tensor, settings: dict[str, Any]) -> dict[str, Reader]:
    """The model on all modalities and on each alone; ridge on all and on text."""

    def model(names: str) -> Reader:
        return lambda fold, seed: fit_and_read(
            utterances, kept(fold.features, names), fold.train, fold.test, labels, settings, seed
        )

    def ridge(names: str) -> Reader:
        return lambda fold, seed: ridge_reading(utterances, kept(fold.features, names), fold.train, fold.test)

    return {
        **{names: model(names) for names in (ALL, *MODALITIES)},
        **{f"ridge {names}": ridge(names) for names in (ALL, *MODALITIES)},
    }


def with_gain(figures: dict[str, Any]) -> dict[str, Any]:
    """Adds how far three modalities are above the best single one, in points of acc2."""
    best = max(figures[name]["acc2"]["mean"] for name in MODALITIES)
    return {"figures": figures, "fusionGain": 100.0 * (figures[ALL]["acc2"]["mean"] - best)}


def evaluate_folds(
    utterances: Utterances,
    labels: torch.Tensor,
    settings: dict[str, Any],
    seeds: tuple[int, ...],
    words: torch.Tensor | None,
    folds: int = FOLDS,
) -> dict[str, Any]:
    """Mean and deviation over seeds, each with folds of its own. ``words`` None: features as they are given."""
    runs: dict[str, list[dict[str, float]]] = {}
    chosen = readers(utterances, labels, settings)
    progress = tqdm(total=len(seeds) * len(chosen), disable=None, unit="run")
    for seed in seeds:
        parts = given_folds(utterances, folds, seed) if words is None else unseen_folds(utterances, words, folds, seed)
        for name, reader in chosen.items():
            runs.setdefault(name, []).append(
                measure_folds(utterances, parts, lambda fold, reader=reader, seed=seed: reader(fold, seed))
            )
            progress.update()
    progress.close()
    return with_gain({name: over_seeds(values) for name, values in runs.items()})


def evaluate_split(
    train: Utterances, test: Utterances, labels: torch.Tensor, settings: dict[str, Any], seeds: tuple[int, ...]
) -> dict[str, Any]:
    """Trained on one part with each seed, measured on the other; ``ensemble`` is the mean reading of all seeds."""
    utterances, train_rows, test_rows = joined(train, test)
    part = Fold(train_rows, test_rows, utterances.features)
    figures: dict[str, Any] = {}
    for name, reader in tqdm(readers(utterances, labels, settings).items(), disable=None, unit="model"):
        readings = [reader(part, seed) for seed in seeds]
        figures[name] = over_seeds([measure(utterances, test_rows, reading) for reading in readings])
        figures[name]["ensemble"] = measure(utterances, test_rows, mean_reading(readings))
    result = with_gain(figures)
    best = max(figures[name]["ensemble"]["acc2"] for name in MODALITIES)
    return {**result, "ensembleFusionGain": 100.0 * (figures[ALL]["ensemble"]["acc2"] - best)}


def print_table(result: dict[str, Any]) -> None:
    for name, values in result["figures"].items():
        line = "  ".join(f"{key} {values[key]['mean']:.4f}±{values[key]['std']:.4f}" for key in ("acc2", "f1", "mae"))
        ensemble = f"  ensemble acc2 {values['ensemble']['acc2']:.4f}" if "ensemble" in values else ""
        print(f"{name:24s} {line}{ensemble}")
    print(f"three modalities over the best single one: {result['fusionGain']:.1f} points of acc2")


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="merclip.features.evaluate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder with mosi/ and text/: folds held out by video")
    parser.add_argument("--given", action="store_true", help="with --data: the features as they are")
    parser.add_argument("--train", type=Path, help="npz to train on")
    parser.add_argument("--test", type=Path, help="npz to measure")
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--minilm", type=Path, help="folder of all-MiniLM-L6-v2 (default: the installed package)")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--folds", type=int, default=FOLDS)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    args = parser.parse_args(argv)
    if (args.data is None) == (args.train is None) or (args.train is None) != (args.test is None):
        parser.error("give either --data DIR, or --train A.npz and --test B.npz")
    torch.set_num_threads(args.threads)
    settings = load_settings(args.config)
    labels = label_embeddings(args.minilm)
    seeds = tuple(args.seeds)
    head = {"id": settings["id"], "seeds": list(seeds)}
    if args.data is None:
        train, test = load_utterances(args.train), load_utterances(args.test)
        result = {**head, "n": len(test), **evaluate_split(train, test, labels, settings, seeds)}
    else:
        utterances = load_utterances(args.data / FILE)
        words = None if args.given else words_of(utterances, args.data, args.minilm)
        head = {**head, "n": len(utterances), "folds": args.folds, "features": "given" if args.given else "unseen"}
        result = {**head, **evaluate_folds(utterances, labels, settings, seeds, words, args.folds)}
    result = rounded(result)
    if args.json:
        print(json.dumps(result, indent=2))
    else:
        print_table(result)


if __name__ == "__main__":
    main()
