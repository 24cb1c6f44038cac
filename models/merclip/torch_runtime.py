"""The model itself behind the face of a release: the same figures in fp32, before export and int8 weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from .model import MerClip
from .runtime import Runtime
from .tokenizer import Tokenizer


class TorchGraph:
    """Runs as an onnxruntime session does, for as much of it as Runtime uses."""

    def __init__(self, outputs: tuple[str, ...], call: Callable[..., torch.Tensor | tuple[torch.Tensor, ...]]):
        self.outputs = outputs
        self.call = call

    @torch.no_grad()
    def run(self, names: list[str] | None, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        given = self.call(**{name: torch.from_numpy(value) for name, value in feed.items()})
        tensors = given if isinstance(given, tuple) else (given,)
        by_name = dict(zip(self.outputs, (tensor.numpy() for tensor in tensors), strict=True))
        return [by_name[name] for name in names or self.outputs]


class TorchRuntime(Runtime):
    """A Runtime over a model on the CPU in evaluation mode."""

    def __init__(self, model: MerClip, tokenizer: Tokenizer, chunk: int):
        self.text = TorchGraph(
            ("tokens",), lambda input_ids, attention_mask: model.text.tokens(input_ids.long(), attention_mask)
        )
        self.label = TorchGraph(
            ("pooled",), lambda input_ids, attention_mask: model.text.pooled(input_ids.long(), attention_mask)
        )
        self.audio = TorchGraph(("tokens", "token_mask"), model.audio)
        self.vision = TorchGraph(("tokens",), model.vision)
        self.fusion = TorchGraph(("logits",), model.fusion)
        self.tokenizer = tokenizer
        self.chunk = chunk
        self._labels = {}
