"""Views, mixing, augmentation and chunking of data."""

from __future__ import annotations

import difflib
import gzip
import hashlib
import json
import random
import re

import numpy as np
import pytest
import torch

from merclip.concepts import BIG6 as BIG6_OF
from merclip.concepts import DIMENSIONS as DIMENSIONS_OF
from merclip.concepts import MEETING as MEETING_OF
from merclip.concepts import SENTIMENT as SENTIMENT_OF
from merclip.concepts import UNSEEN, WORDINGS, concept_of
from merclip.data.as_in_a_call import as_in_a_call
from merclip.data.augment_audio import vary_sound
from merclip.data.augment_faces import vary_faces
from merclip.data.augment_text import like_a_transcript, like_recognised
from merclip.data.batches import chunk_audio, gather_tokens
from merclip.data.composed import Composer
from merclip.data.context import with_context
from merclip.data.dataset import DataSet
from merclip.data.ferplus import absolute_majority
from merclip.data.held_out import without_labels
from merclip.data.mixing import epoch_batches
from merclip.data.sources import Sources, load_sources, load_what_is_there
from merclip.label_sets import BIG6, EMODB, GOEMOTIONS, MEETING, SHIPPED, label_set


def test_every_mapping_speaks_of_known_concepts():
    for mapping in (BIG6_OF, MEETING_OF, SENTIMENT_OF, DIMENSIONS_OF):
        assert set(mapping) <= set(WORDINGS)
    assert set(BIG6_OF.values()) == set(BIG6.concepts)
    assert set(MEETING_OF.values()) == set(MEETING.concepts)


def test_unseen_words_are_in_no_training_prompt():
    trained = {wording for wordings in WORDINGS.values() for wording in wordings}
    assert set(UNSEEN) == set(BIG6.concepts)
    assert not trained & set(UNSEEN.values())


def test_label_without_a_concept_is_named_in_the_error():
    with pytest.raises(KeyError, match="'melancholy'"):
        concept_of("melancholy")


def test_hash_of_a_label_set_is_that_of_its_prompts_as_json():
    text = json.dumps(BIG6.prompts, separators=(",", ":"))
    assert BIG6.hash == hashlib.sha256(text.encode()).hexdigest()[:16]
    assert len({labels.hash for labels in SHIPPED}) == len(SHIPPED)


def test_label_set_of_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="kind 'best' is not one of single, multi, ordinal, dimensional"):
        label_set("x", "best", ["anger"])


def test_goemotions_has_its_28_labels():
    assert len(GOEMOTIONS.labels) == 28


def test_views_give_distributions_where_they_hold(sources):
    for views in sources.views.values():
        for view in views.values():
            valid = view.target[view.valid]
            assert len(valid) > 0
            if view.labels.kind == "multi":
                assert set(np.unique(valid)) <= {0.0, 1.0}
            elif view.labels.kind == "dimensional":
                assert valid.shape[1] == 3 and valid.min() >= 0.0 and valid.max() <= 1.0
            else:
                assert np.allclose(valid.sum(1), 1.0, atol=1e-5)


def test_rows_of_opposite_classes_have_opposite_sentiment(sources):
    target = sources.views["goemotions"]["sentiment"].target
    values = np.array([-3, -2, -1, 0, 1, 2, 3])
    assert target[4] @ values > 1.0  # happy
    assert target[5] @ values < -1.0  # sad


def test_an_epoch_is_a_function_of_seed_and_number(sources, config):
    parts = sources.parts(config["fusion"]["parts"], sources.tower_rows)

    def plan(seed, epoch):
        return [(b.part.dataset.name, b.view.labels.id, b.rows.tolist()) for b in epoch_batches(parts, seed, epoch)]

    assert plan(1, 2) == plan(1, 2)
    assert plan(1, 2) != plan(1, 3)
    assert plan(1, 2) != plan(2, 2)


def test_batches_hold_training_rows_only_and_none_that_were_held_out(sources, config):
    parts = sources.parts(config["fusion"]["parts"], sources.tower_rows)
    for batch in epoch_batches(parts, 0, 0):
        name = batch.part.dataset.name
        assert (batch.part.dataset.split[batch.rows] == "train").all()
        assert not set(batch.rows) & set(sources.held_rows[name])


def test_no_group_is_on_both_sides_of_the_hold_out(sources):
    data = DataSet(
        "speakers",
        "audio",
        "open",
        [np.zeros(4000, np.int16)] * 60,
        np.array(["train"] * 60),
        [{"anger": 1.0}] * 60,
        EMODB,
        np.repeat(np.arange(12), 5),
    )
    split = Sources({"speakers": data}, "open", 0.3)
    towers, held = set(data.group[split.tower_rows["speakers"]]), set(data.group[split.held_rows["speakers"]])
    assert towers and held and not towers & held


