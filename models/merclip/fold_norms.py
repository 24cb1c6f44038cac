"""Batch normalisation folded into the convolution before it: the same numbers, one operation less."""

from __future__ import annotations

from collections.abc import Iterator

from torch import nn
from torch.nn.utils import fuse_conv_bn_eval

# Attributes of one module that follow one another: a convolution and its normalisation.
PAIRS = (("one", "norm_one"), ("two", "norm_two"), ("stem", "stem_norm"))


def fold_norms(module: nn.Module) -> nn.Module:
    """Folds in place and returns the module, which must be in evaluation mode."""
    for first, second in PAIRS:
        convolution, norm = getattr(module, first, None), getattr(module, second, None)
        if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            setattr(module, first, fuse_conv_bn_eval(convolution, norm))
            setattr(module, second, nn.Identity())
    if isinstance(module, nn.Sequential):
        for place in range(len(module) - 1):
            if isinstance(module[place], nn.Conv2d) and isinstance(module[place + 1], nn.BatchNorm2d):
                module[place] = fuse_conv_bn_eval(module[place], module[place + 1])
                module[place + 1] = nn.Identity()
    for child in module.children():
        fold_norms(child)
    return module


def folded_pairs(module: nn.Module, path: str = "") -> Iterator[tuple[str, str, nn.BatchNorm2d]]:
    """What ``fold_norms`` would fold: names of convolution and normalisation, and the normalisation itself."""
    for first, second in PAIRS:
        convolution, norm = getattr(module, first, None), getattr(module, second, None)
        if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            yield f"{path}{first}", f"{path}{second}", norm
    if isinstance(module, nn.Sequential):
        for place in range(len(module) - 1):
            norm = module[place + 1]
            if isinstance(module[place], nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                yield f"{path}{place}", f"{path}{place + 1}", norm
    for name, child in module.named_children():
        yield from folded_pairs(child, f"{path}{name}.")
