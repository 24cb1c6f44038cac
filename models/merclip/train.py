"""Trains a model: ``python -m merclip.train --config configs/compact.yaml --data DIR --out RUN``.

The three towers are independent of one another: ``--stage text``, ``audio`` and ``vision`` may run at the same time,
each on a core of its own; ``--stage fusion`` then takes what they left in ``--out``. ``--stage all`` does all of it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from .checkpoint import load_tower
from .config import load_config
from .data.sources import load_sources
from .decoder import MODALITIES
from .from_release import load_graph
from .model import MerClip, build
from .release_folder import is_release, release_folder
from .stage_fusion import train_fusion
from .stage_towers import place_labels, train_tower


def start_of(name: str) -> Path:
    """The folder of a run, or a release by its folder or name. Raises the argument's error where it is neither."""
    folder = Path(name)
    if any(folder.glob("tower-*.pt")):
        return folder
    try:
        return release_folder(name, "--init")
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}; nor a run's folder with a tower-<modality>.pt") from error


def start_tower(model: MerClip, modality: str, init: Path) -> None:
    """The tower as a run left it, or its encoder as a release holds it."""
    if is_release(init):
        load_graph(init / f"{modality}.onnx", "tower", getattr(model, modality))
    else:
        load_tower(init / f"tower-{modality}.pt", model.tower(modality))


def ready_tower(model: MerClip, modality: str, out: Path, init: Path | None, keep: float = 0.0) -> None:
    """The tower that fusion takes as it is: of this run or, where the run has none, of the release it starts from.

    With ``keep``, the run's weights go that far back to the release's: half-way keeps most of what training on has won
    and most of what it has lost (Wortsman et al. 2022, weight-space ensembles)."""
    path = out / f"tower-{modality}.pt"
    released = init is not None and is_release(init)
    if released and not path.is_file():
        start_tower(model, modality, init)
    elif released and keep > 0.0:
        start_tower(model, modality, init)
        encoder = getattr(model, modality)
        start = {name: tensor.clone() for name, tensor in encoder.state_dict().items()}
        load_tower(path, model.tower(modality))
        go_back(encoder, start, keep)
    else:
        load_tower(path, model.tower(modality))


@torch.no_grad()
def go_back(module: torch.nn.Module, start: dict[str, torch.Tensor], share: float) -> None:
    """Moves the weights of a module ``share`` of the way towards those it started from."""
    for name, tensor in module.state_dict().items():
        if tensor.is_floating_point():
            tensor.lerp_(start[name], share)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="merclip.train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder with text/, speech/ and faces/")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoints and log.jsonl")
    parser.add_argument("--minilm", type=Path, help="folder of all-MiniLM-L6-v2 (default: the installed package)")
    parser.add_argument("--stage", choices=(*MODALITIES, "fusion", "all"), default="all")
    parser.add_argument("--init", type=start_of, help="a run's folder or a release whose towers are the start")
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
    place_labels(model, labels, args.out)
    known = [modality for modality in MODALITIES if modality in config["towers"]]
    stages = [*known, "fusion"] if args.stage == "all" else [args.stage]
    wanted = known if "fusion" in stages else stages
    names = [name for modality in wanted for name in config["towers"][modality]["parts"]]
    held_out = config.get("heldOutLabels")
    sources = load_sources(args.data, names, config["release"]["tier"], config["holdOut"], held_out)
    for modality in wanted:
        if modality not in stages:
            ready_tower(model, modality, args.out, args.init, config["towers"][modality].get("keepOfStart", 0.0))
            continue
        if args.init is not None:
            start_tower(model, modality, args.init)
        section = config["towers"][modality]
        train_tower(model, labels, sources, modality, section, seed, args.out, args.resume, args.device)
        load_tower(args.out / f"tower-{modality}.pt", model.tower(modality))
    if "fusion" in stages:
        if args.init is not None and is_release(args.init):
            load_graph(args.init / "fusion.onnx", "fusion", model.fusion)
        train_fusion(model, labels, sources, config["fusion"], seed, args.out, args.resume, args.device)


if __name__ == "__main__":
    main()
