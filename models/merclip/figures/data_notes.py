"""What the data sets are, for people who read a card."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DataNote:
    title: str
    modality: str
    licence: str
    language: str


DATA = {
    "goemotions": DataNote("GoEmotions (Demszky et al., ACL 2020)", "text", "Apache-2.0 / CC BY 4.0", "English"),
    "xed": DataNote("XED (Öhman et al., COLING 2020)", "text", "CC BY 4.0", "English"),
    "emobank": DataNote("EmoBank (Buechel and Hahn, EACL 2017)", "text", "CC BY-SA 4.0", "English"),
    "emogator": DataNote("EmoGator (Buhl, 2022), bursts without words", "audio", "Apache-2.0", "none"),
    "emodb": DataNote("EmoDB (Burkhardt et al., Interspeech 2005)", "audio", "free to use, cite", "German"),
    "ferplus": DataNote(
        "FER+ (Barsoum et al., ICMI 2016)", "vision", "labels MIT; pictures collected from the web", "none"
    ),
    "ravdess": DataNote("RAVDESS (Livingstone and Russo, PLoS ONE 2018)", "audio", "CC BY-NC-SA 4.0", "English"),
    "nemo": DataNote("nEMO (Christop, LREC-COLING 2024)", "audio", "CC BY-NC-SA 4.0", "Polish"),
    "emotale": DataNote("EmoTale", "audio", "unclear: research only", "Danish, English"),
    "meld": DataNote(
        "MELD (Poria et al., ACL 2019), words", "text", "GPL-3.0 / film scripts: research only", "English"
    ),
    "emocontext": DataNote("EmoContext (Chatterjee et al., SemEval 2019)", "text", "unclear: research only", "English"),
    "tweeteval_emotion": DataNote(
        "TweetEval, emotion (Mohammad et al., SemEval 2018)", "text", "Twitter's rules: research only", "English"
    ),
    "mosi": DataNote("CMU-MOSI (Zadeh et al., 2016), transcripts", "text", "research only", "English"),
}
