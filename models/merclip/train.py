"""Trains a model: ``python -m merclip.train --config configs/compact.yaml --data DIR --out RUN``."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from .checkpoint import load_model
from .config import load_config
from .data.sources import load_sources
from .model import build
from .stage_fusion import train_fusion
from .stage_towers import centre_labels, train_towers


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="merclip.train", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder with text/, speech/ and faces/")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoints and log.jsonl")
    parser.add_argument("--minilm", type=Path, help="folder of all-MiniLM-L6-v2 (default: the installed package)")
    parser.add_argument("--stage", choices=("towers", "fusion", "all"), default="all")
    parser.add_argument("--towers", type=Path, help="checkpoint of trained towers, for --stage fusion")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoints in --out")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args(argv)

    torch.set_num_threads(args.threads)
    config = load_config(args.config)
    seed = int(config["seed"])
    torch.manual_seed(seed)
    model, labels = build(config, args.minilm)
    model.to(args.device)
    for tower in (model.audio, model.vision):
        tower.to(memory_format=torch.channels_last)
    labels.warm()
    centre_labels(model, labels)
    names = list(dict.fromkeys([*config["towers"]["parts"], *config["fusion"]["parts"]]))
    sources = load_sources(args.data, names, config["release"]["tier"], config["towers"]["holdOut"])
    if args.stage in ("towers", "all"):
        train_towers(model, labels, sources, config["towers"], seed, args.out, args.resume, args.device)
    elif args.towers is not None:
        load_model(args.towers, model)
    else:
        parser.error("--stage fusion needs --towers CHECKPOINT")
    if args.stage in ("fusion", "all"):
        train_fusion(model, labels, sources, config["fusion"], seed, args.out, args.resume, args.device)


if __name__ == "__main__":
    main()
