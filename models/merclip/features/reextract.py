"""Text features whose extractor has not seen the videos under test.

The text vectors of CMU-MOSI were taken from a network that had been trained to tell these very labels: a ridge
regression on them is right about 98 % of the utterances of held-out training videos, and about 73 % of those in videos
that the extractor never saw. Folds of the given features measure the extractor's memory. So for an honest fold the text
features are extracted anew, by a network of the same kind (Kim 2014: convolutions over word vectors, maximum over time,
a hidden layer of 100) that is trained on the fold's training videos alone, to the same fit.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

WIDTHS = (2, 3, 4)
FILTERS = 50
SIZE = 100  # values of a feature vector, as in the given features
EPOCHS = 8
BATCH = 50
RATE = 1e-3


class TextExtractor(nn.Module):
    """Word vectors [B,L,e] -> features [B,SIZE] and logits [B,2]."""

    def __init__(self, dim: int):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv1d(dim, FILTERS, width, padding=width - 1) for width in WIDTHS)
        self.hidden = nn.Linear(FILTERS * len(WIDTHS), SIZE)
        self.out = nn.Linear(SIZE, 2)
        self.dropout = nn.Dropout(0.5)

    def forward(self, words: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        across = words.transpose(1, 2)
        pooled = torch.cat([torch.relu(conv(across)).amax(-1) for conv in self.convs], dim=1)
        features = torch.tanh(self.hidden(self.dropout(pooled)))
        return features, self.out(self.dropout(features))


def reextract(words: torch.Tensor, positive: np.ndarray, train: np.ndarray, seed: int) -> np.ndarray:
    """Word vectors [N,L,e] of all utterances, trained on the labels of rows ``train`` -> features [N,SIZE]."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = TextExtractor(words.shape[-1])
    optim = torch.optim.Adam(net.parameters(), RATE)
    target = torch.from_numpy(positive.astype(np.int64))
    for _ in range(EPOCHS):
        net.train()
        shuffled = train[rng.permutation(len(train))]
        for start in range(0, len(shuffled), BATCH):
            rows = torch.from_numpy(shuffled[start : start + BATCH])
            loss = nn.functional.cross_entropy(net(words[rows])[1], target[rows])
            optim.zero_grad(set_to_none=True)
            loss.backward()
            optim.step()
    net.eval()
    with torch.no_grad():
        return net(words)[0].numpy()
