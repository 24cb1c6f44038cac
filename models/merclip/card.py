"""CARD.md of a release. Every figure in it is computed by ``python -m merclip.export`` when the release is made;
``python -m merclip.evaluate`` prints the same ones again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .data.sources import Sources
from .speed import BUDGET_MS

SOURCES = {
    "goemotions": ("GoEmotions (Demszky et al., ACL 2020)", "text", "Apache-2.0 / CC BY 4.0"),
    "xed": ("XED, English (Öhman et al., COLING 2020)", "text", "CC BY 4.0"),
    "emobank": ("EmoBank (Buechel and Hahn, EACL 2017), valence only", "text", "CC BY-SA 4.0"),
    "emogator": ("EmoGator (Buhl, 2022), non-verbal bursts", "audio", "Apache-2.0"),
    "emodb": ("EmoDB (Burkhardt et al., Interspeech 2005), German", "audio", "free to use, cite"),
    "ferplus": ("FER+ (Barsoum et al., ICMI 2016)", "vision", "labels MIT; pictures collected from the web"),
}

GRAPHS = ("text", "audio", "vision", "fusion")

VIEW_NAMES = {
    "native": "its own labels",
    "big6": "big6 + neutral",
    "big6, unseen words": "big6, in words never trained",
    "meeting": "meeting",
}


def percent(value: float) -> str:
    return f"{100.0 * value:.1f}"


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _data_table(sources: Sources) -> list[str]:
    lines = [_row("data", "modality", "rows: train / val / test", "licence"), "|---|---|---|---|"]
    for name, dataset in sources.datasets.items():
        title, modality, licence = SOURCES[name]
        counts = " / ".join(f"{len(dataset.rows(split)):,}" for split in ("train", "val", "test"))
        lines.append(_row(title, modality, counts, licence))
    return lines


def _single_table(figures: dict[str, Any]) -> list[str]:
    lines = [
        _row("data", "labels", "n", "accuracy", "UAR", "chance", "majority class", "ECE before", "ECE after"),
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, views in figures["tasks"].items():
        for view, values in views.items():
            if "uar" in values:
                lines.append(
                    _row(
                        name,
                        VIEW_NAMES[view],
                        values["n"],
                        percent(values["accuracy"]),
                        percent(values["uar"]),
                        percent(values["chance"]),
                        percent(values["majority"]),
                        f"{values['eceBefore']:.3f}",
                        f"{values['eceAfter']:.3f}",
                    )
                )
    return lines


def _multi_table(figures: dict[str, Any]) -> list[str]:
    lines = [
        _row("data", "n", "macro-F1", "threshold", "chance", "most frequent label", "ECE before", "ECE after"),
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, views in figures["tasks"].items():
        values = views.get("native", {})
        if "threshold" in values:
            lines.append(
                _row(
                    name,
                    values["n"],
                    f"{values['macroF1']:.3f}",
                    values["threshold"],
                    f"{values['chance']:.3f}",
                    f"{values['majority']:.3f}",
                    f"{values['eceBefore']:.3f}",
                    f"{values['eceAfter']:.3f}",
                )
            )
    return lines


def _sentiment_table(figures: dict[str, Any]) -> list[str]:
    lines = [_row("data", "n", "Pearson", "MAE", "MAE of the mean"), "|---|---|---|---|---|"]
    for name, views in figures["tasks"].items():
        values = views["sentiment"]
        lines.append(
            _row(name, values["n"], f"{values['pearson']:.3f}", f"{values['mae']:.3f}", f"{values['maeOfMean']:.3f}")
        )
    return lines


def _composed_table(figures: dict[str, Any]) -> list[str]:
    lines = [_row("what the model sees", "accuracy", "UAR", "ECE after"), "|---|---|---|---|"]
    for kept, values in figures["composed"].items():
        title = (
            "all three, but the voice is of another clip"
            if kept == "audio of another clip"
            else kept.replace("+", " + ").replace("vision", "face").replace("audio", "voice")
        )
        lines.append(_row(title, percent(values["accuracy"]), percent(values["uar"]), f"{values['eceAfter']:.3f}"))
    return lines


def _coverage_table(figures: dict[str, Any]) -> list[str]:
    points = figures["coverage"]
    return [
        _row("share of clips kept", *(f"{percent(point['coverage'])} %" for point in points)),
        "|---" * (len(points) + 1) + "|",
        _row("accuracy", *(percent(point["accuracy"]) for point in points)),
    ]


def _figures(figures: dict[str, Any]) -> list[str]:
    split = {"val": "Validation", "test": "Test"}[figures["split"]]
    composed = figures["composed"]["text+audio+vision"]
    return [
        f"## {split} split",
        "",
        "### One label out of several",
        "",
        "Percent. UAR: unweighted average recall. ECE: expected calibration error, 15 bins, before and after the "
        "temperature of the label set.",
        "",
        *_single_table(figures),
        "",
        "### Several labels at once",
        "",
        *_multi_table(figures),
        "",
        "### Sentiment (-3..3)",
        "",
        "Only EmoBank has values of its own (stretched from its 1-5 scale); for the others the truth is made from the "
        "emotion labels by the table in `merclip/concepts.py`.",
        "",
        *_sentiment_table(figures),
        "",
        "### Composed clips",
        "",
        f"{composed['n']} clips, big6 + neutral, classes drawn evenly (chance {percent(composed['chance'])} %): a "
        "sentence, a voice and a face of different people, put together because their labels agree. This measures "
        "whether fusion uses what each modality says. It is no measure of real people in a call.",
        "",
        *_composed_table(figures),
        "",
        "Accuracy of the most confident clips:",
        "",
        *_coverage_table(figures),
        "",
    ]


def render(
    manifest: dict[str, Any],
    sources: Sources,
    figures: list[dict[str, Any]],
    measured: dict[str, float],
    speed: dict[str, float],
) -> str:
    """The card as Markdown; ``figures`` are results of evaluate(), one a split."""
    held = {name: len(rows) for name, rows in sources.held_rows.items()}
    lines = [
        f"# {manifest['id']} {manifest['version']}",
        "",
        f"Licence of the weights: {manifest['licence']}. Tier: {manifest['tier']}.",
        "",
        "MER-CLIP, re-implemented from the abstract of Song and Cho, *Leveraging CLIP Encoder for Multimodal Emotion "
        "Recognition*, WACV 2025 (arXiv 2506.00903). Dimensions, losses, prompts and data are this project's own. The "
        "card claims neither to reproduce the paper's figures nor to compare with them.",
        "",
        "It reads the words, the voice and the face of an utterance, any subset of them, and scores labels that are "
        "given as words. What it gives are expression cues: how an expression would be labelled by people who see or "
        "hear it. It does not know what somebody feels.",
        "",
        "## Made of",
        "",
        "- Text tower and label encoder: all-MiniLM-L6-v2 (Apache-2.0), its last layers tuned in a copy for words, "
        "left as published for labels; int8 weights.",
        "- Voice: log-mel inside the graph, residual convolutions, two transformer layers; trained from scratch.",
        "- Face: small residual network on grey crops; trained from scratch.",
        "- Decoder: label queries read text, voice and face one after the other; the score of a label is the scaled "
        "cosine between its refined query and its embedding.",
        "",
        "## Trained on",
        "",
        *_data_table(sources),
        "",
        "Splits are by speaker where there are speakers; test rows took no part in training, selection or calibration. "
        f"Of the training rows, {sum(held.values()):,} in whole groups were kept from the towers and used only to "
        "teach the decoder.",
        "",
        "**There is no open data set in which one person's words, voice and face go together.** Fusion was learned "
        "from composed clips: rows of different data sets, paired because their labels agree (or, in a fifth of them, "
        "on purpose disagree). How words, voice and face of one person relate in time was never seen. The voice data "
        "is mostly non-verbal bursts, and a little acted German: tone of voice in "
        "everyday English speech was never seen.",
        "",
    ]
    for one in figures:
        lines += _figures(one)
    lines += [
        "## Size and speed",
        "",
        f"The four graphs take {measured['graphBytes'] / 1e6:.1f} MB. Median on one thread of the machine that made "
        "the release:",
        "",
        _row("", "ms", "budget"),
        "|---|---|---|",
        *(_row(name, f"{ms:.1f}", f"{BUDGET_MS[name]:.0f}") for name, ms in speed.items()),
        "",
        "Weights of linear layers and word embeddings are kept in int8, arithmetic is fp32. Against fp32 weights: mean "
        f"cosine {measured['textTokensInt8Cosine']:.4f} of text tokens, "
        f"{measured['textPooledInt8Cosine']:.4f} of label embeddings; the largest change of a logit on random input "
        f"is {measured['logitsInt8MaxDiff']:.3f}. Exported "
        f"graphs against torch: largest difference {max(measured[f'{g}MaxDiff'] for g in GRAPHS):.1e}.",
        "",
        "## Calibration",
        "",
        "One temperature per label set, fitted on validation rows of each modality and on composed clips. Because one "
        "temperature serves all modalities, a single one may still be over- or under-confident: the tables show it. "
        "`threshold` in the manifest is, for sets of one choice, the confidence that nine in ten validation readings "
        "reach (below it an event abstains); for multi-label sets, the score from which a label counts.",
        "",
        _row("label set", "kind", "temperature", "threshold"),
        "|---|---|---|---|",
        *(
            _row(entry["id"], entry["kind"], entry["temperature"], entry["threshold"])
            for entry in manifest["labelSets"]
        ),
        _row("given at run time", "single", manifest["custom"]["temperature"], manifest["custom"]["threshold"]),
        "",
        "## Meant for",
        "",
        "Giving people who agreed to it a hint about how an utterance comes across: personal training, research, "
        "accessibility, review of one's own calls.",
        "",
        "## Not meant for",
        "",
        "- Judging people at work, in hiring, in school, in court or by the police; inferring emotions at "
        "the workplace or in education is forbidden in the EU, but for medical or safety reasons (AI Act, "
        "article 5(1)(f)).",
        "- Diagnosis, lie detection, or any decision about a person.",
        "- Anyone who has not agreed, or who cannot see that the analysis runs.",
        "- Identifying people: it holds no such knowledge and must not be used to build it.",
        "",
        "## Limits",
        "",
        "- Words: trained on English only; other languages were not measured.",
        "- Labels of the data are what others saw, heard or read, or what actors were asked for; they differ between "
        "cultures and people. Age, sex, skin tone and accent are unlabelled in most of the data, so how errors differ "
        "between groups is not known. Faces collected from the web are not balanced.",
        "- FER+ faces are grey, 48 pixels wide, from pictures on the web; speech moves the mouth, and a "
        "speaking face may look more expressive than it is.",
        "- Labels given at run time that are far from anything in the training data (see `merclip/concepts.py`) are "
        "guesses by the meaning of the words.",
        "",
    ]
    return "\n".join(lines)


def write_card(
    path: Path,
    manifest: dict[str, Any],
    sources: Sources,
    figures: list[dict[str, Any]],
    measured: dict[str, float],
    speed: dict[str, float],
) -> None:
    path.write_text(render(manifest, sources, figures, measured, speed), encoding="utf-8")
