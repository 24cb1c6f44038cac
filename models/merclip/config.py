"""The one configuration file of a model, read from YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

SECTIONS = ("model", "towers", "fusion", "release")


def load_config(path: str | Path) -> dict[str, Any]:
    """Reads a configuration; raises ValueError naming the section that is missing."""
    with open(path, encoding="utf-8") as file:
        config = yaml.safe_load(file)
    if not isinstance(config, dict):
        raise ValueError(f"{path}: expected a mapping with the sections {', '.join(SECTIONS)}")
    for section in SECTIONS:
        if section not in config:
            raise ValueError(f"{path}: section '{section}' is missing; needed are {', '.join(SECTIONS)}")
    return config
