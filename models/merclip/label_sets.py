"""Label sets: the choices a reading is made among, and the prompts that say what each choice means."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from .concepts import WORDINGS

PROMPT = "this person sounds and looks {label}"

# Other ways to say the same, seen in training so that the label space does not hang on one phrase.
TEMPLATES = (
    PROMPT,
    "{label}",
    "this person feels {label}",
    "the speaker is {label}",
    "a person who is {label}",
    "someone {label}",
    "an expression of someone who is {label}",
)

KINDS = ("single", "multi", "ordinal")


@dataclass(frozen=True)
class Label:
    """One choice: its public name, the concept it stands for, the prompt that ships, its value if ordinal."""

    name: str
    concept: str
    prompt: str
    value: float | None = None


@dataclass(frozen=True)
class LabelSet:
    """Choices that are scored together. ``kind``: one of KINDS."""

    id: str
    kind: str
    labels: tuple[Label, ...]

    @property
    def names(self) -> list[str]:
        return [label.name for label in self.labels]

    @property
    def concepts(self) -> list[str]:
        return [label.concept for label in self.labels]

    @property
    def prompts(self) -> list[str]:
        return [label.prompt for label in self.labels]

    @property
    def hash(self) -> str:
        """First 16 hex digits of the SHA-256 of the prompts, as JSON.stringify writes them."""
        text = json.dumps(self.prompts, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def prompt_for(wording: str, template: str = PROMPT) -> str:
    """The prompt for a label given in words."""
    return template.format(label=wording)


def label_set(
    id: str, kind: str, concepts: list[str], names: list[str] | None = None, values: list[float] | None = None
) -> LabelSet:
    """A label set over concepts, each with its first wording. Raises ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"label set '{id}': kind '{kind}' is not one of {', '.join(KINDS)}")
    return LabelSet(
        id,
        kind,
        tuple(
            Label(
                name=names[i] if names else concept,
                concept=concept,
                prompt=prompt_for(WORDINGS[concept][0]),
                value=values[i] if values else None,
            )
            for i, concept in enumerate(concepts)
        ),
    )


BIG6 = label_set("big6", "single", ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear"])

GOEMOTIONS = label_set(
    "goemotions",
    "multi",
    [
        "admiration",
        "amusement",
        "anger",
        "annoyance",
        "approval",
        "caring",
        "confusion",
        "curiosity",
        "desire",
        "disappointment",
        "disapproval",
        "disgust",
        "embarrassment",
        "excitement",
        "fear",
        "gratitude",
        "grief",
        "happiness",
        "love",
        "nervousness",
        "optimism",
        "pride",
        "realization",
        "relief",
        "remorse",
        "sadness",
        "surprise",
        "neutral",
    ],
    [
        "admiration",
        "amusement",
        "anger",
        "annoyance",
        "approval",
        "caring",
        "confusion",
        "curiosity",
        "desire",
        "disappointment",
        "disapproval",
        "disgust",
        "embarrassment",
        "excitement",
        "fear",
        "gratitude",
        "grief",
        "joy",
        "love",
        "nervousness",
        "optimism",
        "pride",
        "realization",
        "relief",
        "remorse",
        "sadness",
        "surprise",
        "neutral",
    ],
)

SENTIMENT = label_set(
    "sentiment",
    "ordinal",
    [
        "very negative",
        "negative",
        "slightly negative",
        "neither positive nor negative",
        "slightly positive",
        "positive",
        "very positive",
    ],
    ["very negative", "negative", "slightly negative", "neutral", "slightly positive", "positive", "very positive"],
    [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0],
)


def _meeting() -> LabelSet:
    wordings = {
        "engaged": "interest",
        "confused": "confusion",
        "amused": "amusement",
        "frustrated": "annoyance",
        "bored": "boredom",
        "surprised": "surprise",
        "neutral": "neutral",
    }
    return LabelSet(
        "meeting",
        "single",
        tuple(Label(name, concept, prompt_for(name)) for name, concept in wordings.items()),
    )


MEETING = _meeting()

# The label sets of the data, where they are not one of the shipped ones.
XED = label_set(
    "xed",
    "multi",
    ["anger", "anticipation", "disgust", "fear", "happiness", "sadness", "surprise", "trust", "neutral"],
)
FERPLUS = label_set(
    "ferplus",
    "single",
    ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"],
)
EMODB = label_set("emodb", "single", ["anger", "boredom", "disgust", "fear", "happiness", "sadness", "neutral"])
EMOGATOR = label_set(
    "emogator",
    "single",
    [
        "adoration",
        "amusement",
        "anger",
        "awe",
        "confusion",
        "contempt",
        "contentment",
        "desire",
        "disappointment",
        "disgust",
        "distress",
        "ecstasy",
        "elation",
        "embarrassment",
        "fear",
        "guilt",
        "interest",
        "neutral",
        "pain",
        "pride",
        "realization",
        "relief",
        "romantic love",
        "sadness",
        "serenity",
        "shame",
        "negative surprise",
        "positive surprise",
        "sympathy",
        "triumph",
    ],
)

SHIPPED = (BIG6, GOEMOTIONS, SENTIMENT, MEETING)
