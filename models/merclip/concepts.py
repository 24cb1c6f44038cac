"""Emotion concepts: what the labels of every data set mean, in words.

Data sets name the same thing differently ("angry", "anger"). Each name maps to one concept, and each concept has
several wordings; the label encoder sees the wordings, never the name. The first wording is the one that ships.
"""

from __future__ import annotations

WORDINGS: dict[str, tuple[str, ...]] = {
    "admiration": ("full of admiration", "admiring", "impressed", "respectful"),
    "adoration": ("full of adoration", "adoring", "enchanted", "smitten"),
    "amusement": ("amused", "entertained", "laughing", "tickled", "finding it funny"),
    "anger": ("angry", "furious", "mad", "enraged", "outraged"),
    "annoyance": ("annoyed", "irritated", "frustrated", "exasperated", "fed up"),
    "anticipation": ("full of anticipation", "expectant", "eager", "looking forward"),
    "approval": ("approving", "agreeing", "supportive", "in favour"),
    "awe": ("in awe", "awestruck", "full of wonder", "amazed"),
    "boredom": ("bored", "uninterested", "weary", "listless", "tired of it"),
    "calm": ("calm", "composed", "collected", "untroubled"),
    "caring": ("caring", "compassionate", "concerned for others", "kind"),
    "confusion": ("confused", "puzzled", "bewildered", "unsure", "lost"),
    "contempt": ("contemptuous", "scornful", "disdainful", "sneering"),
    "contentment": ("content", "satisfied", "at ease", "pleased"),
    "curiosity": ("curious", "inquisitive", "wondering", "wanting to know more"),
    "desire": ("full of desire", "longing", "wishing for something", "craving"),
    "disappointment": ("disappointed", "let down", "dissatisfied", "discouraged"),
    "disapproval": ("disapproving", "critical", "objecting", "against it"),
    "disgust": ("disgusted", "revolted", "repulsed", "grossed out"),
    "distress": ("distressed", "in distress", "troubled", "desperate"),
    "ecstasy": ("ecstatic", "in ecstasy", "blissful", "in rapture"),
    "elation": ("elated", "overjoyed", "exhilarated", "thrilled"),
    "embarrassment": ("embarrassed", "self-conscious", "awkward", "flustered"),
    "excitement": ("excited", "enthusiastic", "energised", "thrilled"),
    "fear": ("afraid", "scared", "fearful", "terrified", "frightened"),
    "gratitude": ("grateful", "thankful", "appreciative"),
    "grief": ("grieving", "mourning", "heartbroken", "bereaved"),
    "guilt": ("guilty", "feeling at fault", "blaming themselves"),
    "happiness": ("happy", "joyful", "cheerful", "delighted", "glad"),
    "interest": ("interested", "engaged", "attentive", "absorbed", "involved"),
    "love": ("loving", "affectionate", "fond", "full of love"),
    "nervousness": ("nervous", "anxious", "worried", "uneasy", "tense"),
    "neutral": ("neutral", "matter-of-fact", "unemotional", "without any emotion"),
    "optimism": ("optimistic", "hopeful", "confident", "positive about the future"),
    "other": ("of another mood", "neither happy nor sad nor angry", "of some other feeling"),
    "pain": ("in pain", "hurting", "aching", "suffering"),
    "pride": ("proud", "full of pride", "pleased with themselves"),
    "realization": ("realising something", "struck by an insight", "becoming aware"),
    "relief": ("relieved", "reassured", "breathing again"),
    "remorse": ("remorseful", "sorry", "regretful", "apologetic"),
    "romantic love": ("romantically in love", "in love", "infatuated"),
    "sadness": ("sad", "unhappy", "sorrowful", "down", "depressed"),
    "serenity": ("serene", "peaceful", "tranquil", "relaxed"),
    "shame": ("ashamed", "humiliated", "mortified"),
    "surprise": ("surprised", "astonished", "taken aback", "startled"),
    "negative surprise": ("unpleasantly surprised", "shocked", "startled badly"),
    "positive surprise": ("pleasantly surprised", "happily amazed", "delightfully surprised"),
    "sympathy": ("sympathetic", "feeling for someone", "comforting"),
    "triumph": ("triumphant", "victorious", "celebrating a win"),
    "trust": ("trusting", "full of trust", "confident in someone", "relying on someone"),
    "valence": ("pleasant and positive rather than unpleasant", "in a good mood", "feeling pleasant"),
    "arousal": ("aroused and excited rather than calm", "agitated", "highly activated"),
    "dominance": ("dominant and in control rather than submissive", "in control", "powerful"),
    "very negative": ("strongly negative", "extremely negative", "feeling terrible"),
    "negative": ("negative", "clearly negative", "feeling bad"),
    "slightly negative": ("slightly negative", "a little negative", "somewhat unhappy"),
    "neither positive nor negative": ("neither positive nor negative", "balanced", "of mixed or no feeling"),
    "slightly positive": ("slightly positive", "a little positive", "somewhat happy"),
    "positive": ("positive", "clearly positive", "feeling good"),
    "very positive": ("strongly positive", "extremely positive", "feeling wonderful"),
}

