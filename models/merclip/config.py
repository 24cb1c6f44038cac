"""The one configuration file of a model, read from YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

SECTIONS = ("model", "towers", "fusion", "release", "holdOut")


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """``base`` with what ``over`` says instead; mappings are merged key by key, and a null takes a key away."""
    both = dict(base)
    for key, value in over.items():
        old = both.get(key)
        if value is None:
            both.pop(key, None)
        else:
            both[key] = merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return both


def load_config(path: str | Path) -> dict[str, Any]:
    """Reads a configuration; ``extends: FILE`` takes another one as its base.

    Raises ValueError naming the section that is missing."""
    with open(path, encoding="utf-8") as file:
        config = yaml.safe_load(file)
    if not isinstance(config, dict):
        raise ValueError(f"{path}: expected a mapping with the sections {', '.join(SECTIONS)}")
    if "extends" in config:
        config = merged(load_config(Path(path).parent / config.pop("extends")), config)
    for section in SECTIONS:
        if section not in config:
            raise ValueError(f"{path}: section '{section}' is missing; needed are {', '.join(SECTIONS)}")
    return config