def test_data_that_is_not_open_is_refused_in_an_open_release():
    data = DataSet(
        "ravdess",
        "audio",
        "noncommercial",
        [np.zeros(4000, np.int16)],
        np.array(["train"]),
        [{"anger": 1.0}],
        EMODB,
        np.arange(1),
    )
    with pytest.raises(ValueError, match="'ravdess' is 'noncommercial'"):
        Sources({"ravdess": data}, "open", 0.1)


def test_unknown_data_set_is_named(tmp_path):
    with pytest.raises(ValueError, match="no loader for data set 'iemocap'"):
        load_sources(tmp_path, ["iemocap"], "open", 0.1)


def test_composed_clips_agree_unless_told_to_clash(sources):
    rows = {name: data.rows("train") for name, data in sources.datasets.items()}
    composer = Composer(sources.datasets, sources.views, rows, "big6")
    rng = np.random.default_rng(0)
    for _ in range(50):
        clip = composer.draw(rng, drop=0.0, clash=0.0)
        best = {sources.views[name]["big6"].target[row].argmax() for name, row in clip.members.values()}
        assert len(best) == 1
    clashing = [composer.draw(rng, drop=0.0, clash=1.0) for _ in range(50)]
    assert any(
        len({sources.views[name]["big6"].target[row].argmax() for name, row in clip.members.values()}) == 2
        for clip in clashing
    )


def test_of_three_the_two_that_agree_are_the_target(sources):
    rows = {name: data.rows("train") for name, data in sources.datasets.items()}
    composer = Composer(sources.datasets, sources.views, rows, "big6")
    rng = np.random.default_rng(0)
    outvoted = 0
    for clip in (composer.draw(rng, drop=0.0, clash=1.0) for _ in range(200)):
        said = [int(sources.views[name]["big6"].target[row].argmax()) for name, row in clip.members.values()]
        if len(said) == 3 and len(set(said)) == 2:
            outvoted += 1
            assert clip.target.argmax() == max(set(said), key=said.count)
    assert outvoted > 0


def test_whole_clips_of_classes_that_no_modality_shares_are_refused(sources):
    rows = {name: data.rows("train") for name, data in sources.datasets.items()}
    rows["ferplus"] = rows["ferplus"][:0]
    composer = Composer(sources.datasets, sources.views, rows, "big6")
    with pytest.raises(ValueError, match="no class of 'big6' has rows of every modality"):
        composer.draw(np.random.default_rng(0), drop=0.0, clash=0.0)


def test_composed_clips_are_never_empty(sources):
    rows = {name: data.rows("train") for name, data in sources.datasets.items()}
    composer = Composer(sources.datasets, sources.views, rows, "big6")
    rng = np.random.default_rng(0)
    assert all(composer.draw(rng, drop=0.9, clash=0.0).members for _ in range(100))


def test_chunks_cover_a_clip_and_say_how_much_is_valid():
    pcm, samples, owner = chunk_audio([np.ones(20000, np.float32), np.ones(500, np.float32)], 16000)
    assert pcm.shape == (3, 16000)
    assert samples.tolist() == [16000, 4000, 500]
    assert owner.tolist() == [0, 0, 1]


def test_a_tail_too_short_to_say_anything_is_dropped():
    _, samples, _ = chunk_audio([np.ones(16100, np.float32)], 16000)
    assert samples.tolist() == [16000]


def test_tokens_of_chunks_line_up_by_clip():
    tokens = torch.arange(3 * 2 * 1, dtype=torch.float32).reshape(3, 2, 1)
    mask = torch.tensor([[1, 1], [1, 0], [1, 1]])
    rows, rows_mask = gather_tokens(tokens, mask, np.array([0, 0, 1]), 2)
    assert rows[..., 0].tolist() == [[0, 1, 2, 3], [4, 5, 0, 0]]
    assert rows_mask.tolist() == [[1, 1, 1, 0], [1, 1, 0, 0]]


def test_a_transcript_has_neither_case_nor_punctuation_but_its_words():
    plain = like_a_transcript("Oh, NO! It's you?", random.Random(0), plain=1.0, lost=0.0)
    assert plain == "oh no it's you"


def test_a_text_is_never_lost_altogether():
    assert all(like_a_transcript("hey", random.Random(i), plain=1.0, lost=1.0) for i in range(5))


def test_varied_sound_stays_within_range_and_near_its_length():
    rng = np.random.default_rng(0)
    pcm = np.sin(np.arange(16000) * 0.1).astype(np.float32)
    for _ in range(20):
        varied = vary_sound(pcm, rng)
        assert np.abs(varied).max() <= 1.0
        assert 0.7 * len(pcm) < len(varied) < 1.15 * len(pcm)


