"""Faces as a call gives them: shifted, turned, badly lit, blurred, small, half covered."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn


def _warp(faces: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    batch = faces.shape[0]

    def uniform(low: float, high: float) -> torch.Tensor:
        return torch.rand(batch, generator=generator) * (high - low) + low

    angle = uniform(-0.22, 0.22)
    scale = uniform(0.85, 1.15)
    flip = torch.where(torch.rand(batch, generator=generator) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    matrix = torch.stack(
        [
            torch.stack([cos * flip, -sin, uniform(-0.1, 0.1)], -1),
            torch.stack([sin * flip, cos, uniform(-0.1, 0.1)], -1),
        ],
        1,
    )
    grid = nn.functional.affine_grid(matrix, [batch, 1, *faces.shape[1:]], align_corners=False)
    return nn.functional.grid_sample(faces[:, None], grid, padding_mode="border", align_corners=False)[:, 0]


def _degrade(faces: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Lowers the resolution of a run of the batch, as small or blurred faces have it."""
    batch, size = faces.shape[0], faces.shape[-1]
    count = batch // 4
    small = int(torch.randint(size // 3, size, (1,), generator=generator))
    low = nn.functional.interpolate(faces[:count, None], size=(small, small), mode="area")
    faces[:count] = nn.functional.interpolate(low, size=(size, size), mode="bilinear", align_corners=False)[:, 0]
    return faces


def vary_faces(faces: torch.Tensor, generator: torch.Generator, occlude: float = 0.2) -> torch.Tensor:
    """faces [B,S,S] float 0..255 -> the same shape. The batch must be in random order."""
    faces = _degrade(_warp(faces, generator), generator)
    batch, size = faces.shape[0], faces.shape[-1]
    contrast = torch.rand(batch, 1, 1, generator=generator) * 0.8 + 0.6
    light = (torch.rand(batch, 1, 1, generator=generator) - 0.5) * 60.0
    mean = faces.mean((1, 2), keepdim=True)
    faces = (faces - mean) * contrast + mean + light
    faces = faces + torch.randn(faces.shape, generator=generator) * torch.rand(batch, 1, 1, generator=generator) * 5.0
    covered = torch.rand(batch, generator=generator) < occlude
    for row in torch.nonzero(covered)[:, 0].tolist():
        side = int(torch.randint(size // 6, size // 2, (1,), generator=generator))
        top, left = torch.randint(0, size - side, (2,), generator=generator).tolist()
        faces[row, top : top + side, left : left + side] = float(torch.rand(1, generator=generator)) * 255.0
    return faces.clamp(0.0, 255.0)


def like_a_call(face: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What a call does to one face [S,S] uint8 -> [S,S] uint8: few pixels, blur, little light, a part out of sight.
    What robustness is measured with."""
    size = face.shape[0]
    picture = torch.from_numpy(np.asarray(face)).float()[None, None]
    if rng.random() < 0.5:
        small = int(rng.integers(size * 2 // 5, size))
        low = nn.functional.interpolate(picture, size=(small, small), mode="area")
        picture = nn.functional.interpolate(low, size=(size, size), mode="bilinear", align_corners=False)
    if rng.random() < 0.3:
        picture = _blurred(picture, float(rng.uniform(0.5, 1.3)))
    grey = picture[0, 0].numpy()
    if rng.random() < 0.4:
        grey = grey * rng.uniform(0.2, 0.7) + rng.standard_normal(grey.shape) * rng.uniform(1.0, 5.0)
    if rng.random() < 0.2:
        _hide_a_side(grey, int(rng.integers(size // 10, size // 3)), rng)
    return np.clip(np.round(grey), 0, 255).astype(np.uint8)


def _blurred(picture: torch.Tensor, sigma: float) -> torch.Tensor:
    """Gaussian blur of [1,1,S,S], ``sigma`` in pixels."""
    reach = int(np.ceil(3.0 * sigma))
    line = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / sigma) ** 2)
    line = (line / line.sum()).reshape(1, 1, -1, 1)
    padded = nn.functional.pad(picture, (reach, reach, reach, reach), mode="replicate")
    return nn.functional.conv2d(nn.functional.conv2d(padded, line), line.transpose(2, 3))


def _hide_a_side(grey: np.ndarray, width: int, rng: np.random.Generator) -> None:
    """Covers one side of [S,S] evenly, as the edge of the picture or a hand does."""
    place = (slice(None), slice(0, width)) if rng.random() < 0.5 else (slice(0, width), slice(None))
    turned = np.rot90(grey, 2) if rng.random() < 0.5 else grey
    turned[place] = rng.uniform(0.0, 255.0)
