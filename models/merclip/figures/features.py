"""Rows of a split through a release: tokens once, logits in any label set. The data behind every figure."""

from __future__ import annotations

import copy

import numpy as np

from ..data.as_in_a_call import as_in_a_call
from ..data.composed import Composer
from ..data.context import SEPARATOR
from ..data.sources import Sources
from ..data.views import View
from ..label_sets import LabelSet
from ..runtime import Runtime

ALONE = ", alone"  # behind a data set's name: its utterances without what the speaker said before

Clip = dict[str, np.ndarray]


def some_rows(rows: np.ndarray, limit: int | None) -> np.ndarray:
    """The first ``limit`` of a fixed shuffle, so that fewer rows are always some of the more."""
    return np.sort(np.random.default_rng(7).permutation(rows)[:limit])


class SplitFeatures:
    """Tokens of the rows of a split, at most ``limit`` a data set.

    ``call_seed``: rows are encoded as a call would give them, drawn from this seed."""

    def __init__(
        self,
        runtime: Runtime,
        sources: Sources,
        split: str,
        limit: int | None = None,
        call_seed: int | None = None,
    ):
        self.runtime = runtime
        self.sources = sources
        self.split = split
        self.rows: dict[str, np.ndarray] = {}
        self.tokens: dict[tuple[str, int], np.ndarray] = {}
        self._logits: dict[tuple[str, str, bool], np.ndarray] = {}
        for name, dataset in sources.datasets.items():
            rows = self.rows[name] = some_rows(dataset.rows(split), limit)
            payload = [dataset.payload[row] for row in rows]
            if call_seed is not None:
                seeds = [[call_seed, int(row)] for row in rows]
                payload = [as_in_a_call(dataset.modality, *one) for one in zip(payload, seeds, strict=True)]
            self._encode(name, dataset.modality, payload)
            if self.has_context(name):
                self._encode(name + ALONE, "text", [text.split(SEPARATOR)[0] for text in payload])

    def has_context(self, name: str) -> bool:
        """Whether utterances of a data set come with earlier turns."""
        dataset = self.sources.datasets[name]
        return dataset.modality == "text" and any(SEPARATOR in dataset.payload[row] for row in self.rows[name])

    def _encode(self, key: str, modality: str, payload: list) -> None:
        rows = self.rows[key.removesuffix(ALONE)]
        for row, tokens in zip(rows, self.runtime.tokens(modality, payload, key), strict=True):
            self.tokens[(key, int(row))] = tokens

    def part(self, limit: int) -> SplitFeatures:
        """The same with at most ``limit`` rows a data set; nothing is encoded again."""
        fewer = copy.copy(self)
        fewer.rows = {
            name: some_rows(dataset.rows(self.split), min(limit, len(self.rows[name])))
            for name, dataset in self.sources.datasets.items()
        }
        fewer._logits = {}
        return fewer

    def only(self, names: list[str]) -> SplitFeatures:
        """The same with these data sets alone."""
        fewer = copy.copy(self)
        fewer.sources = self.sources.only(names)
        fewer.rows = {name: self.rows[name] for name in fewer.sources.datasets}
        return fewer

    def valid_rows(self, name: str, view: View) -> np.ndarray:
        """The rows at hand that a view says something of."""
        return self.rows[name][view.valid[self.rows[name]]]

    def logits(self, name: str, view: View, labels: LabelSet | None = None, alone: bool = False) -> np.ndarray:
        """[n,K] for valid_rows(); ``labels`` replaces the prompts of the view."""
        labels = labels or view.labels
        key = (name, labels.hash, alone)
        if key not in self._logits:
            modality = self.sources.datasets[name].modality
            source = name + ALONE if alone else name
            clips: list[Clip] = [{modality: self.tokens[(source, int(row))]} for row in self.valid_rows(name, view)]
            self._logits[key] = self.runtime.score_set(clips, labels)
        return self._logits[key]

    def scores(self, name: str, view: View, labels: LabelSet | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Logits [n,K] and targets [n,K] of valid_rows()."""
        return self.logits(name, view, labels), view.target[self.valid_rows(name, view)]

    def composed(self, view: str, count: int, seed: int = 11) -> tuple[list[Clip], np.ndarray]:
        """Composed clips with all modalities: tokens per modality, and targets [count,K]."""
        composer = Composer(self.sources.datasets, self.sources.views, self.rows, view)
        rng = np.random.default_rng(seed)
        clips, targets = [], []
        for _ in range(count):
            clip = composer.draw(rng, drop=0.0, clash=0.0)
            clips.append({m: self.tokens[member] for m, member in clip.members.items()})
            targets.append(clip.target)
        return clips, np.stack(targets)
