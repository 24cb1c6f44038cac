"""Weights in a byte a value, one scale a row; arithmetic stays in fp32.

Only the file shrinks: onnxruntime unfolds the weights when it loads them. Quantised arithmetic was tried and costs more
than it gives here. MiniLM's activations have outliers: label embeddings came back at a cosine of .989 with fp32 instead
of .999, and the result for one sentence hung on its neighbours in the batch.
"""

from __future__ import annotations

import torch
from torch import nn


def to_int8(weight: torch.Tensor, axis: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight -> int8 values and the scale that is shared along ``axis``."""
    scale = weight.detach().abs().amax(axis, keepdim=True).clamp(min=1e-8) / 127.0
    return torch.round(weight.detach() / scale).clamp(-127, 127).to(torch.int8), scale


class Int8Embedding(nn.Module):
    """ids [...] -> vectors [...,h], one scale a word."""

    def __init__(self, embedding: nn.Embedding):
        super().__init__()
        values, scale = to_int8(embedding.weight, 1)
        self.register_buffer("values", values)
        self.register_buffer("scale", scale)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.values[ids].to(torch.float32) * self.scale[ids]


class Int8Linear(nn.Module):
    """[...,in] -> [...,out], one scale an output."""

    def __init__(self, linear: nn.Linear):
        super().__init__()
        values, scale = to_int8(linear.weight.T.contiguous(), 0)
        self.register_buffer("values", values)
        self.register_buffer("scale", scale)
        self.register_buffer("bias", linear.bias.detach().clone())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x @ (self.values.to(torch.float32) * self.scale) + self.bias


def with_int8_weights(module: nn.Module) -> nn.Module:
    """Replaces every embedding of words and every linear layer inside, in place."""
    for name, child in module.named_children():
        if isinstance(child, nn.Linear):
            setattr(module, name, Int8Linear(child))
        elif isinstance(child, nn.Embedding) and name == "word_embeddings":
            setattr(module, name, Int8Embedding(child))
        else:
            with_int8_weights(child)
    return module
