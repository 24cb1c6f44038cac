"""Reading the text sets: one JSON object a line, gzipped."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any


def read_jsonl(path: Path, needed: tuple[str, ...]) -> list[dict[str, Any]]:
    """All rows; raises ValueError naming the line and the key that is missing."""
    rows = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            row = json.loads(line)
            for key in needed:
                if key not in row:
                    raise ValueError(f"{path}, line {number}: no '{key}'")
            rows.append(row)
    return rows