def test_varied_faces_stay_pictures():
    faces = torch.rand(16, 48, 48) * 255.0
    varied = vary_faces(faces.clone(), torch.Generator().manual_seed(0))
    assert varied.shape == faces.shape
    assert varied.min() >= 0.0 and varied.max() <= 255.0
    assert not torch.allclose(varied, faces)


TALK = "I never said that, and I am so happy to be here with all of you today. What do you think we should do now?"


def test_recognition_errors_hit_about_as_many_words_as_asked_for():
    words = like_recognised(TALK, random.Random(0), errors=0.0).split()
    assert words == re.sub(r"[,.?]", "", TALK.lower()).split()
    changed = 0
    for seed in range(300):
        heard = like_recognised(TALK, random.Random(seed)).split()
        match = difflib.SequenceMatcher(None, words, heard, autojunk=False)
        changed += sum(max(b - a, d - c) for tag, a, b, c, d in match.get_opcodes() if tag != "equal")
    assert changed / (300 * len(words)) == pytest.approx(0.08, abs=0.02)


@pytest.mark.parametrize("spoil", [like_recognised, lambda text, rng: like_a_transcript(text, rng, plain=1.0)])
def test_turns_of_a_context_stay_turns(spoil):
    text = with_context("What Now?", ["First, a Turn.", "Then: another one."])
    assert text == "What Now? [SEP] Then: another one. [SEP] First, a Turn."
    for seed in range(20):
        assert len(spoil(text, random.Random(seed)).split(" [SEP] ")) == 3


def test_context_holds_the_last_turns_only_latest_first():
    assert with_context("d", ["a", "b", "c"], 2) == "d [SEP] c [SEP] b"
    assert with_context("d", ["a"], 0) == "d"


def test_what_a_call_does_hangs_on_the_seed_alone():
    rng = np.random.default_rng(0)
    voice = (3000 * np.sin(np.arange(16000) * 0.05)).astype(np.int16)
    face = rng.integers(0, 256, (48, 48)).astype(np.uint8)
    for modality, payload in (("text", TALK), ("audio", voice), ("vision", face)):
        first, again, other = (as_in_a_call(modality, payload, [3, row]) for row in (1, 1, 2))
        assert np.array_equal(first, again)
        assert not np.array_equal(first, other), modality
    spoiled = as_in_a_call("vision", face, [3, 1])
    assert spoiled.shape == face.shape and spoiled.dtype == np.uint8
    assert len(as_in_a_call("audio", voice, [3, 1])) == len(voice)


def test_labels_held_out_vanish_from_rows_and_from_every_label_set(sources):
    held_out = ["sadness", "anger"]
    data = sources.datasets["goemotions"]
    fewer = without_labels(data, held_out)
    assert 0 < len(fewer.payload) < len(data.payload)
    left = [text for text, row in zip(data.payload, data.concepts, strict=True) if not set(row) <= set(held_out)]
    assert fewer.payload == left
    views = Sources({"goemotions": fewer}, "open", 0.2, held_out).views["goemotions"]
    for view in views.values():
        assert not set(view.labels.concepts) & set(held_out)
        assert len(view.target) == len(fewer.payload)
        assert view.target.shape[1] == len(view.labels.labels)
    assert len(views["native"].labels.labels) == 26
    assert len(views["big6"].labels.labels) == 5


def test_only_a_vote_of_more_than_half_is_an_absolute_majority():
    assert absolute_majority(np.array([6, 4, 0, 0, 0, 0, 0, 0, 0, 0.0]))
    assert not absolute_majority(np.array([5, 5, 0, 0, 0, 0, 0, 0, 0, 0.0]))
    # Single votes do not count: four of seven that are left.
    assert absolute_majority(np.array([4, 3, 1, 1, 1, 0, 0, 0, 0, 0.0]))
    assert not absolute_majority(np.array([4, 2, 0, 0, 0, 0, 0, 0, 2, 2.0]))


def test_data_that_a_folder_does_not_hold_is_named(tmp_path):
    (tmp_path / "text").mkdir()
    row = {"text": "so happy", "labels": ["joy"], "split": "val"}
    with gzip.open(tmp_path / "text" / "goemotions.jsonl.gz", "wt") as file:
        file.write(json.dumps(row) + "\n")
    sources, absent = load_what_is_there(tmp_path, ["goemotions", "meld", "ravdess", "ferplus"])
    assert list(sources.datasets) == ["goemotions"]
    assert absent == ["meld", "ravdess", "ferplus"]
    with pytest.raises(ValueError, match="holds none of the data sets meld, mosi"):
        load_what_is_there(tmp_path, ["meld", "mosi"])
