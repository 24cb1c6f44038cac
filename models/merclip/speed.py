"""How long the graphs take on one thread: ``python -m merclip.speed --weights weights/open``."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from .label_sets import BIG6
from .runtime import Runtime

BUDGET_MS = {"text, 20 words": 15.0, "audio, 1 s": 8.0, "vision, 1 face": 6.0, "fusion, 8 labels": 4.0}
RUNS = 30


def median_ms(run: Callable[[], object]) -> float:
    for _ in range(3):
        run()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000.0)
    return float(np.median(times))


def measure_speed(runtime: Runtime, manifest: dict[str, Any]) -> dict[str, float]:
    """Median ms of one item each; fusion reads 20 words, 4 s of sound and 8 faces. Sound is encoded a chunk at a time,
    and counted by the second."""
    sentence = "well i think we should really talk about it again because i am not so sure it will work out this time"
    ids = np.array([runtime.tokenizer.ids(sentence)], dtype=np.int32)
    mask = np.ones_like(ids)
    dim, label_dim = manifest["dim"], manifest["labelDim"]
    rng = np.random.default_rng(0)
    chunk = manifest["audio"]["chunkSamples"]
    seconds = chunk / manifest["audio"]["sampleRate"]
    pcm = (rng.standard_normal((1, chunk)) * 0.1).astype(np.float32)
    size = manifest["vision"]["size"]
    faces = rng.integers(0, 256, (1, size, size, 3)).astype(np.uint8)
    feed: dict[str, np.ndarray] = {}
    for name, length in (
        ("text", ids.shape[1]),
        ("audio", round(4 / seconds * manifest["audio"]["tokensPerChunk"])),
        ("vision", 8 * manifest["vision"]["tokensPerFace"]),
    ):
        feed[name] = rng.standard_normal((1, length, dim)).astype(np.float32)
        feed[f"{name}_mask"] = np.ones((1, length), dtype=np.int32)
    labels = np.concatenate([runtime.embed(BIG6.prompts), runtime.embed(["bored"])])[None]
    feed["labels"] = labels.reshape(1, 8, label_dim)
    feed["label_mask"] = np.ones((1, 8), dtype=np.int32)
    return {
        "text, 20 words": median_ms(lambda: runtime.text.run(None, {"input_ids": ids, "attention_mask": mask})),
        "audio, 1 s": median_ms(
            lambda: runtime.audio.run(None, {"pcm": pcm, "samples": np.array([chunk], dtype=np.int32)})
        )
        / seconds,
        "vision, 1 face": median_ms(lambda: runtime.vision.run(None, {"faces": faces})),
        "fusion, 8 labels": median_ms(lambda: runtime.fusion.run(None, feed)),
    }


def main(argv: list[str] | None = None) -> None:
    from .figures.release import open_release
    from .release_folder import release_folder

    parser = argparse.ArgumentParser(prog="merclip.speed", description=__doc__)
    parser.add_argument("--weights", required=True, help="a release by name (open, research) or its folder")
    args = parser.parse_args(argv)
    print(
        json.dumps(
            {name: round(ms, 2) for name, ms in measure_speed(*open_release(release_folder(args.weights))).items()}
        )
    )


if __name__ == "__main__":
    main()
