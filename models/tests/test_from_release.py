"""A release gives its weights back, so that training can go on from it."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError

import pytest
import torch
from conftest import make_model

from merclip.checkpoint import save, trained_state
from merclip.from_release import graph_state, load_graph
from merclip.graphs import graph_specs
from merclip.onnx_export import session, write_graph
from merclip.release_folder import WEIGHTS
from merclip.train import ready_tower, start_of


@pytest.fixture
def release(config, vocab, tmp_path):
    """The graphs of a model whose norms have seen data, and the model."""
    model, _ = make_model(config, vocab)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(module.running_mean, 0.0, 0.2)
            torch.nn.init.uniform_(module.running_var, 0.5, 2.0)
            torch.nn.init.normal_(module.bias, 0.0, 0.2)
    folder = tmp_path / "release"
    folder.mkdir()
    for spec in graph_specs(model.eval()):
        write_graph(spec, folder / f"{spec.name}.onnx")
    (folder / "manifest.json").write_text(json.dumps({"format": 1}), encoding="utf-8")
    return folder, model


@pytest.mark.parametrize("name", ["text", "audio", "vision", "fusion"])
def test_a_graph_and_the_module_that_was_filled_from_it_say_the_same(name, release, config, vocab):
    folder, _ = release
    torch.manual_seed(9)
    fresh, _ = make_model(config, vocab)
    if name == "text":  # what is published is no part of training: every run has it from the same file
        frozen = {key: value for key, value in release[1].text.state_dict().items() if not key.startswith("tuned")}
        fresh.text.load_state_dict({**fresh.text.state_dict(), **frozen})
    spec = next(spec for spec in graph_specs(fresh.eval()) if spec.name == name)
    load_graph(folder / f"{name}.onnx", "fusion" if name == "fusion" else "tower", getattr(fresh, name))
    feed = {key: value.numpy() for key, value in spec.inputs.items()}
    expected = session(folder / f"{name}.onnx").run(None, feed)[0]
    module = fresh.text.tokens if name == "text" else getattr(fresh.eval(), name)
    inputs = [value.long() if name == "text" else value for value in spec.inputs.values()]
    with torch.no_grad():
        got = module(*inputs)
    got = got[0] if isinstance(got, tuple) else got
    # The published word embeddings are in int8 in the graph alone.
    assert torch.allclose(got, torch.from_numpy(expected), atol=0.1 if name == "text" else 1e-4)


def test_weights_come_back_within_half_a_step(release):
    folder, model = release
    linear = model.fusion.decoder.blocks["text"].cross_attention.query.weight
    state = graph_state(folder / "fusion.onnx", "fusion")
    found = state["decoder.blocks.text.cross_attention.query.weight"]
    step = linear.abs().amax(1, keepdim=True) / 127.0
    assert ((found - linear).abs() <= 0.501 * step).all()
    assert not torch.equal(found, linear)


def test_fusion_takes_a_tower_that_the_run_has_not_trained_from_the_release(release, config, vocab, tmp_path):
    folder, model = release
    fresh, _ = make_model(config, vocab)
    ready_tower(fresh, "vision", tmp_path / "run", folder)
    faces = torch.randint(0, 256, (2, 48, 48, 3), dtype=torch.uint8)
    with torch.no_grad():
        assert torch.allclose(fresh.eval().vision(faces), model.vision(faces), atol=0.1)
    with pytest.raises(FileNotFoundError):
        ready_tower(fresh, "vision", tmp_path / "run", None)


@pytest.mark.parametrize("keep", [0.0, 0.25, 1.0])
def test_a_tower_goes_as_far_back_to_the_release_as_it_is_told(keep, release, config, vocab, tmp_path):
    folder, _ = release
    start, _ = make_model(config, vocab)
    ready_tower(start, "audio", tmp_path / "nothing", folder)
    learned, _ = make_model(config, vocab)
    torch.nn.init.normal_(learned.audio.flat.weight)
    save(tmp_path / "tower-audio.pt", {"tower": trained_state(learned.tower("audio"))})
    mixed, _ = make_model(config, vocab)
    ready_tower(mixed, "audio", tmp_path, folder, keep)
    first, last = start.audio.flat.weight, learned.audio.flat.weight
    assert torch.allclose(mixed.audio.flat.weight, (1 - keep) * last + keep * first, atol=1e-6)


def test_a_release_of_another_shape_is_refused(release, config, vocab):
    folder, _ = release
    config["model"]["vision"]["widths"] = [8, 8, 8, 12]
    model, _ = make_model(config, vocab)
    with pytest.raises(ValueError, match=r"vision\.onnx: does not fit this configuration; for one, "):
        load_graph(folder / "vision.onnx", "tower", model.vision)
    with pytest.raises(ValueError, match="holds no weights under 'nothing'"):
        graph_state(folder / "vision.onnx", "nothing")


def test_training_starts_from_a_run_or_a_release_and_from_nothing_else(release, tmp_path):
    folder, _ = release
    assert start_of(str(folder)) == folder
    assert start_of("open") == WEIGHTS / "open"
    run = tmp_path / "run"
    run.mkdir()
    with pytest.raises(ArgumentTypeError, match=r"--init .*run: neither .* nor a release; releases are: open"):
        start_of(str(run))
    (run / "tower-text.pt").touch()
    assert start_of(str(run)) == run