# Words for the classes of big6 that training never uses: they measure whether a label is understood by its meaning.
UNSEEN: dict[str, str] = {
    "neutral": "expressionless",
    "happiness": "in high spirits",
    "surprise": "stunned",
    "sadness": "gloomy",
    "anger": "livid",
    "disgust": "nauseated",
    "fear": "panicking",
}

# How positive a concept is, on the scale of the sentiment set (-3 to 3). Our own judgement, used only to make
# training targets where a data set has emotions and no sentiment; concepts without an entry say nothing.
SENTIMENT: dict[str, float] = {
    "admiration": 2.0,
    "adoration": 2.3,
    "amusement": 1.5,
    "anger": -2.3,
    "annoyance": -1.4,
    "approval": 1.0,
    "awe": 1.2,
    "boredom": -0.9,
    "calm": 0.6,
    "caring": 1.3,
    "confusion": -0.4,
    "contempt": -1.8,
    "contentment": 1.5,
    "curiosity": 0.2,
    "disappointment": -1.6,
    "disapproval": -1.3,
    "disgust": -2.2,
    "distress": -2.2,
    "ecstasy": 2.8,
    "elation": 2.8,
    "embarrassment": -1.1,
    "excitement": 2.2,
    "fear": -2.0,
    "gratitude": 2.2,
    "grief": -2.7,
    "guilt": -1.6,
    "happiness": 2.2,
    "interest": 0.7,
    "love": 2.5,
    "nervousness": -1.2,
    "neutral": 0.0,
    "optimism": 1.4,
    "pain": -2.3,
    "pride": 1.8,
    "realization": 0.0,
    "relief": 1.2,
    "remorse": -1.5,
    "romantic love": 2.3,
    "sadness": -2.0,
    "serenity": 1.2,
    "shame": -1.7,
    "surprise": 0.2,
    "negative surprise": -1.3,
    "positive surprise": 1.6,
    "sympathy": 0.3,
    "triumph": 2.4,
    "trust": 1.0,
}

