"""The plots of a card: reliability before and after calibration, and accuracy against the share of readings kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .svg import Line, Panel, write_svg

DIAGONAL = Line("", [(0.0, 0.0), (1.0, 1.0)], dashed=True)


def reliability_panels(reliability: dict[str, Any]) -> list[Panel]:
    """One a label set: accuracy of what was said with a confidence; on the diagonal it is to be taken at its word."""
    panels = []
    for name, values in reliability.items():
        lines = [
            Line(
                f"{when}, ECE {values[when]['ece']:.3f}",
                [(one["confidence"], one["accuracy"]) for one in values[when]["bins"]],
            )
            for when in ("before", "after")
        ]
        panels.append(Panel(name, "confidence", [*lines, DIAGONAL], (0.0, 1.0), (0.0, 1.0)))
    return panels


def coverage_panels(reliability: dict[str, Any]) -> list[Panel]:
    """One a label set of one choice: accuracy of the most confident share."""
    return [
        Panel(
            name,
            "share kept",
            [Line("accuracy", [(one["coverage"], one["accuracy"]) for one in values["coverage"]])],
            (0.0, 1.0),
            (0.0, 1.0),
        )
        for name, values in reliability.items()
        if "coverage" in values
    ]


def write_plots(folder: Path, reliability: dict[str, Any]) -> dict[str, str]:
    """reliability.svg and coverage.svg in the folder -> {what: file name}."""
    write_svg(folder / "reliability.svg", reliability_panels(reliability), columns=3)
    write_svg(folder / "coverage.svg", coverage_panels(reliability), columns=3)
    return {"reliability": "reliability.svg", "coverage": "coverage.svg"}
