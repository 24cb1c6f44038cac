"""The model gives the shapes it promises and ignores what its masks hide."""

from __future__ import annotations

import copy

import torch

from merclip.decoder import MODALITIES
from merclip.fold_norms import fold_norms
from merclip.int8_weights import Int8Linear
from merclip.prediction import MASKED


def some_inputs(dim, batch=3):
    torch.manual_seed(4)
    inputs = {}
    for name, length in zip(MODALITIES, (5, 7, 4), strict=True):
        mask = torch.ones(batch, length, dtype=torch.int32)
        mask[1, length - 2 :] = 0
        inputs[name] = (torch.randn(batch, length, dim), mask)
    return inputs


def fuse(model, inputs, labels, label_mask=None):
    batch = next(iter(inputs.values()))[0].shape[0]
    if label_mask is None:
        label_mask = torch.ones(batch, labels.shape[0], dtype=torch.int32)
    parts = [part for name in MODALITIES for part in inputs[name]]
    return model.fusion(*parts, labels[None].expand(batch, -1, -1), label_mask)


def test_text_tower_gives_tokens_and_a_normalised_sentence_vector(model):
    net, _ = model
    ids = torch.randint(5, 60, (2, 9))
    tokens, pooled = net.text.tokens(ids, torch.ones(2, 9)), net.text.pooled(ids, torch.ones(2, 9))
    assert tokens.shape == (2, 9, net.dim)
    assert pooled.shape == (2, net.label_dim)
    assert torch.allclose(pooled.norm(dim=-1), torch.ones(2), atol=1e-5)


def test_text_padding_changes_neither_tokens_nor_sentence_vector(model):
    net, _ = model
    ids = torch.randint(5, 60, (1, 6))
    tokens, pooled = net.text.tokens(ids, torch.ones(1, 6)), net.text.pooled(ids, torch.ones(1, 6))
    padded = torch.cat([ids, torch.full((1, 4), 9)], 1)
    mask = torch.tensor([[1] * 6 + [0] * 4])
    more, same = net.text.tokens(padded, mask), net.text.pooled(padded, mask)
    assert torch.allclose(more[:, :6], tokens, atol=1e-5)
    assert torch.allclose(same, pooled, atol=1e-5)


def test_tuning_the_text_tower_leaves_the_label_encoder_as_it_was(model):
    net, _ = model
    ids = torch.randint(5, 60, (2, 6))
    before = net.text.pooled(ids, torch.ones(2, 6)).clone()
    optim = torch.optim.SGD([p for p in net.text.parameters() if p.requires_grad], lr=1.0)
    tokens = net.text.tokens(ids, torch.ones(2, 6))
    tokens.pow(2).sum().backward()
    optim.step()
    assert torch.equal(net.text.pooled(ids, torch.ones(2, 6)), before)
    assert not torch.allclose(net.text.tokens(ids, torch.ones(2, 6)), tokens, atol=1e-4)


def test_audio_tower_masks_tokens_beyond_the_valid_samples(model):
    net, _ = model
    samples = torch.tensor([16000, 4000, 1], dtype=torch.int32)
    tokens, mask = net.audio(torch.randn(3, 16000) * 0.1, samples)
    assert tokens.shape == (3, net.audio.tokens_per_chunk, net.dim)
    assert mask.dtype == torch.int32
    assert mask.sum(1).tolist() == [13, 4, 1]


def test_audio_tokens_do_not_depend_on_what_lies_beyond_the_valid_samples(model):
    net, _ = model
    pcm = torch.randn(1, 16000) * 0.1
    other = pcm.clone()
    other[:, 8400:] = 0.9  # frames reach 200 samples past their centre
    samples = torch.tensor([8000], dtype=torch.int32)
    one, mask = net.audio(pcm, samples)
    two, _ = net.audio(other, samples)
    valid = mask[0] > 0
    assert torch.allclose(one[0, valid], two[0, valid], atol=1e-5)


def test_digital_silence_gives_finite_tokens(model):
    net, _ = model
    tokens, _ = net.audio(torch.zeros(1, 16000), torch.tensor([16000], dtype=torch.int32))
    assert torch.isfinite(tokens).all()


def test_vision_tower_takes_rgb_bytes_and_ignores_brightness(model):
    net, _ = model
    faces = torch.randint(40, 120, (2, 48, 48, 3), dtype=torch.uint8)
    tokens = net.vision(faces)
    assert tokens.shape == (2, net.vision.TOKENS, net.dim)
    brighter = net.vision(faces + 60)
    assert torch.allclose(tokens, brighter, atol=2e-2)


def test_a_flat_picture_gives_finite_tokens(model):
    net, _ = model
    assert torch.isfinite(net.vision(torch.full((1, 48, 48, 3), 128, dtype=torch.uint8))).all()


