"""A release holds what its manifest says, and the graphs compute what the model does."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import onnxruntime
import pytest
import torch
from conftest import make_model

from merclip.card import main as card_command
from merclip.card import write_card
from merclip.evaluate import evaluate
from merclip.export import make_release
from merclip.figures.features import SplitFeatures
from merclip.figures.protocol import ITEMS
from merclip.figures.release import open_release
from merclip.label_sets import BIG6, SHIPPED
from merclip.onnx_export import session
from merclip.release_folder import WEIGHTS, release_folder
from merclip.stage_towers import place_labels
from merclip.torch_runtime import TorchRuntime


@pytest.fixture
def release(config, vocab, sources, tmp_path):
    model, labels = make_model(config, vocab)
    place_labels(model, labels)
    out = tmp_path / "weights" / "open"
    make_release(model, labels, config, sources, vocab, out)
    return model, labels, out


def test_a_release_is_complete_and_says_what_it_is(release, sources):
    _, _, out = release
    assert {path.name for path in out.iterdir()} == {
        "manifest.json",
        "text.onnx",
        "label.onnx",
        "audio.onnx",
        "vision.onnx",
        "fusion.onnx",
        "vocab.txt",
        "labels.bin",
        "golden.json",
        "figures.json",
        "CARD.md",
        "reliability.svg",
        "coverage.svg",
    }
    manifest = json.loads((out / "manifest.json").read_text())
    for name in ("text", "label", "audio", "vision", "fusion"):
        data = (out / manifest[name]["file"]).read_bytes()
        assert manifest[name]["sha256"] == hashlib.sha256(data).hexdigest()
    ids = [entry["id"] for entry in manifest["labelSets"]]
    assert {manifest[f"{name}LabelSet"] for name in ("default", "sentiment", "dimensions")} <= set(ids)
    goemotions = next(entry for entry in manifest["labelSets"] if entry["id"] == "goemotions")
    assert all(0.0 < label["threshold"] < 1.0 for label in goemotions["labels"])
    assert not list(out.parent.glob(".*"))

    rows = np.frombuffer((out / "labels.bin").read_bytes(), "<f4").reshape(-1, manifest["labelDim"])
    assert len(rows) == sum(len(entry["labels"]) for entry in manifest["labelSets"])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-4)
    check_card(out, manifest)
    check_evaluation(out, sources, *release[:2])

    # The graphs agree with the model on sizes that they were not traced with.
    model, labels, _ = release
    check_towers(model, out)
    check_fusion(model, out, labels)
    check_golden(out, manifest)


def check_card(out, manifest):
    card = (out / "CARD.md").read_text()
    figures = json.loads((out / "figures.json").read_text())
    for needed in (
        "re-implemented from the abstract",
        "Not meant for",
        "GoEmotions",
        "Limits",
        "Against the targets",
        "As in a call",
        "By group",
        "does fusion pay",
        "(reliability.svg)",
        "(coverage.svg)",
    ):
        assert needed in card, needed
    # Every figure of the protocol stands in the card as it was measured, and its verdict follows from it.
    measured = figures["splits"][0]["protocol"]
    assert {"FER+, 8 classes: accuracy", "GoEmotions, 28 labels: macro-F1"} <= set(measured)
    for item in ITEMS:
        if item.title in measured:
            line = next(line for line in card.splitlines() if line.startswith(f"| {item.title} |"))
            assert f"| {measured[item.title]:.3f} |" in line
            reached = item.reached(manifest["tier"], measured[item.title])
            assert line.endswith({True: "| reached |", False: "| **not reached** |", None: "| reported |"}[reached])
    assert set(figures["fp32"]["fp32"]) == set(figures["fp32"]["int8"]) == set(measured)
    assert set(figures["call"]["clean"]) == set(figures["call"]["inACall"]) == set(measured)
    # The card can be written again from the folder alone.
    (out / "CARD.md").unlink()
    write_card(out)
    assert (out / "CARD.md").read_text() == card
    check_zero_shot(out, card)


def check_zero_shot(out, card):
    """What was measured on labels that were held out comes into a card later than the rest."""
    kept = (out / "figures.json").read_text()
    assert "Labels that were never learned" not in card
    measured = out / "zero-shot.json"
    measured.write_text(json.dumps(json.loads((WEIGHTS / "open" / "figures.json").read_text())["zeroShot"]))
    card_command(["--weights", str(out), "--zero-shot", str(measured)])
    added = (out / "CARD.md").read_text()
    assert "Labels that were never learned" in added
    assert {*card.splitlines()} <= {*added.splitlines()}
    measured.write_text('{"ratio": 2}')
    with pytest.raises(SystemExit, match="--zero-shot .*zero-shot.json: not what merclip.zero_shot --json prints"):
        card_command(["--weights", str(out), "--zero-shot", str(measured)])
    measured.unlink()
    (out / "figures.json").write_text(kept)
    write_card(out)


def check_evaluation(out, sources, model, labels):
    """Measuring again gives what the card says."""
    kept = json.loads((out / "figures.json").read_text())["splits"][0]
    assert evaluate(out, sources, "val") == kept
    runtime, _ = open_release(out)
    plain, in_call, again, fewer = (
        SplitFeatures(runtime, sources, "val", limit, seed) for limit, seed in ((6, None), (6, 5), (6, 5), (3, 5))
    )
    assert all(np.array_equal(tokens, again.tokens[key]) for key, tokens in in_call.tokens.items())
    touched = {key[0] for key, tokens in in_call.tokens.items() if not np.array_equal(tokens, plain.tokens[key])}
    assert touched == set(sources.datasets)
    # The model itself, behind the same face, gives what the graphs give but for int8 weights.
    exact = SplitFeatures(TorchRuntime(model, labels.tokenizer, runtime.chunk), sources, "val", 6)
    assert all(cosine(tokens, exact.tokens[key]) > 0.98 for key, tokens in plain.tokens.items())
    # What happens to a row in a call does not hang on what else is measured; fewer rows are some of the more.
    assert set(fewer.tokens) < set(in_call.tokens)
    assert all(np.allclose(tokens, in_call.tokens[key], atol=1e-4) for key, tokens in fewer.tokens.items())


def test_a_release_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(ValueError, match="neither a folder with a manifest.json nor a release; releases are: .*open"):
        release_folder("nowhere")


def check_towers(model, out):
    torch.manual_seed(9)
    ids = torch.randint(5, 60, (4, 17))
    mask = torch.ones(4, 17, dtype=torch.int64)
    mask[2, 5:] = 0
    with torch.no_grad():
        tokens, pooled = model.text.tokens(ids, mask), model.text.pooled(ids, mask)
        feed = {"input_ids": ids.numpy().astype(np.int32), "attention_mask": mask.numpy().astype(np.int32)}
        valid = mask.numpy() > 0
        assert cosine(tokens.numpy()[valid], session(out / "text.onnx").run(None, feed)[0][valid]) > 0.99
        assert cosine(pooled.numpy(), session(out / "label.onnx").run(None, feed)[0]) > 0.99

        pcm, samples = torch.randn(5, 16000) * 0.1, torch.tensor([16000, 1, 300, 9000, 15999], dtype=torch.int32)
        expected = model.audio(pcm, samples)
        got = session(out / "audio.onnx").run(None, {"pcm": pcm.numpy(), "samples": samples.numpy()})
        valid = got[1] > 0
        assert cosine(expected[0].numpy()[valid], got[0][valid]) > 0.995
        assert np.array_equal(expected[1].numpy(), got[1])

        faces = torch.randint(0, 256, (3, 48, 48, 3), dtype=torch.uint8)
        got = session(out / "vision.onnx").run(None, {"faces": faces.numpy()})
        assert cosine(model.vision(faces).numpy(), got[0]) > 0.999


def cosine(one, other):
    return float(((one * other).sum(-1) / (np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1))).min())


def check_fusion(model, out, labels):
    fusion = session(out / "fusion.onnx")
    embedded = labels.encode_set(BIG6)
    for batch, lengths, count in ((1, (1, 1, 1), 2), (3, (20, 40, 12), 7)):
        torch.manual_seed(batch)
        inputs, feed = {}, {}
        for name, length in zip(("text", "audio", "vision"), lengths, strict=True):
            tokens, mask = torch.randn(batch, length, model.dim), torch.ones(batch, length, dtype=torch.int32)
            if name == "vision":
                mask[0] = 0
                tokens[0] = float("nan")
            inputs[name] = (tokens, mask)
            feed[name], feed[f"{name}_mask"] = tokens.numpy(), mask.numpy()
        feed["labels"] = embedded[:count][None].expand(batch, -1, -1).numpy()
        feed["label_mask"] = np.ones((batch, count), np.int32)
        with torch.no_grad():
            expected = model.fuse(inputs, embedded[:count]).numpy()
        got = fusion.run(None, feed)[0]
        assert np.isfinite(got).all()
        assert np.allclose(expected, got, atol=0.1)  # int8 weights against fp32


def check_golden(out, manifest):
    golden = json.loads((out / "golden.json").read_text())
    assert len(golden["tokenizer"]) >= 40
    assert golden["tokenizer"][4] == {"text": "", "ids": [2, 3]}
    assert max(len(entry["ids"]) for entry in golden["tokenizer"]) == manifest["text"]["maxTokens"]
    runtime, _ = open_release(out)
    assert isinstance(runtime.text, onnxruntime.InferenceSession)
    temperature = next(s["temperature"] for s in manifest["labelSets"] if s["id"] == "big6")
    for case in golden["fusion"]:
        scaled = np.exp(np.array(case["logits"]) / temperature)
        assert np.allclose(scaled / scaled.sum(), case["p"], atol=1e-4)
    assert [len(case["logits"]) for case in golden["fusion"]] == [len(SHIPPED[0].labels)] * 4
