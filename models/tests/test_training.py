"""Training learns, and a stopped run goes on as if it had not been stopped."""

from __future__ import annotations

import json

import pytest
import torch
from conftest import make_model

from merclip.averaging import RunningAverage
from merclip.checkpoint import load_tower
from merclip.decoder import MODALITIES
from merclip.feature_store import FeatureStore
from merclip.stage_fusion import train_fusion
from merclip.stage_towers import place_labels, train_tower


def tower(modality, config, vocab, sources, out, resume=False, stop_after=None):
    model, labels = make_model(config, vocab)
    place_labels(model, labels, out)
    section = config["towers"][modality]
    train_tower(model, labels, sources, modality, section, config["seed"], out, resume, stop_after=stop_after)
    return model


@pytest.mark.parametrize("modality", MODALITIES)
def test_resumed_tower_training_equals_one_that_ran_through(modality, config, vocab, sources, tmp_path):
    def averaged(out):
        return torch.load(out / f"tower-{modality}.pt", weights_only=True)["tower"]

    tower(modality, config, vocab, sources, tmp_path / "whole")
    tower(modality, config, vocab, sources, tmp_path / "parts", stop_after=1)
    tower(modality, config, vocab, sources, tmp_path / "parts", resume=True)
    parts = averaged(tmp_path / "parts")
    for key, value in averaged(tmp_path / "whole").items():
        assert torch.equal(value, parts[key]), key


def test_resumed_fusion_training_equals_one_that_ran_through(config, vocab, sources, tmp_path):
    def run(out, resume=False, stop_after=None):
        model, labels = make_model(config, vocab)
        place_labels(model, labels, out)
        train_fusion(model, labels, sources, config["fusion"], config["seed"], out, resume, stop_after=stop_after)
        return model

    whole = run(tmp_path / "whole")
    run(tmp_path / "parts", stop_after=1)
    parts = run(tmp_path / "parts", resume=True)
    for key, value in whole.state_dict().items():
        assert torch.equal(value, parts.state_dict()[key]), key


def test_a_resumed_fusion_run_encodes_again_only_what_other_weights_have_made(
    config, vocab, sources, tmp_path, monkeypatch
):
    encoded = []
    fill = FeatureStore.fill

    def told(self, encoder, dataset, *rest, **more):
        encoded.append(dataset.name)
        fill(self, encoder, dataset, *rest, **more)

    monkeypatch.setattr(FeatureStore, "fill", told)

    def run(change: float, resume: bool) -> list[str]:
        encoded.clear()
        model, labels = make_model(config, vocab)
        place_labels(model, labels, tmp_path)
        with torch.no_grad():
            model.vision.project.bias += change
        train_fusion(model, labels, sources, config["fusion"], config["seed"], tmp_path, resume, stop_after=1)
        return list(encoded)

    assert sorted(run(0.0, resume=False)) == sorted(sources.datasets)
    assert run(0.0, resume=True) == []
    assert run(1.0, resume=True) == ["ferplus"]


def test_tower_training_lowers_the_loss_and_logs_every_epoch(config, vocab, sources, tmp_path):
    section = config["towers"]["text"]
    section["epochs"] = 6
    section["lr"] = dict.fromkeys(section["lr"], 0.003)
    section["parts"] = {"goemotions": {"batches": 20, "size": 16, "shares": {"big6": 1.0}}}
    tower("text", config, vocab, sources, tmp_path)
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [entry["epoch"] for entry in log] == list(range(6))
    assert log[-1]["loss"]["goemotions/big6"] < 0.8 * log[0]["loss"]["goemotions/big6"]


def test_training_a_tower_leaves_the_shared_space_and_the_other_towers_alone(config, vocab, sources, tmp_path):
    before, _ = make_model(config, vocab)
    after = tower("vision", config, vocab, sources, tmp_path)
    for name in ("text", "audio"):
        old, new = before.tower(name).state_dict(), after.tower(name).state_dict()
        assert all(torch.equal(old[key], new[key]) for key in old), name
    space = torch.load(tmp_path / "label-space.pt", weights_only=True)
    assert torch.equal(after.fusion.labels.linear.weight, space["matrix"])


def test_towers_of_one_run_share_a_label_space_even_if_the_label_encoder_changed(config, vocab, tmp_path):
    first, labels = make_model(config, vocab)
    place_labels(first, labels, tmp_path)
    other, labels = make_model(config, vocab)
    torch.nn.init.normal_(other.text.embeddings.word_embeddings.weight)
    place_labels(other, labels, tmp_path)
    assert torch.equal(first.fusion.labels.linear.weight, other.fusion.labels.linear.weight)


def test_a_checkpoint_of_another_shape_is_refused(config, vocab, sources, tmp_path):
    tower("vision", config, vocab, sources, tmp_path, stop_after=1)
    config["model"]["dim"] = 12
    model, _ = make_model(config, vocab)
    with pytest.raises(ValueError, match="tower-vision.pt: does not fit this configuration"):
        load_tower(tmp_path / "tower-vision.pt", model.tower("vision"))


def test_a_running_average_forgets_where_it_began_and_gives_the_live_weights_back():
    module = torch.nn.Linear(1, 1, bias=False)
    average = RunningAverage(module, 0.5)
    with torch.no_grad():
        module.weight.fill_(4.0)
    for _ in range(30):
        average.update()
    live = module.weight.item()
    with torch.no_grad():
        module.weight.fill_(8.0)
    with average.applied():
        assert module.weight.item() == pytest.approx(live, abs=1e-4)
    assert module.weight.item() == 8.0
