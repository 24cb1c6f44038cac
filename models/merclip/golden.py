"""golden.json: tensors from the exported graphs that the TypeScript side is checked against."""

from __future__ import annotations

from typing import Any

import numpy as np

from .golden_texts import SENTENCES, TEXTS
from .label_sets import SHIPPED
from .metrics import softmax
from .runtime import Runtime

SOUNDS = (
    {"kind": "sine", "hz": 220, "samples": 16000, "gain": 0.3},
    {"kind": "sine", "hz": 440, "samples": 9000, "gain": 0.05},
)

PIXEL_NOTE = "pixel (y,x,c) = (x*3 + y*5 + c*40) % 256"


def sine(sound: dict[str, Any], chunk: int, rate: int) -> np.ndarray:
    """gain * sin(2 pi hz n / rate) for n < samples, zeros after -> [chunk] float32."""
    pcm = np.zeros(chunk, dtype=np.float32)
    n = np.arange(min(sound["samples"], chunk))
    pcm[: len(n)] = sound["gain"] * np.sin(2.0 * np.pi * sound["hz"] * n / rate)
    return pcm


def pixels(size: int) -> np.ndarray:
    """The picture of PIXEL_NOTE -> [size,size,3] uint8."""
    y, x, c = np.meshgrid(np.arange(size), np.arange(size), np.arange(3), indexing="ij")
    return ((x * 3 + y * 5 + c * 40) % 256).astype(np.uint8)


def floats(array: np.ndarray) -> list[float]:
    return [round(float(value), 6) for value in array.reshape(-1)]


def build_golden(runtime: Runtime, manifest: dict[str, Any]) -> dict[str, Any]:
    """Everything golden.json holds. Each item ran alone, so that no batch blurs it."""
    text, audio = [], []
    for sentence in SENTENCES:
        ids = runtime.tokenizer.ids(sentence)
        feed = {"input_ids": np.array([ids], dtype=np.int32), "attention_mask": np.ones((1, len(ids)), dtype=np.int32)}
        tokens, pooled = runtime.text.run(["tokens"], feed)[0], runtime.label.run(["pooled"], feed)[0]
        text.append((sentence, ids, tokens[0], pooled[0]))
    for sound in SOUNDS:
        pcm = sine(sound, manifest["audio"]["chunkSamples"], manifest["audio"]["sampleRate"])
        feed = {"pcm": pcm[None], "samples": np.array([sound["samples"]], dtype=np.int32)}
        tokens, mask = runtime.audio.run(["tokens", "token_mask"], feed)
        audio.append((sound, tokens[0], mask[0]))
    picture = pixels(manifest["vision"]["size"])
    vision = runtime.vision.run(["tokens"], {"faces": picture[None]})[0][0]

    big6 = next(labels for labels in SHIPPED if labels.id == "big6")
    temperature = next(s["temperature"] for s in manifest["labelSets"] if s["id"] == "big6")
    full = {"text": text[0][2], "audio": audio[0][1][audio[0][2] > 0], "vision": vision}
    cases = (
        ("text golden 0 + audio golden 0 + vision golden 0, label set big6", ("text", "audio", "vision")),
        ("text only: text golden 0, label set big6", ("text",)),
        ("audio only: audio golden 0, label set big6", ("audio",)),
        ("vision only: vision golden 0, label set big6", ("vision",)),
    )
    fusion = []
    for note, kept in cases:
        logits = runtime.score_set([{name: full[name] for name in kept}], big6)[0]
        fusion.append(
            {
                "note": note,
                "modalities": list(kept),
                "logits": floats(logits),
                "p": floats(softmax(logits / temperature)),
            }
        )
    return {
        "tokenizer": [{"text": sentence, "ids": runtime.tokenizer.ids(sentence)} for sentence in TEXTS],
        "text": [
            {"text": sentence, "ids": ids, "pooled": floats(pooled), "tokensMean": floats(tokens.mean(0))}
            for sentence, ids, tokens, pooled in text
        ],
        "audio": [
            {
                "pcm": sound,
                "samples": sound["samples"],
                "tokens": floats(tokens[0]),
                "tokenMask": [int(value) for value in mask],
            }
            for sound, tokens, mask in audio
        ],
        "vision": [{"pixels": {"kind": "formula", "note": PIXEL_NOTE}, "tokens": floats(vision[0])}],
        "fusion": fusion,
    }
