"""Whether fusion pays: composed clips of held-out rows, heard and seen whole, in part, and with one that
contradicts."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..decoder import MODALITIES
from ..label_sets import BIG6
from ..metrics import accuracy
from .features import Clip, SplitFeatures
from .kinds import single_figures
from .release import Calibrated
from .witnesses import believed, one_is_wrong

CLIPS = 1400
COMBINATIONS = (
    ("text",),
    ("audio",),
    ("vision",),
    ("text", "audio"),
    ("text", "vision"),
    ("audio", "vision"),
    MODALITIES,
)
WHOLE = "+".join(MODALITIES)
MARGIN = 0.05  # what all three together have to be better by than the best one


def of_another_class(target: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For each clip of target [N,K] the number of one of another class, [N]."""
    classes = target.argmax(1)
    return np.array([rng.choice(np.flatnonzero(classes != own)) for own in classes])


def swapped(clips: list[Clip], others: np.ndarray, modality: str) -> list[Clip]:
    """The clips with one modality taken from other ones, given by their numbers [N]."""
    return [{**clip, modality: clips[other][modality]} for clip, other in zip(clips, others, strict=True)]


def composed_figures(features: SplitFeatures, manifest: dict[str, Any]) -> dict[str, Any]:
    """Figures in big6 of each modality alone, each pair, all three, and with one that is of another clip (which may
    agree by chance) or contradicts. ``independentAccuracy``: what the best reading of three independent witnesses would
    reach there. Empty where no class has rows of every modality."""
    try:
        clips, target = features.composed("big6", CLIPS)
    except ValueError:
        return {}
    temperature = Calibrated(manifest, BIG6).temperature
    embedded = features.runtime.embed(BIG6.prompts)

    def read(seen: list[Clip], kept: tuple[str, ...] = MODALITIES) -> np.ndarray:
        return features.runtime.fuse([{m: clip[m] for m in kept} for clip in seen], embedded)

    def figures(logits: np.ndarray) -> dict[str, Any]:
        return single_figures(logits, target, 0, temperature)

    logits = {kept: read(clips, kept) for kept in COMBINATIONS}
    result = {"+".join(kept): figures(logits[kept]) for kept in COMBINATIONS}
    anybody = np.random.default_rng(13).permutation(len(clips))
    result["audio of another clip"] = figures(read(swapped(clips, anybody, "audio")))
    rng = np.random.default_rng(17)
    alone = {m: believed(logits[(m,)], target) for m in MODALITIES}
    for odd in MODALITIES:
        others = of_another_class(target, rng)
        witnesses = [alone[m][others] if m == odd else alone[m] for m in MODALITIES]
        result[f"{odd} contradicting"] = {
            **figures(read(swapped(clips, others, odd))),
            "independentAccuracy": accuracy(target.argmax(1), one_is_wrong(witnesses).argmax(1)),
        }
    return result


def margins(composed: dict[str, Any]) -> dict[str, Any]:
    """What the composed figures say of fusion, in accuracy: how much better all three are than the best one, and what a
    modality that contradicts costs against leaving it out and falling back to the other two, beside what independent
    witnesses would allow."""
    best = max(MODALITIES, key=lambda modality: composed[modality]["accuracy"])
    whole = composed[WHOLE]["accuracy"]
    costs = {}
    for odd in MODALITIES:
        pair = "+".join(modality for modality in MODALITIES if modality != odd)
        fallback, misled = composed[pair]["accuracy"], composed[f"{odd} contradicting"]["accuracy"]
        costs[odd] = {
            "fallback": fallback,
            "contradicting": misled,
            "cost": fallback - misled,
            "independent": composed[f"{odd} contradicting"]["independentAccuracy"],
        }
    gain = whole - composed[best]["accuracy"]
    return {
        "best": best,
        "gain": gain,
        "gainReached": gain >= MARGIN,
        "contradicting": costs,
        "contradictingReached": all(one["cost"] <= 0.0 for one in costs.values()),
    }
