"""The configuration of a model on features, read from YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ..decoder import MODALITIES

SECTIONS = ("id", "model", "training")


def load_settings(path: str | Path, sections: tuple[str, ...] = SECTIONS) -> dict[str, Any]:
    """Raises ValueError naming the section that is missing or the modality that is not known."""
    with open(path, encoding="utf-8") as file:
        settings = yaml.safe_load(file)
    if not isinstance(settings, dict):
        raise ValueError(f"{path}: expected a mapping with the sections {', '.join(sections)}")
    for section in sections:
        if section not in settings:
            raise ValueError(f"{path}: section '{section}' is missing; needed are {', '.join(sections)}")
    unknown = [name for name in settings["model"]["order"] if name not in MODALITIES]
    if unknown:
        raise ValueError(f"{path}: model.order names {unknown}; allowed are {', '.join(MODALITIES)}")
    return settings
