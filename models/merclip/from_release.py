"""Encoders and decoder out of a release: where training starts when the run that made it is gone, or when somebody fits
a release to data of their own.

Weights come back from int8, so each is within half a step of what it was (a step is a 127th of the largest of its row).
Batch normalisation lies folded in its convolution: it comes back as the identity, which holds as long as training
rests the norms from the start (``restNormsFrom: 0``). Heads are no part of a release; they start anew.
"""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import nn

from .fold_norms import folded_pairs


def graph_state(path: Path, root: str) -> dict[str, torch.Tensor]:
    """The parameters under ``root`` that a graph holds, by their names in torch and in fp32.

    Raises ValueError where it holds none."""
    graph = onnx.load(str(path)).graph
    arrays = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
    # Of tensors that are alike the exporter writes one, and a node under the name of each other.
    arrays |= {n.output[0]: arrays[n.input[0]] for n in graph.node if n.op_type == "Identity" and n.input[0] in arrays}
    held = {name.removeprefix(f"{root}."): array for name, array in arrays.items() if name.startswith(f"{root}.")}
    if not held:
        raise ValueError(f"{path}: holds no weights under '{root}'")
    state: dict[str, torch.Tensor] = {}
    for name, tensor in held.items():
        if name.endswith(".scale") and f"{name.removesuffix('scale')}values" in held:
            continue
        if not name.endswith(".values"):
            state[name] = tensor
            continue
        stem = name.removesuffix(".values")
        weight = tensor.float() * held[f"{stem}.scale"]
        # A linear layer is kept as [in,out] with one scale an output; embeddings and convolutions as torch has them.
        linear = weight.ndim == 2 and held[f"{stem}.scale"].shape[0] == 1
        state[f"{stem}.weight"] = weight.T.contiguous() if linear else weight
    return state


@torch.no_grad()
def load_graph(path: Path, root: str, module: nn.Module) -> None:
    """Fills ``module`` with the weights of a graph. Raises ValueError where they do not fit, or some are missing."""
    state = graph_state(path, root)
    for convolution, norm_name, norm in folded_pairs(module):
        bias = state.pop(f"{convolution}.bias")
        norm.reset_running_stats()
        norm.weight.fill_((1.0 + norm.eps) ** 0.5)
        state[f"{norm_name}.weight"], state[f"{norm_name}.bias"] = norm.weight.clone(), bias
    own = dict(module.named_parameters())
    missing = sorted(name for name, p in own.items() if p.requires_grad and name not in state)
    buffers = dict(module.named_buffers())
    for name, tensor in state.items():
        place = own.get(name, buffers.get(name))
        if place is None or place.shape != tensor.shape:
            missing.append(name)
            continue
        place.copy_(tensor)
    if missing:
        raise ValueError(f"{path}: does not fit this configuration; for one, {missing[0]}")
