"""Makes a release of a checkpoint: graphs, calibration, manifest, golden tensors, figures, card and plots.

``python -m merclip.export --config configs/compact.yaml --checkpoint RUN/merclip.pt --data DIR --out weights/open
--test``

All files are written beside the target and put in place together at the end.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .card import MAX_MB, write_card
from .checkpoint import load_model
from .config import load_config
from .data.sources import LOADERS, Sources, load_what_is_there
from .figures.features import SplitFeatures
from .figures.measured import rounded
from .fit_release import fit_release, release_sets
from .golden import build_golden
from .label_encoder import LabelEncoder
from .manifest import build_manifest, write_labels
from .measure_release import measure_release
from .minilm import minilm_dir
from .model import MerClip, build
from .onnx_export import export_graphs
from .runtime import Runtime
from .torch_runtime import TorchRuntime


def replace_folder(fresh: Path, target: Path) -> None:
    """Puts a finished folder in the place of another."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def write_json(path: Path, value: Any, indent: int | None = None) -> None:
    path.write_text(json.dumps(value, indent=indent, ensure_ascii=False) + "\n", encoding="utf-8")


def make_release(
    model: MerClip,
    labels: LabelEncoder,
    config: dict[str, Any],
    sources: Sources,
    vocab: Path,
    out: Path,
    limit: int | None = None,
    test: bool = False,
    everything: Sources | None = None,
    zero_shot: dict[str, Any] | None = None,
) -> dict[str, float]:
    """Writes the release folder and returns what the export measured. Raises ValueError when it is too large.

    ``sources``: what it was trained on, for calibration. ``everything``: what it is measured on, if more."""
    fresh = out.with_name(f".{out.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    shutil.copyfile(vocab, fresh / "vocab.txt")
    texts = [
        data.payload[row]
        for data in sources.datasets.values()
        if data.modality == "text"
        for row in data.rows("val")[:50]
    ]
    measured = export_graphs(model, fresh, [np.array(labels.tokenizer.ids(text)) for text in texts])
    size = sum(path.stat().st_size for path in fresh.glob("*.onnx"))
    if size > MAX_MB * 1e6:
        raise ValueError(f"the graphs take {size / 1e6:.1f} MB; allowed are {MAX_MB}")
    measured["graphBytes"] = size

    settings = config["model"]
    runtime = Runtime(fresh, settings["text"]["maxTokens"], settings["audio"]["chunkSamples"])
    sets = release_sets(sources)
    offsets = write_labels(runtime, sets, fresh / "labels.bin")
    val = SplitFeatures(runtime, everything or sources, "val", limit)
    fitted, custom, multi = fit_release(val.only(list(sources.datasets)))
    manifest = build_manifest(config, fresh, model.audio.tokens_per_chunk, sets, offsets, fitted, custom, multi)
    write_json(fresh / "manifest.json", manifest, 2)
    write_json(fresh / "golden.json", build_golden(runtime, manifest))
    figures = measure_release(val, manifest, TorchRuntime(model, labels.tokenizer, runtime.chunk), sources, test, limit)
    figures["export"] = rounded(measured, 6)
    if zero_shot is not None:
        figures["zeroShot"] = zero_shot
    write_json(fresh / "figures.json", figures)
    write_card(fresh)
    replace_folder(fresh, out)
    return measured


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="merclip.export", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="for calibration and figures")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minilm", type=Path)
    parser.add_argument("--limit", type=int, help="at most so many rows a data set for calibration and figures")
    parser.add_argument("--test", action="store_true", help="also measure the test split for the card")
    parser.add_argument("--zero-shot", type=Path, help="what merclip.zero_shot --json printed, for the card")
    args = parser.parse_args(argv)

    torch.set_num_threads(1)
    config = load_config(args.config)
    model, labels = build(config, args.minilm)
    load_model(args.checkpoint, model)
    everything, absent = load_what_is_there(args.data, list(LOADERS))
    names = [name for tower in config["towers"].values() for name in tower["parts"]]
    missing = sorted(set(names) & set(absent))
    if missing:
        sys.exit(f"merclip.export: {args.data}: data that the model learned from is missing: {', '.join(missing)}")
    trained = {name: everything.datasets[name] for name in dict.fromkeys(names)}
    sources = Sources(trained, config["release"]["tier"], config["holdOut"])
    vocab = minilm_dir(args.minilm) / "vocab.txt"
    zero = json.loads(args.zero_shot.read_text(encoding="utf-8")) if args.zero_shot else None
    measured = make_release(model, labels, config, sources, vocab, args.out, args.limit, args.test, everything, zero)
    print(json.dumps({"out": str(args.out), **rounded(measured, 6)}))


if __name__ == "__main__":
    main()
