"""Draws the curves of a run: ``python -m merclip.plot_log RUN/log.jsonl [--out curves.svg]``.

Of each stage the figures on validation rows and the losses of each data set; where a stage was begun again, the later
lines of an epoch count."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .figures.svg import Line, Panel, write_svg


def read_log(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Lines by stage, each epoch once. Raises ValueError naming the line that is not one of a run's."""
    stages: dict[str, dict[int, dict[str, Any]]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entry = json.loads(line)
            stages.setdefault(entry["stage"], {})[entry["epoch"]] = entry
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: no line of a training log ({error!r})") from error
    return {stage: [epochs[epoch] for epoch in sorted(epochs)] for stage, epochs in stages.items()}


def curves(entries: list[dict[str, Any]], key: str) -> dict[str, list[Line]]:
    """Lines by data set: of ``loss`` one a label set, over epochs counted from one."""
    found: dict[str, list[Line]] = {}
    for name in dict.fromkeys(name for entry in entries for name in entry.get(key, {})):
        points = [(entry["epoch"] + 1, entry[key][name]) for entry in entries if name in entry.get(key, {})]
        dataset, _, labels = name.partition("/")
        found.setdefault(dataset if key == "loss" else "all", []).append(Line(labels or name, points))
    return found


def panels(stages: dict[str, list[dict[str, Any]]]) -> list[Panel]:
    """Of each stage first what it reached on validation rows, then the losses of each data set."""
    drawn = []
    for stage, entries in stages.items():
        for lines in curves(entries, "val").values():
            drawn.append(Panel(f"{stage}: validation", "epoch", lines))
        for dataset, lines in curves(entries, "loss").items():
            drawn.append(Panel(f"{stage}: loss of {dataset}", "epoch", lines))
    return drawn


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="merclip.plot_log", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("log", type=Path, help="log.jsonl of a run")
    parser.add_argument("--out", type=Path, help="SVG file (default: beside the log)")
    args = parser.parse_args(argv)
    out = args.out or args.log.with_suffix(".svg")
    try:
        write_svg(out, panels(read_log(args.log)), columns=3)
    except (OSError, ValueError) as error:
        sys.exit(f"merclip.plot_log: {error}")
    print(out)


if __name__ == "__main__":
    main()
