"""Where releases lie: the folders of this repository that have a manifest, or any other folder that has one."""

from __future__ import annotations

from pathlib import Path

WEIGHTS = Path(__file__).parents[1] / "weights"
MANIFEST = "manifest.json"


def is_release(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


def release_folder(name: str, option: str = "--weights") -> Path:
    """A folder, or the name of a release of this repository. Raises ValueError where it is neither."""
    for folder in (Path(name), WEIGHTS / name):
        if is_release(folder):
            return folder
    known = ", ".join(sorted(path.parent.name for path in WEIGHTS.glob(f"*/{MANIFEST}"))) or "none"
    raise ValueError(f"{option} {name}: neither a folder with a {MANIFEST} nor a release; releases are: {known}")