def test_logits_have_one_score_per_label_for_any_number_of_labels(model):
    net, _ = model
    for count in (2, 7, 28):
        logits = fuse(net, some_inputs(net.dim), torch.randn(count, net.label_dim))
        assert logits.shape == (3, count)
        assert torch.isfinite(logits).all()


def test_what_a_missing_modality_holds_changes_nothing(model):
    net, _ = model
    labels = torch.randn(5, net.label_dim)
    for missing in MODALITIES:
        inputs = some_inputs(net.dim)
        tokens, mask = inputs[missing]
        inputs[missing] = (tokens, torch.zeros_like(mask))
        expected = fuse(net, inputs, labels)
        for content in (
            torch.zeros_like(tokens),
            tokens * 1000.0,
            torch.full_like(tokens, float("nan")),
            torch.zeros(3, 1, net.dim),
        ):
            inputs[missing] = (content, torch.zeros(content.shape[:2], dtype=torch.int32))
            assert torch.allclose(fuse(net, inputs, labels), expected, atol=1e-5), missing


def test_what_lies_under_a_mask_within_a_modality_changes_nothing(model):
    net, _ = model
    labels = torch.randn(5, net.label_dim)
    inputs = some_inputs(net.dim)
    expected = fuse(net, inputs, labels)
    for name in MODALITIES:
        tokens, mask = inputs[name]
        inputs[name] = (torch.where(mask[..., None] > 0, tokens, torch.full_like(tokens, float("inf"))), mask)
    assert torch.allclose(fuse(net, inputs, labels), expected, atol=1e-5)


def test_each_modality_that_is_there_matters(model):
    net, _ = model
    labels = torch.randn(5, net.label_dim)
    inputs = some_inputs(net.dim)
    expected = fuse(net, inputs, labels)
    for name in MODALITIES:
        tokens, mask = inputs[name]
        changed = {**inputs, name: (tokens + torch.randn_like(tokens), mask)}
        assert (fuse(net, changed, labels) - expected).abs().max() > 1e-4, name


def test_with_nothing_to_go_by_logits_are_finite(model):
    net, _ = model
    inputs = {name: net.empty(2) for name in MODALITIES}
    assert torch.isfinite(fuse(net, inputs, torch.randn(4, net.label_dim))).all()


def test_permuting_labels_permutes_logits(model):
    net, _ = model
    labels = torch.randn(6, net.label_dim)
    order = torch.randperm(6)
    inputs = some_inputs(net.dim)
    assert torch.allclose(fuse(net, inputs, labels)[:, order], fuse(net, inputs, labels[order]), atol=1e-5)


def test_masked_labels_score_minus_ten_thousand_and_leave_the_others_alone(model):
    net, _ = model
    labels = torch.randn(4, net.label_dim)
    inputs = some_inputs(net.dim)
    expected = fuse(net, inputs, labels)
    padded = torch.cat([labels, torch.full((2, net.label_dim), 7.0)])
    mask = torch.tensor([[1, 1, 1, 1, 0, 0]] * 3, dtype=torch.int32)
    logits = fuse(net, inputs, padded, mask)
    assert torch.allclose(logits[:, :4], expected, atol=1e-5)
    assert (logits[:, 4:] == MASKED).all()


def test_one_item_scores_the_same_alone_and_in_a_batch(model):
    net, _ = model
    labels = torch.randn(4, net.label_dim)
    inputs = some_inputs(net.dim)
    together = fuse(net, inputs, labels)
    alone = fuse(net, {name: (tokens[1:2], mask[1:2]) for name, (tokens, mask) in inputs.items()}, labels)
    assert torch.allclose(alone, together[1:2], atol=1e-5)


def test_folding_normalisation_into_convolutions_changes_no_token(model):
    net, _ = model
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2.0)
    folded = fold_norms(copy.deepcopy(net.vision).eval())
    faces = torch.randint(0, 256, (2, 48, 48, 3), dtype=torch.uint8)
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in folded.modules())
    assert torch.allclose(net.vision(faces), folded(faces), atol=1e-4)


def test_int8_weights_are_near_the_ones_they_stand_for(model):
    net, _ = model
    linear = torch.nn.Linear(24, 16)
    with torch.no_grad():
        linear.weight[3] *= 100.0  # a row of its own scale leaves the others alone
    x = torch.randn(5, 24)
    small = Int8Linear(linear)
    assert small.values.dtype == torch.int8
    bound = linear.weight.detach().abs().amax(1) / 254.0 * x.abs().sum(1, keepdim=True)
    assert ((small(x) - linear(x)).abs() <= bound * 1.01 + 1e-5).all()
