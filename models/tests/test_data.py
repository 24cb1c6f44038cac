"""Views, mixing, augmentation and chunking of data."""

from __future__ import annotations

import hashlib
import json
import random

import numpy as np
import pytest
import torch

from merclip.concepts import BIG6 as BIG6_OF
from merclip.concepts import MEETING as MEETING_OF
from merclip.concepts import SENTIMENT as SENTIMENT_OF
from merclip.concepts import UNSEEN, WORDINGS, concept_of
from merclip.data.augment_audio import vary_sound
from merclip.data.augment_faces import vary_faces
from merclip.data.augment_text import like_a_transcript
from merclip.data.batches import chunk_audio, gather_tokens
from merclip.data.composed import Composer
from merclip.data.dataset import DataSet
from merclip.data.mixing import epoch_batches
from merclip.data.sources import Sources, load_sources
from merclip.label_sets import BIG6, EMODB, GOEMOTIONS, MEETING, SHIPPED, label_set


def test_every_mapping_speaks_of_known_concepts():
    for mapping in (BIG6_OF, MEETING_OF, SENTIMENT_OF):
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
    with pytest.raises(ValueError, match="kind 'best' is not one of single, multi, ordinal"):
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
            else:
                assert np.allclose(valid.sum(1), 1.0, atol=1e-5)


def test_rows_of_opposite_classes_have_opposite_sentiment(sources):
    target = sources.views["goemotions"]["sentiment"].target
    values = np.array([-3, -2, -1, 0, 1, 2, 3])
    assert target[4] @ values > 1.0  # happy
    assert target[5] @ values < -1.0  # sad


def test_an_epoch_is_a_function_of_seed_and_number(sources, config):
    parts = sources.parts(config["towers"]["parts"], sources.tower_rows)

    def plan(seed, epoch):
        return [(b.part.dataset.name, b.view.labels.id, b.rows.tolist()) for b in epoch_batches(parts, seed, epoch)]

    assert plan(1, 2) == plan(1, 2)
    assert plan(1, 2) != plan(1, 3)
    assert plan(1, 2) != plan(2, 2)


def test_batches_hold_training_rows_only_and_none_that_were_held_out(sources, config):
    parts = sources.parts(config["towers"]["parts"], sources.tower_rows)
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
