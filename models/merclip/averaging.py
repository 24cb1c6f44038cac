"""A running average of a module's weights (Polyak averaging): steadier than the weights of any one step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


class RunningAverage:
    """Follows the trained parameters and floating-point buffers of ``module``, for as much as a checkpoint holds.

    The decay grows from 0.1 to ``decay``, so that where training began is soon forgotten."""

    def __init__(self, module: nn.Module, decay: float):
        self.module = module
        self.decay = decay
        self.updates = 0
        self.values = {name: tensor.detach().clone() for name, tensor in self._followed()}

    def _followed(self) -> Iterator[tuple[str, torch.Tensor]]:
        frozen = {name for name, p in self.module.named_parameters() if not p.requires_grad}
        state = self.module.state_dict(keep_vars=True)
        yield from ((name, t) for name, t in state.items() if t.is_floating_point() and name not in frozen)

    @torch.no_grad()
    def update(self) -> None:
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        now = [tensor for _, tensor in self._followed()]
        torch._foreach_lerp_(list(self.values.values()), now, 1.0 - decay)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """While inside, the module has its averaged weights."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    @torch.no_grad()
    def _swap(self) -> None:
        for name, tensor in self._followed():
            held = self.values[name].clone()
            self.values[name].copy_(tensor)
            tensor.copy_(held)
