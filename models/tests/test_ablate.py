"""Variants of the decoder keep the parts' shapes, and the ablation command writes the table it measured."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest
import torch
from features_data import SETTINGS, columns, write

from merclip import ablate
from merclip.alignment import HARDEST, balanced_contrast, hard_negative_contrast, pooled
from merclip.config import merged
from merclip.decoder import CrossModalDecoder
from merclip.features.utterances import load_utterances
from merclip.variants import JointDecoder, LearnedLabels, LinearPrediction, SignalledDecoder, consistency

ORDER = ("text", "audio", "vision")


def inputs(batch: int = 4) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    return {
        name: (torch.randn(batch, n, 8), torch.ones(batch, n, dtype=torch.int32))
        for name, n in zip(ORDER, (3, 1, 2), strict=True)
    }


@pytest.mark.parametrize("kind", ["joint", "signalled"])
def test_a_decoder_variant_gives_a_query_per_label_and_reads_nothing_that_is_masked(kind):
    decoder = JointDecoder(8, 2, 16, 0.0, ORDER)
    if kind == "signalled":
        decoder = SignalledDecoder(CrossModalDecoder(8, 2, 16, 0.0, ORDER), 8)
    q, label_mask, given = torch.randn(4, 5, 8), torch.ones(4, 5), inputs()
    given["text"][1][0, 1:] = 0
    out = decoder(q, label_mask, given)
    assert out.shape == (4, 5, 8)
    given["text"][0][0, 1:] += 7.0
    assert torch.allclose(decoder(q, label_mask, given), out, atol=1e-5)
    given["vision"][0][0] += 7.0
    assert not torch.allclose(decoder(q, label_mask, given)[0], out[0], atol=1e-3)


def test_joint_fusion_is_as_large_as_sequential_fusion_but_for_the_marks_of_modality():
    def size(module: torch.nn.Module) -> int:
        return sum(p.numel() for p in module.parameters())

    assert size(JointDecoder(8, 2, 16, 0.0, ORDER)) - size(CrossModalDecoder(8, 2, 16, 0.0, ORDER)) == 3 * 8


def test_learned_labels_do_not_hang_on_what_labels_mean():
    labels = LearnedLabels(5, 8)
    assert torch.equal(labels(torch.randn(5, 24)), labels(torch.randn(5, 24)))


def test_a_linear_head_gives_a_logit_per_label():
    assert LinearPrediction(8, 5)(torch.randn(4, 5, 8), torch.randn(4, 5, 8), torch.ones(4, 5)).shape == (4, 5)


def test_attribution_is_a_distribution_over_labels():
    decoder = SignalledDecoder(CrossModalDecoder(8, 2, 16, 0.0, ORDER), 8)
    found = decoder.attribution(torch.randn(4, 5, 8), inputs())
    assert torch.allclose(found.sum(-1), torch.ones(4), atol=1e-5)


def test_consistency_is_zero_where_attribution_and_prediction_agree():
    logits = torch.tensor([[1.0, 0.0, -1.0]])
    assert consistency(torch.softmax(logits, -1), logits).item() == pytest.approx(0.0, abs=1e-6)
    assert consistency(torch.softmax(-logits, -1), logits).item() > 0.5


def test_contrast_is_least_where_modalities_of_an_utterance_agree():
    shared = torch.nn.functional.normalize(torch.eye(6, 8), dim=-1)[:, None]
    mask = torch.ones(6, 1, dtype=torch.int32)
    together = dict.fromkeys(ORDER, (shared, mask))
    apart = {**together, "vision": (shared.roll(1, 0), mask)}
    assert balanced_contrast(together) < balanced_contrast(apart)
    positive = torch.tensor([True, False] * 3)
    assert hard_negative_contrast(together, positive) < hard_negative_contrast(apart, positive)


def test_a_missing_modality_has_no_part_in_the_contrast():
    given = inputs(6)
    given["vision"][1][2:] = 0
    loss = balanced_contrast(given)
    given["vision"][0][2:] = torch.nan
    given["vision"] = (torch.nan_to_num(given["vision"][0], 9.0), given["vision"][1])
    assert torch.allclose(balanced_contrast(given), loss)
    assert pooled(*given["vision"])[3].abs().sum() == 0


def test_an_utterance_of_the_same_polarity_is_no_hard_negative():
    vectors = torch.nn.functional.normalize(torch.randn(HARDEST + 4, 1, 8), dim=-1)
    mask = torch.ones(len(vectors), 1, dtype=torch.int32)
    given = {"text": (vectors, mask), "audio": (vectors, mask)}
    assert hard_negative_contrast(given, torch.ones(len(vectors), dtype=torch.bool)).item() == pytest.approx(
        0.0, abs=1e-6
    )


def test_seeds_measured_side_by_side_are_those_measured_one_after_the_other(tmp_path):
    path = tmp_path / "features.npz"
    write(path, columns(6, 0))
    count = len(load_utterances(path))
    settings = merged(copy.deepcopy(SETTINGS), ablate.QUICK)
    job = ablate.Job(path, torch.randn(count, 5, 6), torch.randn(7, 24), settings, folds=2, threads=1)
    assert ablate.measured(job, (1, 2), jobs=2) == ablate.measured(job, (1, 2), jobs=1)


def test_every_row_of_the_table_is_measured_and_written(tmp_path, monkeypatch, capsys):
    content = columns(6, 0)
    (tmp_path / "mosi").mkdir()
    write(tmp_path / "mosi" / "mosi_features_train.npz", content)
    settings = copy.deepcopy(SETTINGS)
    monkeypatch.setattr(ablate, "load_settings", lambda path: settings)
    monkeypatch.setattr(ablate, "label_embeddings", lambda weights: torch.randn(7, 24))
    monkeypatch.setattr(ablate, "words_of", lambda utterances, data, weights: torch.randn(len(utterances), 5, 6))
    command = [
        "--data",
        str(tmp_path),
        "--out",
        str(tmp_path),
        "--folds",
        "2",
        "--seeds",
        "1",
        "2",
        "--quick",
        "--json",
    ]
    ablate.main(command)
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((tmp_path / "ablations.json").read_text(encoding="utf-8"))
    rows = printed["rows"]
    assert set(ablate.variants(ORDER)) < set(rows)
    assert len([name for name in rows if name.startswith("order ")]) == 5
    assert rows[ablate.FULL]["gain"] == {"mean": 0.0, "std": 0.0}
    first, second = rows[ablate.FULL]["acc2"], rows["text alone"]["acc2"]
    assert rows["text alone"]["gain"]["mean"] == pytest.approx(second["mean"] - first["mean"], abs=2e-4)
    text = (tmp_path / "ablations.md").read_text(encoding="utf-8")
    assert all(f"| {name} |" in text for name in rows)
    assert f"{100 * np.float64(first['mean']):.1f}" in text
