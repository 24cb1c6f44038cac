"""How precisely training calculates: in bfloat16 where the machine is quick at it, else in float32."""

from __future__ import annotations

import torch


def quick_in_bfloat16(device: str) -> bool:
    """GPUs are. Processors need AVX-512: without it torch needs ten times as long for it as for float32."""
    return device != "cpu" or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def mixed_precision(device: str) -> torch.autocast:
    """The context in which a forward pass runs."""
    return torch.autocast(device, dtype=torch.bfloat16, enabled=quick_in_bfloat16(device))
