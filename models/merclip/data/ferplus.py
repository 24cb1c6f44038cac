"""FER+ (Barsoum et al., ICMI 2016): 48x48 grey faces, ten votes each. Labels MIT; pictures collected from the web.

Votes for "unknown" and "not a face" are dropped, and with them the rows where they win or where fewer than
``MIN_VOTES`` others are left.
"""

from __future__ import annotations

import csv
import io
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from ..label_sets import FERPLUS
from .dataset import DataSet

MIN_VOTES = 4
SIZE = 48


def absolute_majority(votes: np.ndarray) -> bool:
    """Whether one of all ten columns has more than half of the votes, single votes not counted (mode 'majority' of
    Barsoum et al.)."""
    votes = np.where(votes > 1.0, votes, 0.0)
    return bool(votes.max() > 0.5 * votes.sum())


def load(data: Path) -> DataSet:
    with open(data / "faces" / "ferplus.csv", encoding="utf-8", newline="") as file:
        table = {row["file"]: row for row in csv.DictReader(file)}
    names = FERPLUS.concepts
    faces, split, concepts, agreed = [], [], [], []
    with tarfile.open(data / "faces" / "ferplus.tar") as tar:
        for member in tqdm(tar, total=len(table), desc="decode ferplus", disable=None, unit="face", leave=False):
            row = table.get(member.name)
            stream = tar.extractfile(member) if row else None
            if row is None or stream is None:
                continue
            votes = np.array([float(row[name]) for name in names])
            lost = max(float(row["unknown"]), float(row["not_face"]))
            if votes.sum() < MIN_VOTES or lost >= votes.max():
                continue
            picture = Image.open(io.BytesIO(stream.read())).convert("L")
            if picture.size != (SIZE, SIZE):
                picture = picture.resize((SIZE, SIZE))
            faces.append(np.asarray(picture, dtype=np.uint8))
            split.append(row["split"])
            agreed.append(absolute_majority(np.array([*votes, float(row["unknown"]), float(row["not_face"])])))
            concepts.append({name: v / votes.sum() for name, v in zip(names, votes, strict=True) if v > 0})
    return DataSet(
        name="ferplus",
        modality="vision",
        tier="open",
        payload=np.stack(faces),
        split=np.array(split),
        concepts=concepts,
        native=FERPLUS,
        group=np.arange(len(faces)),
        agreed=np.array(agreed),
    )
