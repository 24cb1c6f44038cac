"""The full-size configuration, on transformers small enough for a test: it computes what CLIP does, learns, exports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import yaml

transformers = pytest.importorskip("transformers", reason="the extra 'clip' (transformers) is not installed")

from merclip.clip.__main__ import check, main  # noqa: E402
from merclip.clip.audio import stretch  # noqa: E402
from merclip.clip.batch import random_faces, random_sounds, random_texts, small_batch  # noqa: E402
from merclip.clip.build import build_clip  # noqa: E402
from merclip.clip.patches import PatchEmbedding  # noqa: E402
from merclip.clip.published import published_clip, text_settings, vision_settings  # noqa: E402
from merclip.clip.step import clip_optimiser, loss_of, take_step  # noqa: E402
from merclip.clip.vision import DEVIATION, MEAN  # noqa: E402
from merclip.config import load_config  # noqa: E402
from merclip.encode import RowEncoder  # noqa: E402
from merclip.label_sets import BIG6  # noqa: E402
from merclip.model import build  # noqa: E402

LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]
TOKENS = [*LETTERS, *(f"{letter}</w>" for letter in LETTERS), "<|startoftext|>", "<|endoftext|>"]


@pytest.fixture
def config():
    tower = {"width": 32, "layers": 2, "heads": 4, "feed": 64}
    rates = {"published": 1e-4, "new": 3e-3, "scale": 4e-3}
    return {
        "id": "merclip-clip-tiny",
        "seed": 5,
        "holdOut": 0.2,
        "model": {
            "clip": "openai/clip-vit-base-patch32",
            "dim": 16,
            "labelDim": 24,
            "text": {**tower, "vocab": len(TOKENS), "maxTokens": 48, "tunedLayers": 1},
            "audio": {"sampleRate": 16000, "chunkSamples": 16000, "mels": 64},
            "vision": {**tower, "size": 32, "patch": 8},
            "decoder": {"heads": 2, "feed": 32, "dropout": 0.1, "order": ["text", "audio", "vision"]},
        },
        "towers": {name: {"lr": rates} for name in ("text", "audio", "vision")},
        "fusion": {"lr": {"decoder": 3e-3, "scale": 4e-3}, "weightDecay": 0.01, "clip": 1.0},
        "release": {},
    }


@pytest.fixture
def published(config, tmp_path) -> Path:
    """A folder as CLIP is published in: one checkpoint with both transformers, and the tokenizer's files."""
    folder = tmp_path / "clip"
    clip = transformers.CLIPModel(
        transformers.CLIPConfig(
            text_config={**text_settings(config["model"]), "bos_token_id": 52, "eos_token_id": 53},
            vision_config=vision_settings(config["model"]),
            projection_dim=config["model"]["labelDim"],
        )
    )
    clip.save_pretrained(folder)
    (folder / "vocab.json").write_text(json.dumps({token: place for place, token in enumerate(TOKENS)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    return folder


def test_the_shipped_configuration_describes_clip_vit_b32():
    model = load_config(Path(__file__).parent.parent / "configs" / "clip-vit-b32.yaml")["model"]
    # What transformers builds where nothing is said is ViT-B/32.
    for settings, published in (
        (text_settings(model), transformers.CLIPTextConfig()),
        (vision_settings(model), transformers.CLIPVisionConfig()),
    ):
        assert settings == {key: getattr(published, key) for key in settings}


def test_published_weights_give_clips_own_embeddings(config, published):
    net, labels = build_clip(config, str(published))
    clip = transformers.CLIPModel.from_pretrained(published).eval()
    ids, mask = labels.tokenizer.batch(["so glad", "what a day it was"])
    ids, mask = torch.from_numpy(ids), torch.from_numpy(mask)
    faces = random_faces(net, 2)
    pixels = (faces.permute(0, 3, 1, 2) / 255.0 - torch.tensor(MEAN)[:, None, None]) / torch.tensor(DEVIATION)[
        :, None, None
    ]
    with torch.no_grad():
        theirs = clip(input_ids=ids, attention_mask=mask, pixel_values=pixels)
        pooled = net.text.pooled(ids, mask)
        tuned = net.text.tuned_layers(*net.text._shared(ids))
        seen = net.vision.vit.encode(net.vision.vit.embed(net.vision.pictures(faces)))[:, 0]
    assert torch.allclose(pooled, theirs.text_embeds, atol=1e-5)
    assert torch.allclose(torch.nn.functional.normalize(seen, dim=-1), theirs.image_embeds, atol=1e-5)
    # The tuned copy starts from the same weights; its last valid token is the end of text.
    end = tuned[torch.arange(2), mask.sum(1) - 1]
    assert torch.allclose(torch.nn.functional.normalize(end, dim=-1), theirs.text_embeds, atol=1e-5)


def test_the_label_encoder_reads_prompts_with_clips_tokenizer(config, published):
    net, labels = build_clip(config, str(published))
    assert labels.tokenizer.ids("so") == [52, TOKENS.index("s"), TOKENS.index("o</w>"), 53]
    assert len(labels.tokenizer.ids("so " * 40)) == 48
    embedded = labels.encode_set(BIG6)
    assert embedded.shape == (len(BIG6.names), 24)
    assert torch.allclose(embedded.norm(dim=-1), torch.ones(len(embedded)), atol=1e-5)
    assert torch.allclose(
        embedded[:1], labels.tower.pooled(*map(torch.from_numpy, labels.tokenizer.batch(BIG6.prompts[:1]))), atol=1e-5
    )


def test_hearing_starts_from_what_clip_knows_of_pictures(config):
    net, _ = build_clip(config)
    picture = net.audio.spectrum(*random_sounds(net, 2))
    with torch.no_grad():
        heard = net.audio.vit.encode(net.audio.vit.embed(picture))
        seen = net.vision.vit.encode(net.vision.vit.embed(picture.expand(-1, 3, -1, -1)))
    assert torch.allclose(heard, seen, atol=1e-5)
    net.audio.vit.projection.weight.data.zero_()
    assert net.vision.vit.projection.weight.abs().sum() > 0


def test_patches_are_those_of_a_convolution():
    conv = torch.nn.Conv2d(3, 6, 4, 4, bias=False)
    pictures = torch.randn(2, 3, 12, 12)
    assert torch.allclose(PatchEmbedding(conv.weight, 3)(pictures), conv(pictures), atol=1e-5)


@pytest.mark.parametrize(("source", "target"), [(64, 224), (100, 224), (100, 32)])
def test_stretching_is_bilinear_resizing(source, target):
    line = torch.randn(1, 1, source)
    expected = torch.nn.functional.interpolate(line, size=target, mode="linear", align_corners=False)
    assert torch.allclose(line @ stretch(source, target).T, expected, atol=1e-4)


def test_pitch_goes_up_and_time_to_the_right_in_the_picture_of_a_sound(config):
    net, _ = build_clip(config)
    time = torch.arange(16000) / 16000
    low_then_high = torch.where(time < 0.5, torch.sin(6.283 * 200 * time), torch.sin(6.283 * 6000 * time))
    picture = net.audio.spectrum(low_then_high[None] * 0.3, torch.tensor([16000], dtype=torch.int32))[0, 0]
    half = picture.shape[0] // 2
    assert picture[half:, :half].mean() > picture[:half, :half].mean() + 0.2
    assert picture[:half, half:].mean() > picture[half:, half:].mean() + 0.2


def test_audio_tokens_come_in_time_and_do_not_depend_on_padding(config):
    net, _ = build_clip(config)
    pcm = torch.randn(1, 16000) * 0.1
    other = pcm.clone()
    other[:, 8400:] = 0.9  # frames reach 200 samples past their centre
    samples = torch.tensor([8000], dtype=torch.int32)
    with torch.no_grad():
        one, mask = net.audio(pcm, samples)
        two, _ = net.audio(other, samples)
    assert one.shape == (1, net.audio.tokens_per_chunk, net.dim)
    assert mask[0].tolist() == [1] * 9 + [0] * 8  # class token and two of four columns
    assert torch.allclose(one[:, :9], two[:, :9], atol=1e-5)


def test_text_padding_changes_neither_tokens_nor_embedding(config):
    net, _ = build_clip(config)
    ids, mask = random_texts(net, 2, 9)
    ids[1, mask[1] == 0] = 7
    with torch.no_grad():
        tokens, pooled = net.text(ids.long(), mask)
        valid = int(mask[1].sum())
        alone, same = net.text(ids[1:, :valid].long(), mask[1:, :valid])
    assert valid < 9
    assert torch.allclose(tokens[1:, :valid], alone, atol=1e-5)
    assert torch.allclose(pooled[1:], same, atol=1e-5)


def test_steps_train_every_tower_and_leave_the_label_encoder_as_it_was(config):
    net, _ = build_clip(config)
    batch = small_batch(net, None, 3)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    optim = clip_optimiser(net, config)
    first = take_step(net, optim, batch, 1.0)
    for _ in range(5):
        take_step(net, optim, batch, 1.0)
    assert loss_of(net.eval(), batch).item() < first
    moved = {name for name, value in net.state_dict().items() if not torch.equal(value, before[name])}
    for part in ("text.tuned_layers.", "audio.vit.layers.0.", "vision.vit.embeddings.", "fusion.decoder.", "heads."):
        assert any(name.startswith(part) for name in moved), part
    assert not any(name.startswith(("text.embeddings.", "text.trunk.", "text.label_layers.")) for name in moved)


def test_the_command_builds_trains_exports_and_compares(config, published, tmp_path, capsys):
    path = tmp_path / "tiny.yaml"
    path.write_text(yaml.safe_dump(config))
    out = tmp_path / "graphs"
    main(["--config", str(path), "--clip", str(published), "--out", str(out)])
    shown = json.loads(capsys.readouterr().out)
    assert shown["losses"][-1] < shown["losses"][0]
    assert shown["logitsMaxDiff"] < 1e-4
    for name in ("text", "audio", "vision", "fusion"):
        assert shown["graphs"][name]["bytes"] == (out / f"{name}.onnx").stat().st_size
        assert shown["graphs"][name]["maxDiff"] < 1e-4
    assert b"Conv" not in (out / "vision.onnx").read_bytes()


def test_training_reads_rows_of_data_sets_through_these_towers(config, published):
    config["model"]["clip"] = str(published)
    net, labels = build(config)
    encoder = RowEncoder(net, labels.tokenizer, seed=0)
    rows = {
        "text": ["so glad", "what a day it was"],
        "audio": [np.full(40000, 900, dtype=np.int16), np.full(9000, 900, dtype=np.int16)],
        "vision": np.full((2, 48, 48), 90, dtype=np.uint8),
    }
    for modality, payload in rows.items():
        dataset = SimpleNamespace(modality=modality, payload=payload)
        tokens, mask, _, _ = encoder(dataset, np.arange(2), augment=True)
        assert tokens.shape == (*mask.shape, net.dim)
        assert torch.isfinite(tokens).all() and (mask.sum(1) > 0).all()
        tokens.sum().backward()
        moved = [name for name, p in getattr(net, modality).named_parameters() if p.grad is not None]
        assert any(name.startswith(("tuned_layers.", "vit.")) for name in moved), modality


def test_a_loss_that_does_not_fall_is_an_error(config, tmp_path):
    still = {"published": 0.0, "new": 0.0, "scale": 0.0, "decoder": 0.0}
    config["towers"] = {name: {"lr": still} for name in config["towers"]}
    config["fusion"]["lr"] = still
    config["model"]["decoder"]["dropout"] = 0.0
    with pytest.raises(ValueError, match="the loss did not fall"):
        check(config, None, 2, tmp_path)


def test_a_folder_without_weights_says_which_command_brings_them(config, tmp_path):
    with pytest.raises(FileNotFoundError, match="hf download openai/clip-vit-base-patch32 --local-dir DIR"):
        published_clip(str(tmp_path), config["model"])


def test_without_a_hub_the_command_ends_in_one_sentence(config, tmp_path):
    path = tmp_path / "tiny.yaml"
    path.write_text(yaml.safe_dump(config))
    command = [sys.executable, "-m", "merclip.clip", "--config", str(path), "--clip", "openai/clip-vit-base-patch32"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "cache")}
    root = Path(__file__).parent.parent
    ended = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "run `hf download openai/clip-vit-base-patch32 --local-dir DIR`" in ended.stderr


def test_weights_of_another_size_are_refused(config, published):
    config["model"]["text"]["layers"] = 3
    with pytest.raises(ValueError, match="num_hidden_layers of its text model is 2; the configuration says 3"):
        published_clip(str(published), config["model"])


def test_a_folder_without_vocabulary_is_refused(config, published):
    (published / "vocab.json").unlink()
    (published / "merges.txt").unlink()
    with pytest.raises(ValueError, match="needed beside the weights is tokenizer.json"):
        build_clip(config, str(published))
