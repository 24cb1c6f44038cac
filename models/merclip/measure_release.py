"""What a new release is measured for its card: figures per split, as in a call, in fp32, and how long it takes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .data.sources import Sources
from .evaluate import CALL_ROWS, CALL_SEED
from .figures.features import SplitFeatures
from .figures.measured import measure, protocol, rounded
from .runtime import Runtime
from .speed import measure_speed

FP32_ROWS = 1000  # validation rows a data set
CALLS = 3  # calls that are drawn: some data sets are so small that a single one would be chance


def in_a_call(features: SplitFeatures, manifest: dict[str, Any], limit: int | None) -> dict[str, Any]:
    """The protocol on the same rows as they are and, on average, as calls would give them."""
    rows = min(limit or CALL_ROWS, CALL_ROWS)
    seeds = range(CALL_SEED, CALL_SEED + CALLS)
    drawn = [
        protocol(SplitFeatures(features.runtime, features.sources, features.split, rows, seed), manifest)
        for seed in seeds
    ]
    return {
        "split": features.split,
        "rows": rows,
        "seeds": list(seeds),
        "clean": protocol(features.part(rows), manifest),
        "inACall": {title: float(np.mean([one[title] for one in drawn])) for title in drawn[0]},
    }


def against_fp32(
    features: SplitFeatures, manifest: dict[str, Any], exact: Runtime, limit: int | None
) -> dict[str, Any]:
    """The protocol on the same rows through the exported graphs and through the model itself."""
    rows = min(limit or FP32_ROWS, FP32_ROWS)
    return {
        "rows": rows,
        "int8": protocol(features.part(rows), manifest),
        "fp32": protocol(SplitFeatures(exact, features.sources, features.split, rows), manifest),
    }


def measure_release(
    val: SplitFeatures,
    manifest: dict[str, Any],
    exact: Runtime,
    sources: Sources,
    test: bool = False,
    limit: int | None = None,
) -> dict[str, Any]:
    """What ``figures.json`` holds, but for the export itself. ``val``: validation rows of everything it is measured on;
    ``sources``: what it learned from; ``exact``: the model in fp32."""
    everything = val.sources
    splits = [val, SplitFeatures(val.runtime, everything, "test", limit)] if test else [val]
    return rounded(
        {
            "data": {
                name: {split: len(data.rows(split)) for split in ("train", "val", "test")}
                for name, data in everything.datasets.items()
            },
            "trainedOn": list(sources.datasets),
            "heldRows": sum(len(rows) for rows in sources.held_rows.values()),
            "speed": measure_speed(val.runtime, manifest),
            "splits": [measure(features, manifest) for features in splits],
            "call": in_a_call(splits[-1], manifest, limit),
            "fp32": against_fp32(val, manifest, exact, limit),
        }
    )
