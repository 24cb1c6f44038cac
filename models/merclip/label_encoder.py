"""Label encoder: what a label means, as a vector. Constant for a prompt, so computed once and kept."""

from __future__ import annotations

import random

import torch

from .concepts import WORDINGS
from .label_sets import PROMPT, TEMPLATES, LabelSet, prompt_for
from .text import TextTower
from .tokenizer import Tokenizer


class LabelEncoder:
    """Prompts -> E [K,e], L2-normalised. Holds no parameters of its own: the text tower's frozen layers are it."""

    def __init__(self, tower: TextTower, tokenizer: Tokenizer):
        self.tower = tower
        self.tokenizer = tokenizer
        self._known: dict[str, torch.Tensor] = {}

    @torch.no_grad()
    def encode(self, prompts: list[str]) -> torch.Tensor:
        """K prompts -> [K,e] on the tower's device."""
        device = self.tower.project.weight.device
        self._rest()
        new = [prompt for prompt in dict.fromkeys(prompts) if prompt not in self._known]
        for start in range(0, len(new), 64):
            part = new[start : start + 64]
            ids, mask = self.tokenizer.batch(part)
            vectors = self.tower.pooled(torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device))
            self._known.update(zip(part, vectors.float(), strict=True))
        return torch.stack([self._known[prompt].to(device) for prompt in prompts])

    def _rest(self) -> None:
        """A fresh model is in training mode: its dropout would give every prompt another vector each time."""
        for module in (self.tower.embeddings, self.tower.trunk, self.tower.label_layers):
            module.eval()

    def encode_set(self, labels: LabelSet) -> torch.Tensor:
        """-> [K,e] with the prompts that ship."""
        return self.encode(labels.prompts)

    def warm(self) -> None:
        """Encodes every wording in every template at once, so that training never waits for one."""
        self.encode([prompt_for(w, t) for words in WORDINGS.values() for w in words for t in TEMPLATES])

    def encode_varied(
        self, labels: LabelSet, rng: random.Random, other_words: float = 0.3, other_templates: float = 0.1
    ) -> torch.Tensor:
        """-> [K,e]. Mostly the shipped prompts; in a share of calls other wordings, in a smaller one another template
        too. More than this slows the small towers down: they chase prompts instead of classes."""
        chance = rng.random()
        if chance >= other_words + other_templates:
            return self.encode_set(labels)
        template = rng.choice(TEMPLATES) if chance < other_templates else PROMPT
        return self.encode([prompt_for(rng.choice(WORDINGS[c]), template) for c in labels.concepts])