# Valence, arousal and dominance of a concept, each 0 to 1, on the scale of EmoBank's ratings as ``data/emobank.py``
# stretches them. Our own judgement again, for faces and voices, whose data has no such ratings.
DIMENSIONS: dict[str, tuple[float, float, float]] = {
    "amusement": (0.85, 0.65, 0.6),
    "anger": (0.15, 0.85, 0.65),
    "boredom": (0.35, 0.15, 0.4),
    "calm": (0.6, 0.2, 0.55),
    "contempt": (0.2, 0.45, 0.65),
    "contentment": (0.75, 0.3, 0.6),
    "disappointment": (0.2, 0.35, 0.3),
    "disgust": (0.12, 0.6, 0.5),
    "distress": (0.12, 0.75, 0.25),
    "ecstasy": (0.95, 0.9, 0.65),
    "elation": (0.95, 0.85, 0.7),
    "excitement": (0.85, 0.9, 0.65),
    "fear": (0.15, 0.85, 0.2),
    "happiness": (0.88, 0.65, 0.65),
    "neutral": (0.5, 0.4, 0.5),
    "pain": (0.1, 0.7, 0.25),
    "pride": (0.8, 0.6, 0.8),
    "relief": (0.7, 0.35, 0.55),
    "sadness": (0.15, 0.25, 0.25),
    "serenity": (0.7, 0.15, 0.55),
    "shame": (0.2, 0.4, 0.2),
    "surprise": (0.55, 0.8, 0.45),
    "negative surprise": (0.25, 0.85, 0.35),
    "positive surprise": (0.85, 0.85, 0.55),
    "triumph": (0.9, 0.8, 0.85),
}

# Concept -> class of the shipped "big6" set (Ekman's six and neutral). For the 28 of GoEmotions this is the
# Ekman grouping that its authors publish with the data (Demszky et al., ACL 2020); the rest is ours.
BIG6: dict[str, str] = {
    **dict.fromkeys(("anger", "annoyance", "disapproval"), "anger"),
    "disgust": "disgust",
    **dict.fromkeys(("fear", "nervousness", "distress"), "fear"),
    **dict.fromkeys(
        (
            "happiness",
            "amusement",
            "approval",
            "excitement",
            "gratitude",
            "love",
            "optimism",
            "relief",
            "pride",
            "admiration",
            "desire",
            "caring",
            "contentment",
            "ecstasy",
            "elation",
            "triumph",
        ),
        "happiness",
    ),
    **dict.fromkeys(("sadness", "disappointment", "embarrassment", "grief", "remorse"), "sadness"),
    **dict.fromkeys(
        ("surprise", "realization", "confusion", "curiosity", "negative surprise", "positive surprise"), "surprise"
    ),
    "neutral": "neutral",
}

# For sounds and faces a big-six class is only what plainly shows it: no one hears a sigh of relief as laughter.
BIG6_EXPRESSION: dict[str, str] = {
    "anger": "anger",
    "disgust": "disgust",
    "fear": "fear",
    "happiness": "happiness",
    "amusement": "happiness",
    "elation": "happiness",
    "triumph": "happiness",
    "sadness": "sadness",
    "surprise": "surprise",
    "negative surprise": "surprise",
    "positive surprise": "surprise",
    "neutral": "neutral",
}

# Concept -> class of the shipped "meeting" set. Named by the concept that carries the wording.
MEETING: dict[str, str] = {
    **dict.fromkeys(("interest", "curiosity", "excitement"), "interest"),
    "confusion": "confusion",
    "amusement": "amusement",
    **dict.fromkeys(("annoyance", "anger", "disapproval"), "annoyance"),
    "boredom": "boredom",
    **dict.fromkeys(("surprise", "positive surprise", "negative surprise"), "surprise"),
    "neutral": "neutral",
}

# Names in the data -> concept, where they differ.
ALIASES: dict[str, str] = {
    "joy": "happiness",
    "happy": "happiness",
    "angry": "anger",
    "sad": "sadness",
    "bored": "boredom",
    "calmness": "calm",
    "others": "other",
    "surprise (negative)": "negative surprise",
    "surprise (positive)": "positive surprise",
}


def concept_of(name: str) -> str:
    """The concept behind a data set's label name; raises KeyError naming the label when there is none."""
    concept = ALIASES.get(name, name)
    if concept not in WORDINGS:
        raise KeyError(f"label '{name}' has no concept: add its wordings to merclip/concepts.py")
    return concept
