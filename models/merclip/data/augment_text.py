"""Text as live transcripts give it: no case, no punctuation, lost and misheard words."""

from __future__ import annotations

import random
import re

from .context import SEPARATOR

_PUNCTUATION = re.compile(r"[^\w\s'\[\]]+")

# What a recogniser hears for what was said: words that sound alike, the commonest in spoken English.
_SOUND_ALIKE = (
    "their there they're",
    "to too two",
    "your you're",
    "its it's",
    "then than",
    "no know",
    "right write",
    "here hear",
    "of have off",
    "are our or",
    "in and an",
    "a the",
    "he she we",
    "is as was",
    "for four",
    "by buy bye",
    "we're were where",
    "who's whose",
    "would wood",
    "one won",
    "this these",
    "can can't",
    "want won't went",
    "man men",
    "him them",
    "had has",
    "so sew sore",
    "been bean being",
    "not night",
    "feel feeling fill",
    "mad made",
    "sad said",
    "love live",
)
_HEARD = {word: [other for other in group.split() if other != word] for group in _SOUND_ALIKE for word in group.split()}
_SLIPPED_IN = ("uh", "um", "and", "the", "a", "i", "you know", "so", "like", "it")
_VOWELS = "aeiou"


def spoken(text: str) -> str:
    """Lower case and no punctuation."""
    return " ".join(_PUNCTUATION.sub(" ", text.lower()).split())


def like_a_transcript(text: str, rng: random.Random, plain: float = 0.5, lost: float = 0.05) -> str:
    """Strips punctuation and case with probability ``plain``, drops each word with probability ``lost`` after
    that. Turns of a context stay turns."""
    if rng.random() >= plain:
        return text
    turns = []
    for turn in text.split(SEPARATOR):
        words = spoken(turn).split()
        kept = [word for word in words if rng.random() >= lost]
        turns.append(" ".join(kept or words) or turn)
    return SEPARATOR.join(turns)


def misheard(word: str, rng: random.Random) -> str:
    """Another word that sounds alike, or the same with another vowel or without its last letter."""
    if word in _HEARD:
        return rng.choice(_HEARD[word])
    vowels = [place for place, letter in enumerate(word) if letter in _VOWELS]
    if vowels and rng.random() < 0.6:
        place = rng.choice(vowels)
        return word[:place] + rng.choice(_VOWELS.replace(word[place], "")) + word[place + 1 :]
    return word[:-1] if len(word) > 3 else rng.choice(_SLIPPED_IN)


def like_recognised(text: str, rng: random.Random, errors: float = 0.08) -> str:
    """Text as a recogniser writes it: no case, no punctuation, and of the words a share of ``errors`` wrong, half of it
    misheard, a third lost, the rest slipped in. Turns of a context stay turns."""
    turns = []
    for turn in text.split(SEPARATOR):
        heard: list[str] = []
        words = spoken(turn).split()
        for word in words:
            chance = rng.random()
            if chance < errors / 2:
                heard.append(misheard(word, rng))
            elif chance < errors * 5 / 6:
                continue
            else:
                heard.append(word)
                if chance < errors:
                    heard.append(rng.choice(_SLIPPED_IN))
        turns.append(" ".join(heard or words) or turn)
    return SEPARATOR.join(turns)
