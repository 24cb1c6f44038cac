"""Makes a release of a checkpoint: graphs, calibration, manifest, golden tensors, figures and card.

``python -m merclip.export --config configs/compact.yaml --checkpoint RUN/merclip.pt --data DIR --out weights/open``

All files are written beside the target and put in place together at the end.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .card import write_card
from .checkpoint import load_model
from .config import load_config
from .data.sources import Sources, load_sources
from .evaluate import evaluate, rounded
from .fit_release import fit_release
from .golden import build_golden
from .label_encoder import LabelEncoder
from .manifest import build_manifest, write_labels
from .minilm import minilm_dir
from .model import MerClip, build
from .onnx_export import export_graphs
from .runtime import Runtime
from .speed import measure_speed

MAX_BYTES = 55_000_000


def replace_folder(fresh: Path, target: Path) -> None:
    """Puts a finished folder in the place of another."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def make_release(
    model: MerClip,
    labels: LabelEncoder,
    config: dict[str, Any],
    sources: Sources,
    vocab: Path,
    out: Path,
    limit: int | None = None,
    splits: tuple[str, ...] = ("val",),
) -> dict[str, float]:
    """Writes the release folder and returns what the export measured. Raises ValueError when it is too large."""
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
    if size > MAX_BYTES:
        raise ValueError(f"the graphs take {size / 1e6:.1f} MB; allowed are {MAX_BYTES / 1e6:.0f}")
    measured["graphBytes"] = size

    settings = config["model"]
    runtime = Runtime(fresh, settings["text"]["maxTokens"], settings["audio"]["chunkSamples"])
    offsets = write_labels(runtime, fresh / "labels.bin")
    fitted, custom, multi = fit_release(runtime, sources, limit)
    manifest = build_manifest(config, fresh, model.audio.tokens_per_chunk, offsets, fitted, custom, multi)
    (fresh / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    golden = build_golden(runtime, manifest)
    (fresh / "golden.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n", encoding="utf-8")
    figures = [evaluate(fresh, sources, split, limit) for split in splits]
    write_card(fresh / "CARD.md", manifest, sources, rounded(figures), measured, measure_speed(runtime, manifest))
    replace_folder(fresh, out)
    return measured


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="merclip.export", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="for calibration and figures")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minilm", type=Path)
    parser.add_argument("--limit", type=int, help="at most so many rows a data set for the card's figures")
    parser.add_argument("--test", action="store_true", help="also measure the test split for the card")
    args = parser.parse_args(argv)

    torch.set_num_threads(1)
    config = load_config(args.config)
    model, labels = build(config, args.minilm)
    load_model(args.checkpoint, model)
    sources = load_sources(
        args.data, list(config["fusion"]["parts"]), config["release"]["tier"], config["towers"]["holdOut"]
    )
    vocab = minilm_dir(args.minilm) / "vocab.txt"
    splits = ("val", "test") if args.test else ("val",)
    measured = make_release(model, labels, config, sources, vocab, args.out, args.limit, splits)
    print(json.dumps({"out": str(args.out), **rounded(measured, 6)}))


if __name__ == "__main__":
    main()
