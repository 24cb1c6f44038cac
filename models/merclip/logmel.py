"""Log-mel energies inside the graph: framing and DFT as one convolution, so the runtime feeds plain PCM."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import nn


def mel_filters(bins: int, mels: int, rate: int, low: float, high: float) -> np.ndarray:
    """Triangular filters on the mel scale of O'Shaughnessy (2595 log10(1 + f/700)) -> [mels, bins] float32."""

    def mel(hz: float) -> float:
        return 2595.0 * math.log10(1.0 + hz / 700.0)

    edges = 700.0 * (10.0 ** (np.linspace(mel(low), mel(high), mels + 2) / 2595.0) - 1.0)
    freqs = np.linspace(0.0, rate / 2, bins)
    rising = (freqs[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - freqs[None]) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)


class LogMel(nn.Module):
    """PCM [B,N] in -1..1 -> log energies [B,mels,T], T = N / hop, and the mask of frames [B,1,T].

    A frame is valid when its centre lies within the valid samples. Constants only: nothing is learned.
    """

    def __init__(self, rate: int = 16000, window: int = 400, hop: int = 160, fft: int = 512, mels: int = 64):
        super().__init__()
        self.hop = hop
        self.pad = (window - hop) // 2
        bins = fft // 2 + 1
        time = np.arange(window)
        angle = 2.0 * np.pi * np.arange(bins)[:, None] * time[None] / fft
        hann = 0.5 - 0.5 * np.cos(2.0 * np.pi * time / window)
        basis = np.concatenate([np.cos(angle) * hann, -np.sin(angle) * hann])[:, None].astype(np.float32)
        self.register_buffer("basis", torch.from_numpy(basis), persistent=False)
        filters = mel_filters(bins, mels, rate, 40.0, rate / 2 - 200.0)
        self.register_buffer("filters", torch.from_numpy(filters), persistent=False)
        self.bins = bins

    def forward(self, pcm: torch.Tensor, samples: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        padded = nn.functional.pad(pcm[:, None], (self.pad, self.pad))
        spectrum = nn.functional.conv1d(padded, self.basis, stride=self.hop)
        power = spectrum[:, : self.bins] ** 2 + spectrum[:, self.bins :] ** 2
        logs = torch.log(torch.matmul(self.filters, power) + 1e-5)
        frames = pcm.shape[1] // self.hop
        centre = torch.arange(frames, device=pcm.device) * self.hop + self.hop // 2
        mask = (centre[None] < samples[:, None]).to(logs.dtype)[:, None]
        return logs, mask
