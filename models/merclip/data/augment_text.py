"""Text as live transcripts give it: no case, no punctuation, and now and then a lost word."""

from __future__ import annotations

import random
import re

_PUNCTUATION = re.compile(r"[^\w\s'\[\]]+")


def like_a_transcript(text: str, rng: random.Random, plain: float = 0.5, lost: float = 0.05) -> str:
    """Strips punctuation and case with probability ``plain``, drops each word with probability ``lost`` after that."""
    if rng.random() >= plain:
        return text
    words = _PUNCTUATION.sub(" ", text.lower()).split()
    kept = [word for word in words if rng.random() >= lost]
    return " ".join(kept or words) or text
