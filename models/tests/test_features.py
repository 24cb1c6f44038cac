"""MER-CLIP on utterance features: order, folds, context, noise and training."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest
import torch
from features_data import SETTINGS, columns, made, write

from merclip.features import evaluate
from merclip.features.context import neighbours
from merclip.features.folds import video_folds
from merclip.features.measure import measure, over_seeds
from merclip.features.model import build
from merclip.features.normalise import normalised, relative_to_video
from merclip.features.protocol import exchanged
from merclip.features.reextract import SIZE, reextract
from merclip.features.ridge import ridge_reading
from merclip.features.sentiment import VALUES, sentiment_loss, soft_target
from merclip.features.settings import load_settings
from merclip.features.training import Reading, fit_and_read, mean_reading
from merclip.features.utterances import joined, load_utterances
from merclip.features.windows import disturbed, sequences, windows_of

LABELS = torch.nn.functional.normalize(torch.randn(7, 24, generator=torch.Generator().manual_seed(2)), dim=-1)


def test_utterances_stand_in_spoken_order_whatever_the_order_of_the_file(tmp_path):
    content = columns(3, 0)
    ids = [f"v{video}_{number}" for video in range(3) for number in range(1, 9)]
    found = load_utterances(write(tmp_path / "a.npz", content))
    assert found.ids == ids
    row = list(content["ids"]).index("v1_3")
    assert np.array_equal(found.features["vision"][ids.index("v1_3")], content["video"][row])
    assert found.sentiment[ids.index("v1_3")] == content["sentiment"][row]


def test_the_order_of_the_file_changes_no_reading(tmp_path):
    content = columns(6, 1)
    shuffled = np.random.default_rng(0).permutation(len(content["ids"]))
    readings = []
    for name, rows in (("sorted", slice(None)), ("shuffled", shuffled)):
        found = load_utterances(write(tmp_path / f"{name}.npz", {key: value[rows] for key, value in content.items()}))
        train, test = video_folds(found.videos, 3, 0)[0]
        readings.append(fit_and_read(found, found.features, train, test, LABELS, SETTINGS, 1))
    assert np.array_equal(readings[0].polarity, readings[1].polarity)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("text", None, "lacks text"),
        ("audio", np.zeros((3, 6), np.float32), r"audio is \(3, 6\)"),
        ("text", np.full((16, 6), np.nan, np.float32), "text holds values that are not finite"),
        ("ids", np.array(["v_1"] * 16), "comes twice"),
        ("ids", np.array([f"v{row}" for row in range(16)]), "'v0' is not written VIDEO_NUMBER"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_by_name(tmp_path, key, value, says):
    content = columns(2, 0)
    content.pop(key) if value is None else content.update({key: value})
    with pytest.raises(ValueError, match=says):
        load_utterances(write(tmp_path / "a.npz", content))


def test_folds_share_no_video_and_test_each_utterance_once():
    videos = made(9).videos
    folds = video_folds(videos, 4, 7)
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(len(videos)))
    assert all(not set(videos[train]) & set(videos[test]) for train, test in folds)
    with pytest.raises(ValueError, match="allowed are 2 to 9"):
        video_folds(videos, 10, 7)


def test_neighbours_end_where_the_video_ends():
    rows, mask = neighbours(np.array(["a", "a", "b", "b", "b"]), 1)
    assert rows.tolist() == [[0, 0, 1], [0, 1, 1], [2, 2, 3], [2, 3, 4], [3, 4, 4]]
    assert mask.tolist() == [
        [False, True, True],
        [True, True, False],
        [False, True, True],
        [True, True, True],
        [True, True, False],
    ]


def test_features_relative_to_the_video_do_not_tell_which_video_it_is():
    videos = np.repeat(["a", "b"], 20)
    x = np.random.default_rng(0).standard_normal((40, 3)) + np.where(videos == "a", 5.0, -5.0)[:, None]
    relative = relative_to_video(x, videos)
    assert np.allclose(relative[:20].mean(0), 0.0) and np.allclose(relative[20:].mean(0), 0.0)


def test_rows_under_test_have_no_part_in_the_scale():
    x = np.random.default_rng(0).standard_normal((10, 2))
    videos, train = np.array(["a"] * 6 + ["b"] * 4), np.arange(6)
    other = x.copy()
    other[6:] *= 50.0
    assert np.array_equal(normalised(x, videos, train, "fold")[:6], normalised(other, videos, train, "fold")[:6])
    with pytest.raises(ValueError, match="allowed are fold, video"):
        normalised(x, videos, train, "row")


def test_soft_targets_have_the_sentiment_as_their_expectation():
    sentiment = np.array([-3.0, -0.4, 0.0, 1.75, 3.4, np.nan], dtype=np.float32)
    target = soft_target(sentiment)
    assert np.allclose(target @ VALUES.numpy(), [-3.0, -0.4, 0.0, 1.75, 3.0, 0.0], atol=1e-6)
    assert np.allclose(target.sum(1), [1, 1, 1, 1, 1, 0])


def test_an_utterance_without_sentiment_still_teaches_its_polarity():
    model = build(SETTINGS["model"], {"text": 4}, {"text": 3}, LABELS, VALUES)
    logits = torch.zeros(1, 7, requires_grad=True)
    weights = {"ordinal": 1.0, "polarity": 1.0, "smoothing": 0.0}
    loss = sentiment_loss(model, logits, torch.zeros(1, 7), torch.ones(1), weights)
    loss.backward()
    assert loss.item() == pytest.approx(np.log(2.0))
    assert logits.grad[0, 6] < 0 < logits.grad[0, 0]


def test_what_lies_beyond_the_end_of_a_video_is_never_read():
    utterances = made(2)
    windows = windows_of(utterances, utterances.features, np.arange(16), SETTINGS["model"])
    model = build(SETTINGS["model"], dict.fromkeys(windows, 6), {"text": 3, "audio": 1, "vision": 1}, LABELS, VALUES)
    inputs = sequences(windows, np.arange(16))
    x, mask = inputs["text"]
    spoiled = {**inputs, "text": (torch.where(mask[..., None] > 0, x, torch.full_like(x, torch.nan)), mask)}
    model.eval()
    assert (mask == 0).any()
    assert torch.equal(model(inputs, LABELS), model(spoiled, LABELS))


def test_noise_never_hides_every_modality_and_draws_from_training_rows_only():
    utterances = made(4)
    model = {**SETTINGS["model"], "context": dict.fromkeys(("text", "audio", "vision"), 0)}
    windows = windows_of(utterances, utterances.features, np.arange(16), model)
    noise = {"exchange": dict.fromkeys(windows, 1.0), "drop": dict.fromkeys(windows, 0.8), "dropToken": 0.0}
    pool = np.arange(16)
    inputs = disturbed(windows, np.arange(16), pool, np.random.default_rng(0), noise)
    assert torch.stack([mask.amax(1) for _, mask in inputs.values()]).amax(0).min() == 1
    assert min(mask.min() for _, mask in inputs.values()) == 0
    known = windows["text"].features[:16]
    assert all((row == known).all(1).any() for row in inputs["text"][0][:, 0])


def test_exchange_spoils_its_share_of_the_rows_named_and_no_other():
    x = np.arange(1000.0)[:, None]
    rows = np.arange(500)
    changed = (exchanged(x, rows, 0.7, np.random.default_rng(0)) != x)[:, 0]
    assert not changed[500:].any()
    assert changed[:500].mean() == pytest.approx(0.7, abs=0.06)


def test_an_extractor_remembers_what_it_was_trained_on():
    rng = np.random.default_rng(0)
    words, positive = torch.randn(120, 6, 10), rng.random(120) < 0.5
    train = np.arange(80)
    features = reextract(words, positive, train, 3)
    assert features.shape == (120, SIZE)
    assert np.array_equal(features, reextract(words, positive, train, 3))
    fitted = features[train] - features[train].mean(0)
    direction = np.linalg.lstsq(fitted, positive[train] - 0.5, rcond=None)[0]
    told = ((features - features[train].mean(0)) @ direction > 0) == positive
    # The words are noise: what is known of training rows is memory, and nothing is known of the others.
    assert told[:80].mean() > 0.9
    assert told[80:].mean() < 0.75


def test_training_learns_what_the_features_tell_and_three_modalities_are_read():
    utterances = made(12, 3)
    train, test = video_folds(utterances.videos, 3, 0)[0]
    reading = fit_and_read(utterances, utterances.features, train, test, LABELS, SETTINGS, 1)
    figures = measure(utterances, test, reading)
    assert figures["acc2"] > 0.8
    assert figures["mae"] < 1.2
    again = fit_and_read(utterances, utterances.features, train, test, LABELS, SETTINGS, 1)
    assert np.array_equal(reading.sentiment, again.sentiment)


def test_ridge_learns_it_too():
    utterances = made(12, 3)
    train, test = video_folds(utterances.videos, 3, 0)[0]
    assert measure(utterances, test, ridge_reading(utterances, utterances.features, train, test))["acc2"] > 0.7


def test_figures_over_seeds_are_mean_and_population_deviation():
    assert over_seeds([{"a": 1.0}, {"a": 3.0}]) == {"a": {"mean": 2.0, "std": 1.0}}
    both = mean_reading([Reading(np.array([1.0]), np.array([2.0])), Reading(np.array([3.0]), np.array([-1.0]))])
    assert both.sentiment[0] == 2.0 and both.polarity[0] == 0.5


def test_parts_with_a_video_in_common_are_refused():
    with pytest.raises(ValueError, match="video 'v0' is in both parts"):
        joined(made(2), made(3))


def test_one_file_trains_and_another_is_measured(tmp_path, monkeypatch, capsys):
    settings = copy.deepcopy(SETTINGS)
    monkeypatch.setattr(evaluate, "load_settings", lambda path: settings)
    monkeypatch.setattr(evaluate, "label_embeddings", lambda weights: LABELS)
    train = write(tmp_path / "train.npz", columns(8, 0))
    test = write(tmp_path / "test.npz", columns(3, 9, "w"))
    evaluate.main(["--train", str(train), "--test", str(test), "--seeds", "1", "2", "--json"])
    result = json.loads(capsys.readouterr().out)
    assert result["n"] == 24
    whole = result["figures"]["text+audio+vision"]
    assert whole["acc2"]["mean"] > 0.75
    assert 0.0 <= whole["ensemble"]["acc2"] <= 1.0
    best = max(result["figures"][name]["acc2"]["mean"] for name in ("text", "audio", "vision"))
    assert result["fusionGain"] == pytest.approx(100 * (whole["acc2"]["mean"] - best), abs=0.05)


def test_folds_or_two_files_have_to_be_named():
    with pytest.raises(SystemExit):
        evaluate.main(["--json"])
    with pytest.raises(SystemExit):
        evaluate.main(["--train", "a.npz"])


def test_the_shipped_configuration_builds():
    settings = load_settings(evaluate.CONFIG)
    lengths = {name: 2 * reach + 1 for name, reach in settings["model"]["context"].items()}
    model = build(settings["model"], {"text": 100, "audio": 73, "vision": 100}, lengths, torch.randn(7, 384), VALUES)
    assert sum(p.numel() for p in model.parameters()) < 200_000


def test_a_configuration_without_a_section_is_refused(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("id: a\nmodel: {order: [text]}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="section 'training' is missing"):
        load_settings(path)
    path.write_text("id: a\nmodel: {order: [smell]}\ntraining: {}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"\['smell'\]; allowed are text, audio, vision"):
        load_settings(path)
