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
        self.register_buffer("bias", None if linear.bias is None else linear.bias.detach().clone())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x @ (self.values.to(torch.float32) * self.scale)
        return y if self.bias is None else y + self.bias


class Int8Conv(nn.Module):
    """A convolution in two dimensions, one scale an output channel."""

    def __init__(self, convolution: nn.Conv2d):
        super().__init__()
        flat = convolution.weight.flatten(1)
        values, scale = to_int8(flat, 1)
        self.register_buffer("values", values.view_as(convolution.weight))
        self.register_buffer("scale", scale[:, :, None, None])
        self.register_buffer("bias", None if convolution.bias is None else convolution.bias.detach().clone())
        self.stride, self.padding = convolution.stride, convolution.padding

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weight = self.values.to(torch.float32) * self.scale
        return nn.functional.conv2d(x, weight, self.bias, self.stride, self.padding)


def with_int8_weights(module: nn.Module) -> nn.Module:
    """Replaces every embedding of words, linear layer and convolution inside, in place."""
    for name, child in module.named_children():
        if isinstance(child, nn.Linear):
            setattr(module, name, Int8Linear(child))
        elif isinstance(child, nn.Conv2d):
            setattr(module, name, Int8Conv(child))
        elif isinstance(child, nn.Embedding) and name == "word_embeddings":
            setattr(module, name, Int8Embedding(child))
        else:
            with_int8_weights(child)
    return module
