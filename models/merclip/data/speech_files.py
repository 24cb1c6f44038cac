"""Reading the speech sets: a table of clips and tar files of Ogg Opus at 16 kHz mono."""

from __future__ import annotations

import csv
import io
import tarfile
from pathlib import Path

import numpy as np
import soundfile
from tqdm import tqdm

RATE = 16000


def read_table(data: Path, dataset: str) -> list[dict[str, str]]:
    """The rows of speech.csv that belong to a data set; raises FileNotFoundError where there are none."""
    with open(data / "speech" / "speech.csv", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["dataset"] == dataset]
    if not rows:
        raise FileNotFoundError(f"{data / 'speech' / 'speech.csv'}: no rows of data set '{dataset}'")
    return rows


def read_clips(data: Path, dataset: str, files: list[str]) -> list[np.ndarray]:
    """int16 PCM per file, in the order asked; raises ValueError for a file that no tar holds or at another rate."""
    clips: dict[str, np.ndarray] = {}
    wanted = set(files)
    with tqdm(total=len(files), desc=f"decode {dataset}", disable=None, unit="clip", leave=False) as bar:
        for archive in sorted((data / "speech").glob(f"{dataset}-*.tar")):
            with tarfile.open(archive) as tar:
                for member in tar:
                    if member.name not in wanted:
                        continue
                    stream = tar.extractfile(member)
                    if stream is None:
                        continue
                    pcm, rate = soundfile.read(io.BytesIO(stream.read()), dtype="int16", always_2d=True)
                    if rate != RATE:
                        raise ValueError(f"{member.name}: {rate} Hz; needed are {RATE}")
                    clips[member.name] = pcm[:, 0].copy()
                    bar.update()
    missing = wanted - clips.keys()
    if missing:
        raise ValueError(f"{dataset}: {len(missing)} clips are in no tar, for one {sorted(missing)[0]}")
    return [clips[name] for name in files]


def trim_padding(pcm: np.ndarray) -> np.ndarray:
    """Cuts trailing digital silence (padding), keeping at least a quarter of a second."""
    loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > 16)
    end = int(loud[-1]) + 1 if len(loud) else 0
    return pcm[: max(end, min(len(pcm), RATE // 4))]
