"""What a speaker said before, behind what they say now: ``utterance [SEP] last turn [SEP] turn before``.

Latest first, so that what does not fit is the oldest; only the same speaker's own turns, because that is what the
product knows of a participant.
"""

from __future__ import annotations

SEPARATOR = " [SEP] "
TURNS = 2


def with_context(text: str, before: list[str], turns: int = TURNS) -> str:
    """``before``: the speaker's earlier turns, oldest first."""
    return SEPARATOR.join([text, *reversed(before[-turns:])]) if turns > 0 else text
