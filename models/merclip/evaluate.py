"""Measures a release: ``python -m merclip.evaluate --weights weights/open --data DIR [--split val] [--json]``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from .concepts import UNSEEN
from .data.sources import LOADERS, Sources, load_sources
from .label_sets import BIG6, MEETING, Label, LabelSet, prompt_for
from .measure import (
    SplitFeatures,
    coverage_curve,
    multi_figures,
    sentiment_figures,
    single_figures,
)
from .runtime import Runtime

COMPOSED = 700


def open_release(folder: Path, threads: int = 1) -> tuple[Runtime, dict[str, Any]]:
    """The runtime of a release folder and its manifest."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return Runtime(folder, manifest["text"]["maxTokens"], manifest["audio"]["chunkSamples"], threads), manifest


def unseen_words() -> LabelSet:
    """big6 in words that training never used."""
    labels = (Label(label.name, label.concept, prompt_for(UNSEEN[label.concept])) for label in BIG6.labels)
    return LabelSet("big6-unseen-words", BIG6.kind, tuple(labels))


def majority_class(sources: Sources, name: str, view: str) -> int:
    """The commonest class of a data set's training rows in a view."""
    found = sources.views[name][view]
    rows = sources.datasets[name].rows("train")
    return int(np.bincount(found.target[rows[found.valid[rows]]].argmax(1), minlength=found.target.shape[1]).argmax())


def evaluate_composed(features: SplitFeatures, temperature: float) -> dict[str, Any]:
    """Composed clips of held-out rows: each modality alone, each pair, all three, and with one that disagrees."""
    clips, target = features.composed("big6", COMPOSED)
    labels = features.runtime.embed(BIG6.prompts)
    result: dict[str, Any] = {}
    for kept in (
        ("text",),
        ("audio",),
        ("vision",),
        ("text", "audio"),
        ("text", "vision"),
        ("audio", "vision"),
        ("text", "audio", "vision"),
    ):
        logits = features.runtime.fuse([{m: clip[m] for m in kept} for clip in clips], labels)
        result["+".join(kept)] = single_figures(logits, target, 0, temperature)
    others = np.random.default_rng(13).permutation(len(clips))
    swapped = [{**clip, "audio": clips[other]["audio"]} for clip, other in zip(clips, others, strict=True)]
    result["audio of another clip"] = single_figures(features.runtime.fuse(swapped, labels), target, 0, temperature)
    return result


def evaluate(folder: Path, sources: Sources, split: str, limit: int | None = None, threads: int = 1) -> dict[str, Any]:
    """All figures of a release on a split, as one object."""
    runtime, manifest = open_release(folder, threads)
    sets = {entry["id"]: entry for entry in manifest["labelSets"]}
    features = SplitFeatures(runtime, sources, split, limit)
    result: dict[str, Any] = {"id": manifest["id"], "version": manifest["version"], "split": split, "tasks": {}}
    for name, views in sources.views.items():
        figures: dict[str, Any] = {}
        for view_name, view in views.items():
            if view_name == "sentiment" or not view.valid[features.rows[name]].any():
                continue
            logits, target = features.scores(name, view)
            shipped = sets.get(view.labels.id)
            temperature = shipped["temperature"] if shipped else manifest["custom"]["temperature"]
            if view.labels.kind == "multi":
                threshold = shipped["threshold"] if shipped else manifest["custom"]["multiThreshold"]
                figures[view_name] = multi_figures(logits, target, temperature, threshold)
            else:
                majority = majority_class(sources, name, view_name)
                figures[view_name] = single_figures(logits, target, majority, temperature)
        if "big6" in views:
            logits, target = features.scores(name, views["big6"], unseen_words())
            figures["big6, unseen words"] = single_figures(
                logits, target, majority_class(sources, name, "big6"), manifest["custom"]["temperature"]
            )
        figures["sentiment"] = sentiment_figures(features, name, sets["sentiment"]["temperature"])
        result["tasks"][name] = figures
    result["composed"] = evaluate_composed(features, sets["big6"]["temperature"])
    clips, target = features.composed("big6", COMPOSED)
    logits = runtime.score_set(clips, BIG6)
    result["coverage"] = coverage_curve(logits, target, sets["big6"]["temperature"])
    clips, target = features.composed("meeting", COMPOSED) if _has_meeting(sources) else ([], np.zeros((0, 7)))
    if clips:
        result["composedMeeting"] = single_figures(
            runtime.score_set(clips, MEETING), target, 0, sets["meeting"]["temperature"]
        )
    return result


def _has_meeting(sources: Sources) -> bool:
    modalities = {sources.datasets[name].modality for name, views in sources.views.items() if "meeting" in views}
    return len(modalities) == 3


def rounded(value: Any, digits: int = 4) -> Any:
    """Numbers cut to what a reader can use."""
    if isinstance(value, float):
        return round(value, digits)
    if isinstance(value, dict):
        return {key: rounded(item, digits) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item, digits) for item in value]
    return value


def print_table(result: dict[str, Any]) -> None:
    for name, figures in result["tasks"].items():
        for view, values in figures.items():
            line = "  ".join(
                f"{key} {value:.3f}" if isinstance(value, float) else f"{key} {value}" for key, value in values.items()
            )
            print(f"{name:12s} {view:18s} {line}")
    for kept, values in result["composed"].items():
        print(f"composed     {kept:22s} accuracy {values['accuracy']:.3f}  ece {values['eceAfter']:.3f}")


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="merclip.evaluate", description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="folder of a release")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=("val", "test"), default="val")
    parser.add_argument("--limit", type=int, help="at most so many rows a data set")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    args = parser.parse_args(argv)
    sources = load_sources(args.data, list(LOADERS), "open", 0.15)
    result = rounded(evaluate(args.weights, sources, args.split, args.limit, args.threads))
    if args.json:
        print(json.dumps(result, indent=2))
    else:
        print_table(result)


if __name__ == "__main__":
    main()
