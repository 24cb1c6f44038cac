"""Which of MER-CLIP's ideas pay: ``python -m merclip.ablate --data DIR`` measures the model of ``mosi-features.yaml``
and what is left when one idea at a time is taken out or exchanged, on folds of CMU-MOSI held out by video with text
extracted anew for each (see ``features/protocol.py``), and writes the table to ``ablations.md`` and ``ablations.json``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import permutations, repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from .alignment import balanced_contrast, hard_negative_contrast
from .config import merged
from .decoder import MODALITIES, CrossModalDecoder
from .features.evaluate import ALL, CONFIG, FILE, FOLDS, SEEDS, kept, measure_folds
from .features.measure import over_seeds
from .features.model import FeatureModel, Sequences, build, order_of
from .features.protocol import Fold, unseen_folds, words_of
from .features.ridge import ridge_reading
from .features.sentiment import label_embeddings
from .features.settings import load_settings
from .features.training import ExtraLoss, Reading, fit_and_read
from .features.utterances import load_utterances
from .figures.measured import rounded
from .variants import JointDecoder, LearnedLabels, LinearPrediction, SignalledDecoder, consistency

MODELS = Path(__file__).resolve().parents[1]
CONTRAST_WEIGHT = 0.1
CONSISTENCY_WEIGHT = 0.3
QUICK = {"training": {"epochs": 1, "batch": 256}}

Make = Callable[[dict[str, Any], dict[str, int], dict[str, int], torch.Tensor, torch.Tensor], FeatureModel]


def without_label_encoder(model, sizes, lengths, labels, values) -> FeatureModel:
    """Learned queries, and a prediction by how near they stay to themselves."""
    made = build(model, sizes, lengths, labels, values)
    made.labels = LearnedLabels(len(values), model["dim"])
    return made


def joint(model, sizes, lengths, labels, values) -> FeatureModel:
    made = build(model, sizes, lengths, labels, values)
    made.decoder = JointDecoder(model["dim"], model["heads"], model["feed"], model["dropout"], order_of(model, sizes))
    return made


def linear_head(model, sizes, lengths, labels, values) -> FeatureModel:
    made = build(model, sizes, lengths, labels, values)
    made.prediction = LinearPrediction(model["dim"], len(values))
    return made


def signalled(model, sizes, lengths, labels, values) -> FeatureModel:
    made = build(model, sizes, lengths, labels, values)
    assert isinstance(made.decoder, CrossModalDecoder)
    made.decoder = SignalledDecoder(made.decoder, model["dim"])
    return made


def balanced(model: FeatureModel, tokens: Sequences, labels, logits, positive) -> torch.Tensor:
    return CONTRAST_WEIGHT * balanced_contrast(tokens)


def hard_negatives(model: FeatureModel, tokens: Sequences, labels, logits, positive) -> torch.Tensor:
    return CONTRAST_WEIGHT * hard_negative_contrast(tokens, positive > 0)


def consistent(model: FeatureModel, tokens: Sequences, labels, logits, positive) -> torch.Tensor:
    batch = len(logits)
    embedded = model.labels(labels)[None].expand(batch, -1, -1)
    return CONSISTENCY_WEIGHT * consistency(model.decoder.attribution(embedded, tokens), logits)


@dataclass(frozen=True)
class Variant:
    """What one row of the table trains: the parts, an added loss, the modalities and settings that differ."""

    make: Make = build
    extra_loss: ExtraLoss | None = None
    modalities: str = ALL
    over: dict[str, Any] = field(default_factory=dict)


FULL = "MER-CLIP: text, audio, vision"


def variants(order: tuple[str, ...]) -> dict[str, Variant]:
    """All rows but ridge, by the name that the table gives them. ``order`` is the one that the configuration names."""
    rows = {
        FULL: Variant(),
        "no label encoder: learned queries": Variant(make=without_label_encoder),
        "joint fusion: all modalities in every block": Variant(make=joint),
        "linear head instead of label-guided prediction": Variant(make=linear_head),
    }
    for name in MODALITIES:
        rows[f"without {name}"] = Variant(modalities="+".join(other for other in MODALITIES if other != name))
    for name in MODALITIES:
        rows[f"{name} alone"] = Variant(modalities=name)
    for other in permutations(MODALITIES):
        if other != order:
            rows[f"order {', '.join(other)}"] = Variant(over={"model": {"order": list(other)}})
    alone = {"model": {"context": dict.fromkeys(MODALITIES, 0)}}
    trusting = {"training": {"exchange": dict.fromkeys(MODALITIES, 0.0)}}
    whole = {"training": {"drop": dict.fromkeys(MODALITIES, 0.0), "dropToken": 0.0}}
    rows |= {
        "+ balanced contrast of all pairs (Synergy-CLIP)": Variant(extra_loss=balanced),
        "+ hard-negative contrast (UniME)": Variant(extra_loss=hard_negatives),
        "+ label signal and consistency (LSGMER)": Variant(make=signalled, extra_loss=consistent),
        "no neighbouring utterances": Variant(over=alone),
        "no exchange of training tokens": Variant(over=trusting),
        "no modality or token dropout": Variant(over=whole),
    }
    return rows


@dataclass(frozen=True)
class Job:
    """What a process needs to measure one seed."""

    file: Path
    words: torch.Tensor
    labels: torch.Tensor
    settings: dict[str, Any]
    folds: int
    threads: int


def measured_seed(job: Job, seed: int, tell: Callable[[], None] | None = None) -> dict[str, dict[str, float]]:
    """{row: figures}. Every row sees the same folds and the same features; ``tell`` is called after each."""
    torch.set_num_threads(job.threads)
    utterances = load_utterances(job.file)
    folds = unseen_folds(utterances, job.words, job.folds, seed)
    found: dict[str, dict[str, float]] = {}

    def measure(name: str, read: Callable[[Fold], Reading]) -> None:
        found[name] = measure_folds(utterances, folds, read)
        if tell is not None:
            tell()

    for name, variant in variants(tuple(job.settings["model"]["order"])).items():
        adapted = merged(job.settings, variant.over)

        def read(fold: Fold, variant: Variant = variant, adapted=adapted) -> Reading:
            features = kept(fold.features, variant.modalities)
            rows = fold.train, fold.test
            return fit_and_read(
                utterances, features, *rows, job.labels, adapted, seed, variant.make, variant.extra_loss
            )

        measure(name, read)
    for names in (ALL, "text"):
        measure(
            f"ridge: {names.replace('+', ', ')}",
            lambda fold, names=names: ridge_reading(utterances, kept(fold.features, names), fold.train, fold.test),
        )
    return found


def measured(job: Job, seeds: tuple[int, ...], jobs: int = 1) -> dict[str, list[dict[str, float]]]:
    """{row: figures of each seed}, with ``jobs`` seeds at a time, each in a process of its own."""
    if jobs == 1:
        rows = len(variants(tuple(job.settings["model"]["order"]))) + 2
        with tqdm(total=len(seeds) * rows, disable=None, unit="row") as progress:
            found = [measured_seed(job, seed, progress.update) for seed in seeds]
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            results = pool.map(measured_seed, repeat(job), seeds)
            found = list(tqdm(results, total=len(seeds), disable=None, unit="seed"))
    return {name: [one[name] for one in found] for name in found[0]}


def table(runs: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    """{row: {figure: {mean, std}, "gain": {mean, std}}}; gain is acc2 over that of the full model, seed by seed."""
    full = np.array([run["acc2"] for run in runs[FULL]])
    result = {}
    for name, found in runs.items():
        gain = np.array([run["acc2"] for run in found]) - full
        result[name] = {**over_seeds(found), "gain": {"mean": float(gain.mean()), "std": float(gain.std())}}
    return result


def lessons(rows: dict[str, Any]) -> list[str]:
    """What the figures say, each with whether it stands out of the spread over seeds."""

    def told(name: str, text: str) -> str:
        gain = rows[name]["gain"]
        points = f"{100 * gain['mean']:+.1f} ± {100 * gain['std']:.1f} points"
        clear = "clear of the spread over seeds" if abs(gain["mean"]) > gain["std"] else "within the spread over seeds"
        return f"- {text}: {points}, {clear}."

    best = max((f"{name} alone" for name in MODALITIES), key=lambda name: rows[name]["acc2"]["mean"])
    orders = [name for name in rows if name.startswith("order ")]
    spread = [rows[name]["acc2"]["mean"] for name in (FULL, *orders)]
    return [
        told(best, f"The best single modality ({best.split()[0]}) against all three"),
        told("no label encoder: learned queries", "Learned queries instead of label meanings"),
        told("joint fusion: all modalities in every block", "Joint instead of sequential fusion"),
        told("linear head instead of label-guided prediction", "A linear head instead of label-guided prediction"),
        f"- The six orders of fusion lie within {100 * (max(spread) - min(spread)):.1f} points of one another.",
        told("+ balanced contrast of all pairs (Synergy-CLIP)", "Balanced contrast of the three pairs"),
        told("+ hard-negative contrast (UniME)", "Contrast against hard negatives"),
        told("+ label signal and consistency (LSGMER)", "Label signal and consistency"),
        told("no neighbouring utterances", "Reading each utterance by itself"),
        told("no exchange of training tokens", "Trusting training features as they are"),
        told("no modality or token dropout", "Never hiding a modality or token"),
    ]


def markdown(rows: dict[str, Any], seeds: tuple[int, ...], folds: int, count: int) -> str:
    def percent(value: dict[str, float]) -> str:
        return f"{100 * value['mean']:.1f} ± {100 * value['std']:.1f}"

    lines = [
        "# Ablations",
        "",
        f"`python -m merclip.ablate --data DIR`, on {count} utterances of CMU-MOSI: {folds} folds held out by video, "
        f"other folds for each of the seeds {', '.join(map(str, seeds))}; mean and standard deviation over seeds. Text "
        "features are extracted anew for each fold by a network that saw the fold's training videos only; under test "
        "70 % of the vision vectors are exchanged (`features/protocol.py` says why). So the figures compare rows of "
        "this table with one another; what vision adds is set by that share. Gain: points of Acc-2 over the first row, "
        "paired by seed.",
        "",
        "| model | Acc-2 % | gain | F1 % | MAE | Pearson | Acc-7 % |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in rows.items():
        gain = "" if name == FULL else f"{100 * row['gain']['mean']:+.1f} ± {100 * row['gain']['std']:.1f}"
        cells = [percent(row["acc2"]), gain, percent(row["f1"])]
        cells += [f"{row[key]['mean']:.3f} ± {row[key]['std']:.3f}" for key in ("mae", "pearson")]
        lines.append(f"| {name} | {' | '.join([*cells, percent(row['acc7'])])} |")
    return "\n".join([*lines, "", "## What it taught", "", *lessons(rows), ""])


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="merclip.ablate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with mosi/ and text/")
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--minilm", type=Path, help="folder of all-MiniLM-L6-v2 (default: the installed package)")
    parser.add_argument("--out", type=Path, default=MODELS, help="folder of ablations.md and ablations.json")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--folds", type=int, default=FOLDS)
    parser.add_argument("--quick", action="store_true", help="one epoch a row: shows that it runs, measures nothing")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="seeds at a time, each in a process of its own (default 1)")
    parser.add_argument("--json", action="store_true", help="the table as one JSON object on stdout")
    args = parser.parse_args(argv)
    torch.set_num_threads(args.threads)
    settings = load_settings(args.config)
    settings = merged(settings, QUICK) if args.quick else settings
    utterances = load_utterances(args.data / FILE)
    words = words_of(utterances, args.data, args.minilm)
    seeds = tuple(args.seeds)
    if args.jobs < 1:
        parser.error(f"--jobs is {args.jobs}; it must be 1 or more")
    job = Job(args.data / FILE, words, label_embeddings(args.minilm), settings, args.folds, args.threads)
    runs = measured(job, seeds, args.jobs)
    rows = table(runs)
    args.out.mkdir(parents=True, exist_ok=True)
    content = {
        "id": settings["id"],
        "seeds": list(seeds),
        "folds": args.folds,
        "n": len(utterances),
        "rows": rounded(rows),
    }
    (args.out / "ablations.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    text = markdown(rows, seeds, args.folds, len(utterances))
    (args.out / "ablations.md").write_text(text, encoding="utf-8")
    print(json.dumps(content, indent=2) if args.json else text)


if __name__ == "__main__":
    main()
