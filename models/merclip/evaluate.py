"""Measures a release through its exported graphs: every data set and figure of the protocol, and what else the card
says.

``python -m merclip.evaluate --weights open --data DIR [--split test] [--as-in-a-call] [--json]``

Data sets that the folder does not hold are named under ``absent``; those that the release did not learn from have
``trained: false``, their figures are of transfer to labels known by their meaning alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .data.sources import LOADERS, Sources, load_what_is_there
from .figures.features import SplitFeatures
from .figures.measured import measure, rounded
from .figures.release import open_release
from .release_folder import release_folder

CALL_ROWS = 300  # rows a data set: the codec takes 40 ms a second of sound
CALL_SEED = 1111


def evaluate(
    folder: Path,
    sources: Sources,
    split: str,
    limit: int | None = None,
    threads: int = 1,
    call_seed: int | None = None,
) -> dict[str, Any]:
    """All figures of a release on a split, as one object; with ``call_seed`` on rows as a call would give them."""
    runtime, manifest = open_release(folder, threads)
    return rounded(measure(SplitFeatures(runtime, sources, split, limit, call_seed), manifest))


def _line(values: dict[str, Any]) -> str:
    shown = []
    for key, value in values.items():
        if isinstance(value, dict):
            shown.append(f"{key} ({_line(value)})")
        else:
            shown.append(f"{key} {value:.3f}" if isinstance(value, float) else f"{key} {value}")
    return "  ".join(shown)


def print_table(result: dict[str, Any]) -> None:
    for name, views in result["tasks"].items():
        for view, values in views.items():
            if isinstance(values, dict):
                print(f"{name:18s} {view:26s} {_line(values)}")
    for kept, values in result["composed"].items():
        print(f"{'composed':18s} {kept:26s} accuracy {values['accuracy']:.3f}  ece {values['eceAfter']:.3f}")
    for title, value in result["protocol"].items():
        print(f"{title:60s} {value:.3f}")


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="merclip.evaluate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weights", required=True, help="a release by name (open, research) or its folder")
    parser.add_argument("--data", type=Path, required=True, help="folder with text/, speech/ and faces/")
    parser.add_argument("--split", choices=("val", "test"), default="val")
    parser.add_argument("--sets", nargs="+", choices=tuple(LOADERS), default=list(LOADERS), help="only these data sets")
    parser.add_argument("--as-in-a-call", action="store_true", help="rows with codec, noise, blur, recognition errors")
    parser.add_argument("--limit", type=int, help=f"at most so many rows a data set (in a call: {CALL_ROWS})")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    args = parser.parse_args(argv)
    try:
        folder = release_folder(args.weights)
        sources, absent = load_what_is_there(args.data, args.sets)
    except ValueError as error:
        sys.exit(f"merclip.evaluate: {error}")
    seed = CALL_SEED if args.as_in_a_call else None
    limit = args.limit or (CALL_ROWS if args.as_in_a_call else None)
    result = evaluate(folder, sources, args.split, limit, args.threads, seed)
    result = {**result, "asInACall": args.as_in_a_call, "absent": absent}
    if args.json:
        print(json.dumps(result, indent=2))
    else:
        print_table(result)


if __name__ == "__main__":
    main()
