"""MMSA's pickles: aligned and unaligned, with the -inf that their audio holds."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from merclip.features import train_mmsa
from merclip.features.mmsa import Clips, load_mmsa, standardise
from merclip.features.settings import load_settings
from merclip.features.train_mmsa import batch_of, evaluate, predict, train, with_modalities_dropped

LABELS = torch.nn.functional.normalize(torch.randn(7, 24, generator=torch.Generator().manual_seed(2)), dim=-1)
SETTINGS: dict[str, Any] = {
    "model": {
        "dim": 16,
        "heads": 2,
        "feed": 16,
        "dropout": 0.0,
        "inputDropout": 0.0,
        "scale": 6.0,
        "order": ["text", "audio", "vision"],
        "width": {"audio": 3, "vision": 3},
        "stride": {"audio": 2, "vision": 2},
    },
    "training": {
        "epochs": 8,
        "patience": 4,
        "batch": 16,
        "lr": 1e-2,
        "warmup": 4,
        "weightDecay": 0.0,
        "drop": {"audio": 0.2, "vision": 0.2},
        "loss": {"ordinal": 1.0, "polarity": 0.2, "smoothing": 0.0},
    },
}


def split(count: int, aligned: bool, seed: int) -> dict[str, Any]:
    """As MMSA writes it, but for the sizes."""
    rng = np.random.default_rng(seed)
    words = rng.integers(2, 7, count)
    steps = {"text": 6, "audio": 6 if aligned else 11, "vision": 6 if aligned else 15}
    sizes = {"text": 12, "audio": 5, "vision": 4}
    sentiment = np.round(rng.uniform(-3, 3, count), 1)
    lengths = {name: words if aligned else rng.integers(1, steps[name] + 1, count) for name in ("audio", "vision")}
    lengths["text"] = words
    part: dict[str, Any] = {}
    for name, size in sizes.items():
        there = (np.arange(steps[name])[None] < lengths[name][:, None])[..., None]
        values = sentiment[:, None, None] * np.linspace(-1, 1, size) + rng.standard_normal((count, steps[name], size))
        part[name] = (values * there).astype(np.float32 if name == "text" else np.float64)
    part["audio"][0, 0, 0] = -np.inf
    mask = (np.arange(6)[None] < words[:, None]).astype(np.float32)
    part["text_bert"] = np.stack([mask * 101, mask, mask * 0], axis=1)
    part["raw_text"] = np.array([f"words {row}" for row in range(count)], dtype=object)
    part["id"] = [f"video$_${row}" for row in range(count)]
    part["regression_labels"] = sentiment.astype(np.float32)
    part["annotations"] = ["Positive" if value > 0 else "Negative" for value in sentiment]
    if not aligned:
        part |= {f"{name}_lengths": lengths[name].tolist() for name in ("audio", "vision")}
    return part


def content(aligned: bool) -> dict[str, Any]:
    return {
        name: split(count, aligned, seed)
        for seed, (name, count) in enumerate({"train": 64, "valid": 24, "test": 24}.items())
    }


def write(folder: Path, what: object) -> Path:
    path = folder / "features.pkl"
    path.write_bytes(pickle.dumps(what, protocol=4))
    return path


@pytest.mark.parametrize("aligned", [True, False])
def test_steps_that_are_there_are_told_by_words_or_by_lengths(tmp_path, aligned):
    written = content(aligned)
    splits = load_mmsa(write(tmp_path, written))
    assert {name: len(clips) for name, clips in splits.items()} == {"train": 64, "valid": 24, "test": 24}
    clips, part = splits["train"], written["train"]
    assert np.array_equal(clips.masks["text"].sum(1), part["text_bert"][:, 1].sum(1))
    expected = part["text_bert"][:, 1].sum(1) if aligned else part["vision_lengths"]
    assert np.array_equal(clips.masks["vision"].sum(1), expected)
    assert clips.features["audio"][0, 0, 0] == 0.0
    assert all(np.isfinite(x).all() for x in clips.features.values())


def test_the_scale_is_that_of_training_steps_that_are_there(tmp_path):
    splits = standardise(load_mmsa(write(tmp_path, content(False))))
    clips = splits["train"]
    inside = clips.features["vision"][clips.masks["vision"]]
    assert np.allclose(inside.mean(0), 0.0, atol=0.05)
    assert np.allclose(inside.std(0), 1.0, atol=0.1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c.pop("valid"), "lacks the splits valid"),
        (lambda c: c["test"].pop("vision"), "test: lacks vision"),
        (lambda c: c["train"].update(audio=c["train"]["audio"][:5]), r"train: audio is \(5, 11, 5\)"),
        (lambda c: c["train"].pop("audio_lengths"), "an unaligned file needs audio_lengths"),
        (lambda c: c["valid"]["regression_labels"].fill(np.nan), "valid: regression_labels"),
    ],
)
def test_a_pickle_that_does_not_fit_is_refused_by_name(tmp_path, change, says):
    written = content(False)
    change(written)
    with pytest.raises(ValueError, match=says):
        load_mmsa(write(tmp_path, written))


@pytest.mark.parametrize("aligned", [True, False])
def test_training_learns_and_the_test_split_has_no_part_in_it(tmp_path, aligned):
    splits = load_mmsa(write(tmp_path, content(aligned)))
    figures = evaluate(splits, LABELS, SETTINGS, (1,))
    assert figures["test"]["has0Acc2"]["mean"] > 0.75
    assert figures["test"]["mae"]["mean"] < 1.2
    clips = splits["test"]
    other = Clips({name: x * 0 for name, x in clips.features.items()}, clips.masks, -clips.sentiment)
    assert evaluate({**splits, "test": other}, LABELS, SETTINGS, (1,))["valid"] == figures["valid"]


def test_the_epoch_of_least_validation_error_is_kept(tmp_path):
    splits = standardise(load_mmsa(write(tmp_path, content(True))))
    model, errors = train(splits, LABELS, SETTINGS, 3, ("text",))
    found = np.abs(predict(model, splits["valid"], LABELS, "cpu") - splits["valid"].sentiment).mean()
    assert found == pytest.approx(min(errors), abs=1e-6)


def test_no_row_loses_all_its_modalities(tmp_path):
    clips = load_mmsa(write(tmp_path, content(True)))["train"]
    inputs = batch_of(clips, np.arange(64), ("text", "audio", "vision"), "cpu")
    dropped = with_modalities_dropped(inputs, dict.fromkeys(inputs, 0.9), np.random.default_rng(0))
    there = torch.stack([mask.amax(1) for _, mask in dropped.values()])
    assert there.amax(0).min() == 1
    assert there.min() == 0


def test_the_shipped_configuration_trains_a_step_on_sizes_as_they_are(tmp_path):
    settings = load_settings(train_mmsa.CONFIG)
    settings["training"] |= {"epochs": 1}
    splits = standardise(load_mmsa(write(tmp_path, content(False))))
    _, errors = train(splits, torch.randn(7, 384), settings, 1)
    assert len(errors) == 1
