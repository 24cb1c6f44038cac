"""A release holds what its manifest says, and the graphs compute what the model does."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import onnxruntime
import pytest
import torch
from conftest import make_model

from merclip.evaluate import open_release
from merclip.export import make_release
from merclip.label_sets import BIG6, SHIPPED
from merclip.onnx_export import session
from merclip.stage_towers import centre_labels


@pytest.fixture
def release(config, vocab, sources, tmp_path):
    model, labels = make_model(config, vocab)
    centre_labels(model, labels)
    out = tmp_path / "weights" / "open"
    make_release(model, labels, config, sources, vocab, out)
    return model, labels, out


def test_a_release_is_complete_and_says_what_it_is(release):
    _, _, out = release
    assert {path.name for path in out.iterdir()} == {
        "manifest.json",
        "text.onnx",
        "audio.onnx",
        "vision.onnx",
        "fusion.onnx",
        "vocab.txt",
        "labels.bin",
        "golden.json",
        "CARD.md",
    }
    manifest = json.loads((out / "manifest.json").read_text())
    for name in ("text", "audio", "vision", "fusion"):
        data = (out / manifest[name]["file"]).read_bytes()
        assert manifest[name]["sha256"] == hashlib.sha256(data).hexdigest()
    ids = [entry["id"] for entry in manifest["labelSets"]]
    assert manifest["defaultLabelSet"] in ids and manifest["sentimentLabelSet"] in ids
    assert not list(out.parent.glob(".*"))

    rows = np.frombuffer((out / "labels.bin").read_bytes(), "<f4").reshape(-1, manifest["labelDim"])
    assert len(rows) == sum(len(entry["labels"]) for entry in manifest["labelSets"])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-4)
    card = (out / "CARD.md").read_text()
    for needed in ("re-implemented from the abstract", "Not meant for", "Composed clips", "GoEmotions", "Limits"):
        assert needed in card

    # The graphs agree with the model on sizes that they were not traced with.
    model, labels, _ = release
    check_towers(model, out)
    check_fusion(model, out, labels)
    check_golden(out, manifest)


def check_towers(model, out):
    torch.manual_seed(9)
    ids = torch.randint(5, 60, (4, 17))
    mask = torch.ones(4, 17, dtype=torch.int64)
    mask[2, 5:] = 0
    with torch.no_grad():
        tokens, pooled = model.text(ids, mask)
        got = session(out / "text.onnx").run(
            None, {"input_ids": ids.numpy().astype(np.int32), "attention_mask": mask.numpy().astype(np.int32)}
        )
        valid = mask.numpy() > 0
        assert cosine(tokens.numpy()[valid], got[0][valid]) > 0.99
        assert cosine(pooled.numpy(), got[1]) > 0.99

        pcm, samples = torch.randn(5, 16000) * 0.1, torch.tensor([16000, 1, 300, 9000, 15999], dtype=torch.int32)
        expected = model.audio(pcm, samples)
        got = session(out / "audio.onnx").run(None, {"pcm": pcm.numpy(), "samples": samples.numpy()})
        valid = got[1] > 0
        assert cosine(expected[0].numpy()[valid], got[0][valid]) > 0.999
        assert np.array_equal(expected[1].numpy(), got[1])

        faces = torch.randint(0, 256, (3, 48, 48, 3), dtype=torch.uint8)
        got = session(out / "vision.onnx").run(None, {"faces": faces.numpy()})
        assert np.allclose(model.vision(faces).numpy(), got[0], atol=1e-3)


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
