"""Training learns, and a stopped run goes on as if it had not been stopped."""

from __future__ import annotations

import json

import pytest
import torch
from conftest import make_model

from merclip.checkpoint import load_model
from merclip.stage_fusion import train_fusion
from merclip.stage_towers import centre_labels, train_towers


def towers(config, vocab, sources, out, resume=False, stop_after=None):
    model, labels = make_model(config, vocab)
    centre_labels(model, labels)
    train_towers(model, labels, sources, config["towers"], config["seed"], out, resume, stop_after=stop_after)
    return model, labels


def test_resumed_tower_training_equals_one_that_ran_through(config, vocab, sources, tmp_path):
    whole, _ = towers(config, vocab, sources, tmp_path / "whole")
    towers(config, vocab, sources, tmp_path / "parts", stop_after=1)
    parts, _ = towers(config, vocab, sources, tmp_path / "parts", resume=True)
    for key, value in whole.state_dict().items():
        assert torch.equal(value, parts.state_dict()[key]), key


def test_resumed_fusion_training_equals_one_that_ran_through(config, vocab, sources, tmp_path):
    def run(out, resume=False, stop_after=None):
        model, labels = make_model(config, vocab)
        centre_labels(model, labels)
        train_fusion(model, labels, sources, config["fusion"], config["seed"], out, resume, stop_after=stop_after)
        return model

    whole = run(tmp_path / "whole")
    run(tmp_path / "parts", stop_after=1)
    parts = run(tmp_path / "parts", resume=True)
    for key, value in whole.state_dict().items():
        assert torch.equal(value, parts.state_dict()[key]), key


def test_tower_training_lowers_the_loss_and_logs_every_epoch(config, vocab, sources, tmp_path):
    stage = config["towers"]
    stage["epochs"] = 6
    stage["lr"] = dict.fromkeys(stage["lr"], 0.003)
    stage["parts"] = {"goemotions": {"batches": 20, "size": 16, "shares": {"big6": 1.0}}}
    towers(config, vocab, sources, tmp_path)
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [entry["epoch"] for entry in log] == list(range(6))
    assert log[-1]["loss"]["goemotions/big6"] < 0.8 * log[0]["loss"]["goemotions/big6"]


def test_a_checkpoint_of_another_shape_is_refused(config, vocab, sources, tmp_path):
    towers(config, vocab, sources, tmp_path, stop_after=1)
    config["model"]["dim"] = 32
    model, _ = make_model(config, vocab)
    with pytest.raises(ValueError, match="towers.pt: does not fit this configuration"):
        load_model(tmp_path / "towers.pt", model)
