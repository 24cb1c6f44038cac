"""Builds the full-size model, takes a few training steps, exports its graphs and runs them in onnxruntime.

``python -m merclip.clip --config configs/clip-vit-b32.yaml`` does it with random weights and without a network;
``--clip openai/clip-vit-base-patch32`` or ``--clip DIR`` with the published ones. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

from ..config import load_config
from .batch import small_batch
from .build import build_clip
from .export import export_clip, graphs_against_model
from .step import clip_optimiser, take_step

ITEMS = 4
TOLERANCE = 2e-3  # logits, end to end


def check(config: dict[str, Any], name: str | None, steps: int, out: Path) -> dict[str, Any]:
    """Runs everything once and leaves the graphs in ``out`` -> what was measured.

    Raises ValueError when the loss does not fall or the graphs do not compute what torch does."""
    torch.manual_seed(config["seed"])
    model, labels = build_clip(config, name)
    clip = config["fusion"]["clip"]
    batch = small_batch(model, labels, ITEMS)
    # Prompts share most of their words: the middle of them is the origin of label space.
    model.fusion.labels.centre.copy_(batch.labels.mean(0))
    count = sum(p.numel() for p in model.parameters())

    optim = clip_optimiser(model, config)
    trained = sum(p.numel() for group in optim.param_groups for p in group["params"])
    started = time.monotonic()
    losses = [take_step(model, optim, batch, clip) for _ in range(steps)]
    seconds = (time.monotonic() - started) / steps
    optim.zero_grad(set_to_none=True)
    del optim
    if not losses[-1] < losses[0]:
        raise ValueError(f"the loss did not fall: {losses[0]:.3f} at first, {losses[-1]:.3f} after {steps} steps")

    out.mkdir(parents=True, exist_ok=True)
    graphs = export_clip(model, out)
    difference = graphs_against_model(model, batch, out)
    if difference > TOLERANCE:
        raise ValueError(f"logits of graphs and torch differ by {difference:.1e}; allowed is {TOLERANCE:.0e}")
    return {
        "id": config["id"],
        "weights": name or "random",
        "parameters": count,
        "trained": trained,
        "losses": [round(loss, 4) for loss in losses],
        "secondsPerStep": round(seconds, 2),
        "graphs": graphs,
        "logitsMaxDiff": difference,
    }


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="merclip.clip", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--clip", metavar="NAME|DIR", help="CLIP's published weights (default: random ones)")
    parser.add_argument("--steps", type=int, default=6, help="training steps on the small batch")
    parser.add_argument("--out", type=Path, help="keep the graphs there")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args(argv)
    if args.steps < 2:
        parser.error(f"--steps is {args.steps}; it takes at least 2 to see the loss fall")

    torch.set_num_threads(args.threads)
    config = load_config(args.config)
    with tempfile.TemporaryDirectory(prefix="merclip-") as scratch:
        try:
            print(json.dumps(check(config, args.clip, args.steps, args.out or Path(scratch)), indent=2))
        except (FileNotFoundError, ValueError) as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
