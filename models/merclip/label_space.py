"""The shared space: label embeddings turned so that meanings stand apart, before anything is trained.

Sentence vectors of prompts are crowded: they share most of their words, and how a prompt is phrased moves them more
than what it says. Here the vectors of all wordings are centred per phrasing and partly whitened (Su et al. 2021, arXiv
2103.15316), so that the directions in which labels differ carry the space. It rests on words alone, so every tower can
learn towards it by itself, at the same time as the others and in any order.
"""

from __future__ import annotations

import torch

from .concepts import WORDINGS
from .label_encoder import LabelEncoder
from .label_sets import TEMPLATES, prompt_for

POWER = 0.4  # 0 leaves the vectors as they are, 1 whitens fully
FLOOR = 1.0  # of the mean variance: what is added to each, so that noise is not blown up


def fit_projection(groups: torch.Tensor, dim: int) -> torch.Tensor:
    """Vectors [T,N,e], one group of N meanings per phrasing -> matrix [dim,e] from label vectors to the shared space.

    Raises ValueError when there are fewer directions than ``dim``."""
    if dim > groups.shape[-1]:
        raise ValueError(f"the shared space has {dim} directions, label vectors only {groups.shape[-1]}")
    centred = (groups - groups.mean(1, keepdim=True)).flatten(0, 1).double()
    variance, axes = torch.linalg.eigh(centred.T @ centred / centred.shape[0])
    variance, axes = variance.flip(0)[:dim].clamp(min=0), axes.flip(1)[:, :dim]
    scale = (variance + FLOOR * variance.mean()) ** (-POWER / 2)
    matrix = (axes * scale).T
    # Unit length on average, as the prediction's scale expects of either side.
    length = (centred @ matrix.T).norm(dim=-1).mean()
    return (matrix / length).float()


@torch.no_grad()
def wording_vectors(labels: LabelEncoder) -> torch.Tensor:
    """All wordings in all phrasings, [T,N,e]."""
    words = list(dict.fromkeys(word for wordings in WORDINGS.values() for word in wordings))
    return torch.stack([labels.encode([prompt_for(word, template) for word in words]) for template in TEMPLATES])
