"""The figures that a release is judged by, where they stand among all others, and what they have to reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .composed import WHOLE

POINTS = 0.05  # what a figure may lose in a call
HALF_A_POINT = 0.005  # what int8 weights may cost


@dataclass(frozen=True)
class Item:
    """``path``: data set, view and key in what task_figures() gives. ``targets``: per tier; None where it is only told.
    ``low``: whether less is better."""

    title: str
    path: tuple[str, ...]
    research: float | None = None
    open: float | None = None
    low: bool = False

    def target(self, tier: str) -> float | None:
        return self.research if tier == "research" else self.open

    def reached(self, tier: str, value: float) -> bool | None:
        target = self.target(tier)
        if target is None:
            return None
        return value <= target if self.low else value >= target

    def loss(self, before: float, after: float) -> float:
        """How much worse the second value is."""
        return after - before if self.low else before - after


ITEMS = (
    Item("FER+, 8 classes: accuracy", ("ferplus", "native", "accuracy"), 0.85, 0.85),
    Item("FER+, faces with an absolute majority: accuracy", ("ferplus", "native, absolute majority", "accuracy")),
    Item("GoEmotions, 28 labels: macro-F1", ("goemotions", "native", "macroF1"), 0.47, 0.47),
    Item("XED, 9 labels: macro-F1", ("xed", "native", "macroF1"), 0.54, 0.54),
    Item("EmoBank, valence: Pearson", ("emobank", "vad", "valence", "pearson")),
    Item("EmoBank, arousal: Pearson", ("emobank", "vad", "arousal", "pearson")),
    Item("EmoBank, dominance: Pearson", ("emobank", "vad", "dominance", "pearson")),
    Item("MELD, with the speaker's last turns: weighted F1", ("meld", "native", "weightedF1"), 0.62),
    Item("MELD, the utterance alone: weighted F1", ("meld", "native, alone", "weightedF1")),
    Item("EmoContext: macro-F1", ("emocontext", "native", "macroF1")),
    Item("TweetEval, emotion: macro-F1", ("tweeteval_emotion", "native", "macroF1")),
    Item("MOSI, transcripts: MAE", ("mosi", "sentiment", "mae"), 0.85, low=True),
    Item("MOSI, transcripts: Pearson", ("mosi", "sentiment", "pearson")),
    Item("MOSI, transcripts: Acc-2, without zeros", ("mosi", "sentiment", "non0Acc2"), 0.81),
    Item("MOSI, transcripts: Acc-2, zero as positive", ("mosi", "sentiment", "has0Acc2")),
    Item("MOSI, transcripts: Acc-7", ("mosi", "sentiment", "acc7")),
    Item("RAVDESS, unseen actors: UAR", ("ravdess", "native", "uar"), 0.70),
    Item("nEMO, unseen speaker: UAR", ("nemo", "native", "uar"), 0.65),
    Item("EmoDB, unseen speakers: UAR", ("emodb", "native", "uar"), 0.80, 0.75),
    Item("EmoTale, unseen speakers: UAR", ("emotale", "native", "uar")),
    Item("EmoGator, 30 classes, unseen people: accuracy", ("emogator", "native", "accuracy"), 0.33, 0.33),
    Item("Composed clips, all three: accuracy", ("composed", WHOLE, "accuracy")),
)


def value_at(result: dict[str, Any], path: tuple[str, ...]) -> float | None:
    """A figure of what measure() gives, or None where it was not measured."""
    found: Any = {**result["tasks"], "composed": result.get("composed") or {}}
    for key in path:
        if not isinstance(found, dict) or key not in found:
            return None
        found = found[key]
    return float(found)


def protocol_values(result: dict[str, Any]) -> dict[str, float]:
    """Title -> value of every item that was measured."""
    found = {item.title: value_at(result, item.path) for item in ITEMS}
    return {title: value for title, value in found.items() if value is not None}
