"""Measures and losses against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from merclip.calibrate import calibrate, fit_label_thresholds, fit_temperature, fit_threshold
from merclip.losses import by_kind, info_nce
from merclip.metrics import (
    expected_calibration_error,
    macro_f1,
    pearson,
    softmax,
    unweighted_average_recall,
    weighted_f1,
)


def test_unweighted_average_recall_counts_every_class_alike():
    truth = np.array([0, 0, 0, 1])
    assert unweighted_average_recall(truth, np.array([0, 0, 0, 0])) == 0.5


def test_macro_f1_leaves_out_labels_that_never_occur():
    truth = np.array([[True, False, False], [True, True, False]])
    guess = np.array([[True, False, True], [True, False, False]])
    assert macro_f1(truth, guess) == 0.5


def test_calibration_error_is_the_gap_between_confidence_and_accuracy():
    confidence = np.full(100, 0.9)
    correct = np.arange(100) < 60
    assert expected_calibration_error(confidence, correct) == pytest.approx(0.3)


def test_fitted_temperature_recovers_the_one_that_spoiled_the_logits():
    rng = np.random.default_rng(0)
    honest = rng.standard_normal((6000, 5)) * 2.0
    p = softmax(honest)
    drawn = np.array([rng.choice(5, p=row) for row in p])
    target = np.eye(5)[drawn]
    assert fit_temperature("single", honest * 3.0, target) == pytest.approx(3.0, rel=0.08)


def test_confidence_threshold_keeps_nine_tenths():
    rng = np.random.default_rng(0)
    logits = rng.standard_normal((1000, 4))
    threshold = fit_threshold("single", logits, np.eye(4)[rng.integers(0, 4, 1000)], 1.0)
    assert (softmax(logits).max(1) >= threshold).mean() == pytest.approx(0.9, abs=0.01)


def test_single_choice_loss_is_least_at_the_target():
    target = torch.tensor([[0.2, 0.8]])
    good = by_kind("single", target.log(), target, None)
    bad = by_kind("single", torch.tensor([[0.0, 0.0]]), target, None)
    assert good < bad


def test_ordinal_loss_grows_with_the_distance_of_the_guess():
    values = torch.tensor([-1.0, 0.0, 1.0])
    target = torch.tensor([[0.0, 0.0, 1.0]])
    near = by_kind("ordinal", torch.tensor([[-9.0, 3.0, 0.0]]), target, values)
    far = by_kind("ordinal", torch.tensor([[3.0, -9.0, 0.0]]), target, values)
    assert near < far


def test_unknown_kind_has_no_loss():
    with pytest.raises(ValueError, match="kind 'ranked'"):
        by_kind("ranked", torch.zeros(1, 2), torch.zeros(1, 2), None)


def test_contrast_leaves_out_rows_without_a_label():
    pooled, labels = torch.randn(3, 8), torch.randn(4, 8)
    target = torch.tensor([[1.0, 0, 0, 0], [0, 1.0, 1.0, 0], [0, 0, 0, 0]])
    scale = torch.tensor(5.0)
    assert torch.allclose(info_nce(pooled, labels, target, scale), info_nce(pooled[:2], labels, target[:2], scale))


def test_weighted_f1_weighs_classes_by_how_often_they_are_the_truth():
    truth, guess = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
    assert weighted_f1(truth, guess) == pytest.approx(0.75 * 0.8 + 0.25 * 2 / 3)


def test_a_guess_that_never_changes_has_no_correlation():
    assert pearson(np.array([1.0, 2.0, 3.0]), np.array([5.0, 5.0, 5.0])) == 0.0


def test_a_label_with_many_examples_keeps_its_own_threshold_and_one_with_few_that_of_all():
    rng = np.random.default_rng(0)
    p = np.stack([rng.uniform(0.0, 0.4, 4000), rng.uniform(0.0, 0.4, 4000)], 1)
    target = np.zeros((4000, 2))
    target[:, 0] = p[:, 0] > 0.2
    target[0, 1] = 1.0
    often, seldom = fit_label_thresholds(np.log(p / (1 - p)), target, 1.0, 0.5)
    assert often == pytest.approx(0.2, abs=0.04)
    assert abs(seldom - 0.5) < 0.1


def test_dimensions_have_a_temperature_and_no_threshold():
    rng = np.random.default_rng(0)
    honest = rng.standard_normal((500, 3))
    fitted = calibrate("dimensional", honest * 2.0, 1.0 / (1.0 + np.exp(-honest)))
    assert fitted.temperature == pytest.approx(2.0, rel=0.05)
    assert fitted.thresholds is None and fitted.threshold == 0.0


def test_loss_of_dimensions_is_least_at_the_target():
    target = torch.tensor([[0.2, 0.5, 0.8]])
    near = by_kind("dimensional", torch.logit(target), target, None)
    assert near < 1e-6 < by_kind("dimensional", torch.zeros(1, 3), target, None)
