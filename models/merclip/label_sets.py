"""Label sets: the choices a reading is made among, and the prompts that say what each choice means."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from .concepts import WORDINGS, concept_of

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

KINDS = ("single", "multi", "ordinal", "dimensional")


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


def named(names: list[str]) -> tuple[list[str], list[str]]:
    """Names as a data set writes them -> their concepts and the names."""
    return [concept_of(name) for name in names], names


BIG6 = label_set("big6", "single", ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear"])

GOEMOTIONS = label_set(
    "goemotions",
    "multi",
    *named(
        """admiration amusement anger annoyance approval caring confusion curiosity desire disappointment disapproval
        disgust embarrassment excitement fear gratitude grief joy love nervousness optimism pride realization relief
        remorse sadness surprise neutral""".split()
    ),
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

VAD = label_set("vad", "dimensional", ["valence", "arousal", "dominance"])

# The label sets of the data, named as the data names them.
XED = label_set(
    "xed",
    "multi",
    *named(["anger", "anticipation", "disgust", "fear", "joy", "sadness", "surprise", "trust", "neutral"]),
)
FERPLUS = label_set(
    "ferplus",
    "single",
    *named(["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]),
)
EMODB = label_set("emodb", "single", *named(["angry", "bored", "disgust", "fear", "happy", "neutral", "sad"]))
EMOGATOR = label_set(
    "emogator",
    "single",
    *named(
        [
            *"""adoration amusement anger awe confusion contempt contentment desire disappointment disgust distress
            ecstasy elation embarrassment fear guilt interest neutral pain pride realization relief""".split(),
            "romantic love",
            *"sadness serenity shame".split(),
            "surprise (negative)",
            "surprise (positive)",
            "sympathy",
            "triumph",
        ]
    ),
)
RAVDESS = label_set(
    "ravdess", "single", *named(["neutral", "calm", "happy", "sad", "angry", "fear", "disgust", "surprise"])
)
NEMO = label_set("nemo", "single", *named(["angry", "fear", "happy", "neutral", "sad", "surprise"]))
EMOTALE = label_set("emotale", "single", *named(["angry", "bored", "happy", "neutral", "sad"]))
MELD = label_set("meld", "single", *named(["neutral", "joy", "surprise", "anger", "sadness", "disgust", "fear"]))
EMOCONTEXT = label_set("emocontext", "single", *named(["happy", "sad", "angry", "others"]))
TWEETEVAL = label_set("tweeteval_emotion", "single", *named(["anger", "joy", "optimism", "sadness"]))

SHIPPED = (BIG6, GOEMOTIONS, SENTIMENT, VAD, MEETING)
