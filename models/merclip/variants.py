"""Other ways to build the decoder's parts, for ablation: each takes the place of one part of the model and is called
as that part is. Nothing that ships uses them."""

from __future__ import annotations

import torch
from torch import nn

from .decoder import CrossModalDecoder, DecoderBlock


class LearnedLabels(nn.Module):
    """In place of ``LabelProjection``: a free vector per label, which knows nothing of what the label means."""

    def __init__(self, count: int, dim: int):
        super().__init__()
        self.vectors = nn.Parameter(torch.randn(count, dim) * dim**-0.5)

    def forward(self, labels: torch.Tensor) -> torch.Tensor:
        return self.vectors


class JointDecoder(nn.Module):
    """In place of ``CrossModalDecoder``: as many blocks, each reading the tokens of all modalities at once."""

    def __init__(self, dim: int, heads: int, feed: int, dropout: float, order: tuple[str, ...]):
        super().__init__()
        self.order = tuple(order)
        # Which modality a token is of: the sequential decoder knows from the block that reads it.
        self.kind = nn.ParameterDict({name: nn.Parameter(torch.randn(dim) * 0.3) for name in order})
        self.blocks = nn.ModuleList(DecoderBlock(dim, heads, feed, dropout) for _ in order)
        self.norm = nn.LayerNorm(dim)

    def forward(
        self, q: torch.Tensor, label_mask: torch.Tensor, inputs: dict[str, tuple[torch.Tensor, torch.Tensor]]
    ) -> torch.Tensor:
        label_bias = (1.0 - label_mask.to(q.dtype))[:, None, None, :] * -1e4
        tokens = torch.cat([inputs[name][0] + self.kind[name] for name in self.order], dim=1)
        mask = torch.cat([inputs[name][1] for name in self.order], dim=1)
        for block in self.blocks:
            q = block(q, label_bias, tokens, mask)
        return self.norm(q)


class LinearPrediction(nn.Module):
    """In place of ``CosinePrediction``: a linear layer from the mean query to a fixed number of labels."""

    def __init__(self, dim: int, count: int):
        super().__init__()
        self.linear = nn.Linear(dim, count)

    def forward(self, queries: torch.Tensor, labels: torch.Tensor, label_mask: torch.Tensor) -> torch.Tensor:
        return self.linear(queries.mean(1))


class SignalledDecoder(nn.Module):
    """Around ``CrossModalDecoder``: each token first takes up the labels that it resembles (after LSGMER, arXiv
    2504.05158). ``attribution`` tells which those are; ``consistency`` ties it to the prediction."""

    def __init__(self, decoder: CrossModalDecoder, dim: int):
        super().__init__()
        self.decoder = decoder
        self.query = nn.Linear(dim, dim)
        self.signal = nn.Linear(dim, dim)

    def weights(self, tokens: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
        """tokens [B,N,d], labels q [B,K,d] -> [B,N,K], each row a distribution over labels."""
        return torch.softmax(self.query(tokens) @ q.transpose(1, 2) * q.shape[-1] ** -0.5, dim=-1)

    def attribution(self, q: torch.Tensor, inputs: dict[str, tuple[torch.Tensor, torch.Tensor]]) -> torch.Tensor:
        """-> [B,K]: the mean over all tokens that are there."""
        total = sum((self.weights(x, q) * mask[..., None]).sum(1) for x, mask in inputs.values())
        count = sum(mask.sum(1) for _, mask in inputs.values())
        return total / count.clamp(min=1)[:, None]

    def forward(
        self, q: torch.Tensor, label_mask: torch.Tensor, inputs: dict[str, tuple[torch.Tensor, torch.Tensor]]
    ) -> torch.Tensor:
        signalled = {name: (x + self.signal(self.weights(x, q) @ q), mask) for name, (x, mask) in inputs.items()}
        return self.decoder(q, label_mask, signalled)


def consistency(attribution: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    """Divergence, both ways, of the attribution [B,K] and the prediction's softmax [B,K] -> scalar."""
    attributed, predicted = attribution.clamp(min=1e-6).log(), torch.log_softmax(logits.float(), dim=-1)
    difference = attributed - predicted
    return ((attributed.exp() - predicted.exp()) * difference).sum(-1).mean()
