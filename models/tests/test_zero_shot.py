"""Labels that were held out: trained without, measured against the label encoder by itself."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import yaml
from conftest import make_model

from merclip import zero_shot
from merclip.config import load_config
from merclip.data.held_out import without_labels
from merclip.data.sources import Sources
from merclip.stage_fusion import train_fusion
from merclip.stage_towers import place_labels

CONFIGS = Path(__file__).parents[1] / "configs"


def test_a_threshold_is_where_f1_is_best():
    scores = np.concatenate([np.linspace(0.0, 0.5, 180), np.linspace(0.6, 1.0, 20)])
    truth = scores > 0.55
    assert 0.5 < zero_shot.best_threshold(scores, truth) <= 0.6


def test_thresholds_come_from_validation_rows():
    val = (np.array([[0.1], [0.2], [0.8], [0.9]]), np.array([[False], [False], [True], [True]]))
    test = (np.array([[0.25], [0.85], [0.1], [0.05]]), np.array([[True], [True], [False], [False]]))
    assert zero_shot.per_label_f1(val, val, [0]) == [pytest.approx(1.0)]
    assert zero_shot.per_label_f1(val, test, [0]) == [pytest.approx(2 / 3)]


def test_fusion_trains_on_words_alone_and_labels_held_out_are_measured_every_way(config, vocab, sources, tmp_path):
    held_out = ["sadness", "anger"]
    data = {"goemotions": sources.datasets["goemotions"]}
    fewer = Sources({"goemotions": without_labels(data["goemotions"], held_out)}, "open", 0.2, held_out)
    config["fusion"]["parts"] = {"goemotions": config["fusion"]["parts"]["goemotions"]}
    config["fusion"]["composed"]["batches"] = 0
    model, labels = make_model(config, vocab)
    place_labels(model, labels, tmp_path)
    train_fusion(model, labels, fewer, config["fusion"], config["seed"], tmp_path, resume=False)
    result = zero_shot.zero_shot(model, labels, data["goemotions"], held_out, "test")
    assert result["labels"] == held_out
    for way in zero_shot.WAYS:
        each = result[way]["perLabel"]
        assert list(each) == held_out
        assert result[way]["macroF1"] == pytest.approx(np.mean(list(each.values())))
    assert result["ownBest"]["macroF1"] > 0.0
    json.dumps(result)


def test_the_shipped_configuration_has_words_alone_and_labels_of_goemotions():
    config = load_config(CONFIGS / "zero-shot.yaml")
    assert list(config["towers"]) == ["text"]
    assert set(config["fusion"]["parts"]) == {"goemotions", "xed", "emobank"}
    assert config["towers"]["text"]["epochs"] == 2 and config["towers"]["text"]["clip"] == 1.0


def test_a_null_takes_a_key_of_the_base_away(tmp_path):
    base = {"model": {"a": 1}, "towers": {"x": {"y": 1}, "z": {}}, "fusion": {}, "release": {}, "holdOut": 0.1}
    (tmp_path / "base.yaml").write_text(yaml.safe_dump(base))
    (tmp_path / "over.yaml").write_text("extends: base.yaml\ntowers: { x: null }\n")
    assert load_config(tmp_path / "over.yaml")["towers"] == {"z": {}}


def test_a_configuration_without_held_out_labels_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="'heldOutLabels' is missing"):
        zero_shot.main(["--config", str(CONFIGS / "compact.yaml"), "--run", str(tmp_path), "--data", str(tmp_path)])
