"""The residual block that the face and the voice tower are built of."""

from __future__ import annotations

import torch
from torch import nn


class ChannelGate(nn.Module):
    """Squeeze-and-excitation (Hu et al. 2018): a channel of [B,C,H,W] is weighed by what all of the picture shows."""

    def __init__(self, channels: int, reduction: int = 8):
        super().__init__()
        self.squeeze = nn.Linear(channels, channels // reduction)
        self.excite = nn.Linear(channels // reduction, channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weight = torch.sigmoid(self.excite(torch.relu(self.squeeze(x.mean((2, 3))))))
        return x * weight[:, :, None, None]


class ResidualBlock(nn.Module):
    """[B,C,H,W] -> [B,C',H/s,W/s], rounded up (He et al. 2016, basic block; the shortcut averages before it strides, He
    et al. 2019).

    In training the block is left out for some items (stochastic depth, Huang et al. 2016), never where it strides."""

    def __init__(self, inputs: int, outputs: int, stride: int | tuple[int, int], drop: float = 0.0):
        super().__init__()
        self.one = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm_one = nn.BatchNorm2d(outputs)
        self.two = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm_two = nn.BatchNorm2d(outputs)
        self.gate = ChannelGate(outputs)
        same = inputs == outputs and stride == 1
        self.drop = drop if same else 0.0
        self.skip = (
            nn.Identity()
            if same
            else nn.Sequential(
                nn.Identity() if stride == 1 else nn.AvgPool2d(stride, ceil_mode=True, count_include_pad=False),
                nn.Conv2d(inputs, outputs, 1, bias=False),
                nn.BatchNorm2d(outputs),
            )
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.relu(self.norm_one(self.one(x)))
        y = self.gate(self.norm_two(self.two(y)))
        if self.training and self.drop > 0.0:
            y = y * (torch.rand(len(y), 1, 1, 1, device=y.device) >= self.drop).to(y.dtype) / (1.0 - self.drop)
        return torch.relu(y + self.skip(x))
