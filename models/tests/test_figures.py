"""What is measured and how it is set out: worked out by hand."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import numpy as np
import pytest

from merclip import plot_log
from merclip.data.dataset import DataSet
from merclip.figures import tables
from merclip.figures.composed import COMBINATIONS, margins, of_another_class, swapped
from merclip.figures.groups import sexes
from merclip.figures.kinds import dimension_figures, multi_figures, sentiment_figures
from merclip.figures.plots import write_plots
from merclip.figures.protocol import ITEMS
from merclip.figures.release import Calibrated
from merclip.figures.reliability import bins_of, coverage_curve
from merclip.figures.svg import Line, Panel, draw, ticks
from merclip.figures.witnesses import one_is_wrong
from merclip.label_sets import EMODB, GOEMOTIONS, RAVDESS, label_set


def test_each_label_counts_from_its_own_threshold():
    logits = np.log(np.array([[0.3, 0.3], [0.6, 0.6]]) / np.array([[0.7, 0.7], [0.4, 0.4]]))
    target = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert multi_figures(logits, target, 1.0, np.array([0.2, 0.5]))["macroF1"] == pytest.approx((2 / 3 + 1.0) / 2)
    assert multi_figures(logits, target, 1.0, np.array([0.5, 0.5]))["macroF1"] == pytest.approx(0.5)


def test_sentiment_is_the_mean_of_the_labels_values_by_their_probabilities():
    logits = np.full((2, 7), -50.0)
    logits[0, 6] = 0.0  # surely +3
    logits[1, 2] = logits[1, 3] = 0.0  # half -1, half 0
    figures = sentiment_figures(logits, np.array([2.0, -1.0]), 1.0)
    assert figures["mae"] == pytest.approx((1.0 + 0.5) / 2)
    assert figures["non0Acc2"] == 1.0


def test_dimensions_are_correlated_one_by_one():
    target = np.array([[0.1, 0.9, 0.5], [0.5, 0.5, 0.5], [0.9, 0.1, 0.5]])
    logits = np.array([[-2.0, -2.0, 0.0], [0.0, 0.0, 1.0], [2.0, 2.0, 2.0]])
    figures = dimension_figures(logits, target, 1.0)
    assert figures["valence"]["pearson"] == pytest.approx(1.0)
    assert figures["arousal"]["pearson"] == pytest.approx(-1.0)
    assert figures["dominance"]["pearson"] == 0.0  # a truth that never changes


def test_bins_hold_what_was_said_and_what_came_true():
    bins = bins_of(np.array([0.01, 0.5, 0.51, 1.0]), np.array([False, True, False, True]))
    assert [one["share"] for one in bins] == [0.25, 0.5, 0.25]
    assert bins[1] == {"confidence": pytest.approx(0.505), "accuracy": 0.5, "share": 0.5}


def test_coverage_keeps_the_most_confident_first():
    logits = np.array([[4.0, 0.0], [3.0, 0.0], [2.0, 0.0], [1.0, 0.0], [0.5, 0.0]])
    target = np.eye(2)[[0, 0, 0, 1, 1]]
    curve = {point["coverage"]: point["accuracy"] for point in coverage_curve(logits, target, 1.0)}
    assert curve == {1.0: 0.6, 0.9: 0.75, 0.8: 0.75, 0.6: 1.0, 0.4: 1.0, 0.2: 1.0}


def test_a_modality_that_contradicts_is_of_another_class_in_every_clip():
    target = np.eye(3)[[0, 1, 2, 0, 1, 2, 0]]
    clips = [{m: np.array([[k]]) for m in ("text", "audio", "vision")} for k in target.argmax(1)]
    others = of_another_class(target, np.random.default_rng(0))
    for clip, own in zip(swapped(clips, others, "audio"), target.argmax(1), strict=True):
        assert clip["audio"][0, 0] != own
        assert clip["text"][0, 0] == clip["vision"][0, 0] == own


def composed(**accuracy):
    keys = ["+".join(kept) for kept in COMBINATIONS] + [f"{m} contradicting" for m in ("text", "audio", "vision")]
    return {
        key: {"accuracy": accuracy.get(key.replace("+", "_").replace(" ", "_"), 0.5), "independentAccuracy": 0.4}
        for key in keys
    }


def test_fusion_pays_where_all_three_beat_the_best_one_by_five_points():
    good = margins(composed(vision=0.6, text_audio_vision=0.66))
    assert good["best"] == "vision" and good["gain"] == pytest.approx(0.06) and good["gainReached"]
    assert not margins(composed(vision=0.6, text_audio_vision=0.64))["gainReached"]


def test_a_modality_that_contradicts_may_cost_no_more_than_leaving_it_out():
    assert margins(composed())["contradictingReached"]
    worse = margins(composed(text_vision=0.7, audio_contradicting=0.65))
    assert not worse["contradictingReached"]
    assert worse["contradicting"]["audio"]["cost"] == pytest.approx(0.05)


def test_of_independent_witnesses_two_that_agree_are_believed_unless_the_third_is_far_surer():
    agree = [np.array([[0.6, 0.2, 0.2]]), np.array([[0.6, 0.2, 0.2]])]
    assert one_is_wrong([*agree, np.array([[0.1, 0.8, 0.1]])]).argmax() == 0
    assert one_is_wrong([np.array([[0.4, 0.3, 0.3]])] * 2 + [np.array([[0.01, 0.98, 0.01]])]).argmax() == 1
    # The third may well be the one that is right.
    silent = np.full((1, 3), 1 / 3)
    assert one_is_wrong([silent, silent, np.array([[0.1, 0.8, 0.1]])]).argmax() == 1


def test_their_belief_is_bayes_rule():
    rng = np.random.default_rng(1)
    classes, guesses = 3, 3
    says = [rng.dirichlet(np.ones(guesses), classes) for _ in range(3)]  # chance of a guess given the class
    heard = (0, 1, 2)
    beliefs = [(table[:, g] / table[:, g].sum())[None] for table, g in zip(says, heard, strict=True)]
    joint = np.zeros(classes)
    for own in range(classes):
        for wrong in range(3):
            for other in (k for k in range(classes) if k != own):
                seen = [other if m == wrong else own for m in range(3)]
                joint[own] += np.prod([says[m][seen[m], heard[m]] for m in range(3)]) / (3 * (classes - 1))
    found = one_is_wrong(beliefs)[0]
    np.testing.assert_allclose(found / found.sum(), joint / joint.sum())


def test_a_set_that_does_not_ship_is_read_by_the_numbers_for_any_other():
    ships = {
        "hash": GOEMOTIONS.hash,
        "temperature": 2.0,
        "threshold": 0.3,
        "labels": [{"name": name, "threshold": 0.1 + 0.01 * k} for k, name in enumerate(GOEMOTIONS.names)],
    }
    custom = {"temperature": 0.8, "threshold": 0.4, "multiThreshold": 0.25}
    manifest = {"labelSets": [ships], "custom": custom}
    own = Calibrated(manifest, GOEMOTIONS)
    assert own.ships and own.temperature == 2.0 and own.thresholds[3] == pytest.approx(0.13)
    other = Calibrated(manifest, label_set("mine", "multi", ["anger", "boredom"]))
    assert not other.ships and other.temperature == 0.8 and other.thresholds.tolist() == [0.25, 0.25]
    assert Calibrated(manifest, EMODB).threshold == 0.4


def test_sexes_are_those_that_the_data_names():
    def speakers(name, groups, native):
        clips = [np.zeros(4000, np.int16)] * len(groups)
        concepts = [{"anger": 1.0}] * len(groups)
        return DataSet(
            name, "audio", "open", clips, np.array(["val"] * len(groups)), concepts, native, np.array(groups)
        )

    assert sexes(speakers("ravdess", ["ravdess-01", "ravdess-24"], RAVDESS)).tolist() == ["male", "female"]
    assert sexes(speakers("emodb", ["emodb-03", "emodb-08", "emodb-15"], EMODB)).tolist() == ["male", "female", "male"]
    assert sexes(speakers("emogator", ["x"], EMODB)) is None


def test_an_error_is_judged_the_other_way_round():
    mae = next(item for item in ITEMS if item.title == "MOSI, transcripts: MAE")
    assert mae.reached("research", 0.84) and not mae.reached("research", 0.86)
    assert mae.reached("open", 0.84) is None
    assert mae.loss(0.80, 0.90) == pytest.approx(0.10)
    faces = next(item for item in ITEMS if item.title.startswith("FER+, 8 classes"))
    assert faces.reached("open", 0.85) and not faces.reached("open", 0.849)
    assert faces.loss(0.80, 0.90) == pytest.approx(-0.10)


def test_a_target_is_judged_on_the_last_split_that_has_the_task():
    title, other = "FER+, 8 classes: accuracy", "GoEmotions, 28 labels: macro-F1"
    splits = [{"split": "val", "protocol": {title: 0.9, other: 0.48}}, {"split": "test", "protocol": {title: 0.8}}]
    lines = tables.targets_table(splits, "open")
    assert "| FER+, 8 classes: accuracy | 0.900 | 0.800 | at least 0.85 | **not reached** |" in lines
    assert "| GoEmotions, 28 labels: macro-F1 | 0.480 |  | at least 0.47 | reached |" in lines


def test_what_a_call_costs_is_told_in_points_and_judged():
    title, error = "FER+, 8 classes: accuracy", "MOSI, transcripts: MAE"
    lines = tables.call_table({"clean": {title: 0.80, error: 0.80}, "inACall": {title: 0.75, error: 0.86}})
    assert "| FER+, 8 classes: accuracy | 0.800 | 0.750 | +5.0 | reached |" in lines
    assert "| MOSI, transcripts: MAE | 0.800 | 0.860 | +6.0 | **not reached** |" in lines


def test_ticks_are_round_and_within_the_range():
    assert ticks(0.0, 1.0) == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert ticks(0.93, 3.2) == [1.0, 1.5, 2.0, 2.5, 3.0]


def test_a_plot_is_a_picture_with_a_line_a_curve():
    drawn = draw(
        [Panel("a < b", "epoch", [Line("one & two", [(1, 2.0), (2, 3.0)]), Line("flat", [(1, 2.0), (2, 2.0)])])]
    )
    root = ElementTree.fromstring(drawn)
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "a < b" in texts and "one & two" in texts
    assert len(list(root.iter("{http://www.w3.org/2000/svg}circle"))) == 4


def test_reliability_and_coverage_are_drawn_for_every_set_that_has_them(tmp_path):
    bins = [{"confidence": 0.2, "accuracy": 0.1, "share": 0.5}, {"confidence": 0.8, "accuracy": 0.9, "share": 0.5}]
    when = {"ece": 0.1, "bins": bins}
    curve = [{"coverage": 1.0, "accuracy": 0.5}, {"coverage": 0.5, "accuracy": 0.7}]
    names = write_plots(
        tmp_path, {"big6": {"before": when, "after": when, "coverage": curve}, "xed": {"before": when, "after": when}}
    )
    assert "xed" in (tmp_path / names["reliability"]).read_text()
    assert "xed" not in (tmp_path / names["coverage"]).read_text()


def test_a_log_is_drawn_with_each_epoch_once(tmp_path):
    log = tmp_path / "log.jsonl"
    lines = [
        {"stage": "text", "epoch": 0, "val": {"xed": 0.4}, "loss": {"xed/xed": 3.0, "xed/big6": 1.5}},
        {"stage": "text", "epoch": 1, "val": {"xed": 0.1}, "loss": {"xed/xed": 9.0, "xed/big6": 9.5}},
        {"stage": "text", "epoch": 1, "val": {"xed": 0.5}, "loss": {"xed/xed": 2.0, "xed/big6": 1.0}},
    ]
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    panels = plot_log.panels(plot_log.read_log(log))
    assert [panel.title for panel in panels] == ["text: validation", "text: loss of xed"]
    assert panels[0].lines[0].points == [(1, 0.4), (2, 0.5)]
    assert [line.name for line in panels[1].lines] == ["xed", "big6"]
    plot_log.main([str(log)])
    assert ElementTree.parse(tmp_path / "log.svg").getroot().tag.endswith("svg")


def test_a_line_that_is_not_of_a_log_is_named(tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text('{"stage": "text", "epoch": 0}\nhello\n')
    with pytest.raises(ValueError, match="line 2: no line of a training log"):
        plot_log.read_log(log)
