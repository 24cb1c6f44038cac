"""The parts of a card that no figure changes."""

from __future__ import annotations

INTRODUCTION = [
    "MER-CLIP, re-implemented from the abstract of Song and Cho, *Leveraging CLIP Encoder for Multimodal Emotion "
    "Recognition*, WACV 2025 (arXiv 2506.00903). Dimensions, losses, prompts and data are this project's own. The card "
    "claims neither to reproduce the paper's figures nor to compare with them.",
    "",
    "It reads the words, the voice and the face of an utterance, any subset of them, and scores labels that are given "
    "as words. What it gives are expression cues: how an expression would be labelled by people who see or hear it. It "
    "does not know what somebody feels.",
    "",
]

MADE_OF = [
    "## Made of",
    "",
    "- Label encoder: all-MiniLM-L6-v2 (Apache-2.0) as published. Text tower: a tuned copy of its layers.",
    "- Voice: log-mel inside the graph, residual convolutions, two transformer layers; trained from scratch.",
    "- Face: small residual network on grey crops; trained from scratch.",
    "- Decoder: label queries read text, voice and face one after the other; the score of a label is the scaled cosine "
    "between its refined query and its embedding.",
    "",
]

NEVER_ONE_PERSON = (
    "**In no data set here do one person's words, voice and face go together.** Fusion was learned from composed "
    "clips: rows of different data sets, paired because their labels agree (or, in a part of them, on purpose "
    "disagree). How words, voice and face of one person relate in time was never seen."
)

VOICES = {
    "open": "The voice data is mostly bursts without words, and a little acted German: tone of voice in everyday "
    "English speech was never seen.",
    "research": "The voice data is acted (English, Polish, German, Danish) or bursts without words: tone of voice in "
    "everyday speech was never seen.",
}

USES = [
    "## Meant for",
    "",
    "Giving people who agreed to it a hint about how an utterance comes across: personal training, research, "
    "accessibility, review of one's own calls.",
    "",
    "## Not meant for",
    "",
    "- Judging people at work, in hiring, in school, in court or by the police; inferring emotions at the workplace "
    "or in education is forbidden in the EU, but for medical or safety reasons (AI Act, article 5(1)(f)).",
    "- Diagnosis, lie detection, or any decision about a person.",
    "- Anyone who has not agreed, or who cannot see that the analysis runs.",
    "- Identifying people: it holds no such knowledge and must not be used to build it.",
    "",
]

NON_COMMERCIAL = (
    "- Commercial use of any kind: it was trained on data whose licences forbid it. The release `open` has no such "
    "limit."
)

LIMITS = [
    "## Limits",
    "",
    "- Words: trained on English only; other languages were not measured.",
    "- Labels of the data are what others saw, heard or read, or what actors were asked for; they differ between "
    "cultures and people. Age, skin tone and accent are unlabelled in all of the data, sex in most of it; where "
    "speakers are few, a difference between groups may be one between two persons. Faces collected from the web are "
    "not balanced.",
    "- FER+ faces are grey, 48 pixels wide, from pictures on the web; speech moves the mouth, and a speaking face may "
    "look more expressive than it is.",
    "- Labels given at run time that are far from anything in the training data (see `merclip/concepts.py`) are "
    "guesses by the meaning of the words.",
    "",
]
