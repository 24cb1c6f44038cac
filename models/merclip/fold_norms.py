"""Batch normalisation folded into the convolution before it: the same numbers, one operation less."""

from __future__ import annotations

from collections.abc import Iterator

from torch import nn
from torch.nn.utils import fuse_conv_bn_eval

# Attributes of one module that follow one another: a convolution and its normalisation.
PAIRS = (("one", "norm_one"), ("two", "norm_two"), ("stem", "stem_norm"))


def folded_pairs(module: nn.Module, path: str = "") -> Iterator[tuple[str, str, nn.BatchNorm2d]]:
    """What ``fold_norms`` folds: names of convolution and normalisation, and the normalisation itself."""
    pairs = list(PAIRS)
    if isinstance(module, nn.Sequential):
        pairs += [(str(place), str(place + 1)) for place in range(len(module) - 1)]
    for first, second in pairs:
        norm = getattr(module, second, None)
        if isinstance(getattr(module, first, None), nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            yield f"{path}{first}", f"{path}{second}", norm
    for name, child in module.named_children():
        yield from folded_pairs(child, f"{path}{name}.")


def fold_norms(module: nn.Module) -> nn.Module:
    """Folds in place and returns the module, which must be in evaluation mode."""
    for convolution, normalisation, norm in list(folded_pairs(module)):
        _put(module, convolution, fuse_conv_bn_eval(module.get_submodule(convolution), norm))
        _put(module, normalisation, nn.Identity())
    return module


def _put(module: nn.Module, path: str, part: nn.Module) -> None:
    parent, _, name = path.rpartition(".")
    setattr(module.get_submodule(parent), name, part)
