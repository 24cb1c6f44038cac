"""Sequential cross-modal decoder: queries that start as labels read one modality after the other."""

from __future__ import annotations

import torch
from torch import nn

MODALITIES = ("text", "audio", "vision")


class Attention(nn.Module):
    """Multi-head attention. q [B,K,d], kv [B,N,d], additive bias [B,1,1,N] -> [B,K,d]."""

    def __init__(self, dim: int, heads: int, dropout: float):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(dim, dim)
        self.key = nn.Linear(dim, dim)
        self.value = nn.Linear(dim, dim)
        self.out = nn.Linear(dim, dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, q: torch.Tensor, kv: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        size = q.shape[-1] // self.heads

        def split(y: torch.Tensor) -> torch.Tensor:
            return y.unflatten(-1, (self.heads, size)).transpose(1, 2)

        scores = split(self.query(q)) @ split(self.key(kv)).transpose(-1, -2) * size**-0.5 + bias
        mixed = self.dropout(torch.softmax(scores, dim=-1)) @ split(self.value(kv))
        return self.out(mixed.transpose(1, 2).flatten(2))


class DecoderBlock(nn.Module):
    """Q += SelfAttn(Q); Q += CrossAttn(Q, X); Q += FFN(Q), each pre-normed. A modality that is absent adds nothing."""

    def __init__(self, dim: int, heads: int, feed: int, dropout: float):
        super().__init__()
        self.norm_self = nn.LayerNorm(dim)
        self.self_attention = Attention(dim, heads, dropout)
        self.norm_cross = nn.LayerNorm(dim)
        self.cross_attention = Attention(dim, heads, dropout)
        self.norm_feed = nn.LayerNorm(dim)
        self.feed = nn.Sequential(nn.Linear(dim, feed), nn.GELU(), nn.Dropout(dropout), nn.Linear(feed, dim))
        self.dropout = nn.Dropout(dropout)

    def forward(self, q: torch.Tensor, label_bias: torch.Tensor, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        normed = self.norm_self(q)
        q = q + self.dropout(self.self_attention(normed, normed, label_bias))
        weight = mask.to(q.dtype)
        # Zeroing by `where` and not by a product: what lies under the mask may even be NaN.
        clean = torch.where(mask[..., None] > 0, x, torch.zeros_like(x))
        bias = (1.0 - weight)[:, None, None, :] * -1e4
        present = weight.amax(1)[:, None, None]
        q = q + self.dropout(self.cross_attention(self.norm_cross(q), clean, bias)) * present
        return q + self.dropout(self.feed(self.norm_feed(q)))


class CrossModalDecoder(nn.Module):
    """Label queries [B,K,d] and {modality: (tokens [B,N,d], mask [B,N])} -> refined queries [B,K,d].

    ``order`` is the order in which modalities are read. Tokens carry no place here: order inside a modality is the
    towers' business, so an utterance may be longer than any seen in training.
    """

    def __init__(
        self, dim: int, heads: int = 4, feed: int = 512, dropout: float = 0.1, order: tuple[str, ...] = MODALITIES
    ):
        super().__init__()
        unknown = [name for name in order if name not in MODALITIES]
        if unknown:
            raise ValueError(f"fusion order names {unknown}; allowed are {', '.join(MODALITIES)}")
        self.order = tuple(order)
        self.blocks = nn.ModuleDict({name: DecoderBlock(dim, heads, feed, dropout) for name in order})
        self.norm = nn.LayerNorm(dim)

    def forward(
        self, q: torch.Tensor, label_mask: torch.Tensor, inputs: dict[str, tuple[torch.Tensor, torch.Tensor]]
    ) -> torch.Tensor:
        label_bias = (1.0 - label_mask.to(q.dtype))[:, None, None, :] * -1e4
        for name in self.order:
            tokens, mask = inputs[name]
            q = self.blocks[name](q, label_bias, tokens, mask)
        return self.norm(q)
