"""The log of a run: one JSON object a line, appended, so that it plots and survives a stop."""

from __future__ import annotations

import json
import time
from pathlib import Path


class RunLog:
    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.started = time.monotonic()

    def write(self, **values: object) -> None:
        values["seconds"] = round(time.monotonic() - self.started, 1)
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(values) + "\n")
