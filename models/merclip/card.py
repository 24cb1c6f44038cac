"""CARD.md of a release, drawn from the manifest and ``figures.json`` beside it, both written by ``merclip.export``.

``python -m merclip.card --weights open`` writes it again; ``python -m merclip.evaluate`` measures the same figures
again. ``--zero-shot FILE`` adds what ``merclip.zero_shot`` measured to a release that was exported without it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .card_text import INTRODUCTION, LIMITS, MADE_OF, NEVER_ONE_PERSON, NON_COMMERCIAL, USES, VOICES
from .figures import tables
from .figures.composed import CLIPS
from .figures.plots import write_plots
from .release_folder import release_folder
from .speed import BUDGET_MS

MAX_MB = 60


def _trained_on(manifest: dict[str, Any], figures: dict[str, Any]) -> list[str]:
    return [
        "## Trained on",
        "",
        *tables.data_table(figures["data"], figures["trainedOn"]),
        "Splits are by speaker where there are speakers; test rows took no part in training, selection or "
        f"calibration. Of the training rows, {figures['heldRows']:,} in whole groups were kept from the towers and "
        "used only to teach the decoder.",
        "",
        f"{NEVER_ONE_PERSON} {VOICES[manifest['tier']]}",
        "",
    ]


def _targets(manifest: dict[str, Any], figures: dict[str, Any]) -> list[str]:
    return [
        "## Against the targets",
        "",
        "Each is judged on the test split, or on validation rows where the data has no test rows here. Temperatures "
        "and thresholds are those of the manifest, fitted on validation rows. Tasks whose data the release did not "
        "learn from are transfer: it knows their labels by their meaning alone.",
        "",
        *tables.targets_table(figures["splits"], manifest["tier"]),
    ]


def _call(figures: dict[str, Any]) -> list[str]:
    call = figures["call"]
    return [
        "## As in a call",
        "",
        "The same rows as they are and as a call would give them. Voices: room, noise, gain, Opus at 16 to 32 kbit/s, "
        "lost packets. Faces: few pixels, blur, little light, a side out of sight. Words: no case, no punctuation, 8 "
        f"% of the words wrong. At most {call['rows']} rows a data set, split {call['split']}, mean of "
        f"{len(call['seeds'])} draws.",
        "",
        *tables.call_table(call),
    ]


def _split(split: dict[str, Any]) -> list[str]:
    title = {"val": "Validation", "test": "Test"}[split["split"]]
    lines = [
        f"## {title} split",
        "",
        "Data sets in italics took no part in training: figures of transfer.",
        "",
        "### One label out of several",
        "",
        "Percent. UAR: unweighted average recall. ECE: expected calibration error, 15 bins, before and after the "
        "temperature of the label set.",
        "",
        *tables.single_table(split),
        "### Several labels at once",
        "",
        "Each label counts from its own threshold, fitted on validation rows.",
        "",
        *tables.multi_table(split),
        "### Sentiment (-3..3)",
        "",
        "The expectation over seven labels, by the protocol of MOSI. MOSI, MELD (three classes) and EmoBank "
        "(stretched from its 1-5 scale) have values of their own; for the others the truth is made from the emotion "
        "labels by the table in `merclip/concepts.py`.",
        "",
        *tables.sentiment_table(split),
        "### Valence, arousal, dominance (0..1)",
        "",
        "Pearson / mean error. EmoBank and EmoTale have ratings of their own; for the others the truth is made from "
        "the emotion labels.",
        "",
        *tables.dimensions_table(split),
    ]
    if not split["composed"]:
        return lines
    whole = split["composed"]["text+audio+vision"]
    return [
        *lines,
        "### Composed clips: does fusion pay?",
        "",
        f"{CLIPS:,} clips, big6 + neutral, classes drawn evenly (chance {tables.percent(whole['chance'])} %): a "
        "sentence, a voice and a face of different held-out people, put together because their labels agree. This "
        "measures whether fusion uses what each modality says. It is no measure of real people in a call.",
        "",
        *tables.composed_table(split["composed"]),
        *tables.fusion_lines(split["fusion"]),
        "Accuracy of the most confident clips:",
        "",
        *tables.coverage_table(split["coverage"]),
    ]


def _zero_shot(figures: dict[str, Any]) -> list[str]:
    zero = figures.get("zeroShot")
    if zero is None:
        return []
    return [
        "## Labels that were never learned",
        "",
        "A model trained for this alone, on open data and without the labels "
        f"{', '.join(zero['labels'])} of GoEmotions: they were taken off its rows and out of its "
        "label sets (`configs/zero-shot.yaml`). F1 on the "
        f"{zero['split']} split, thresholds fitted on validation rows for all ways alike.",
        "",
        *tables.zero_shot_table(zero),
        f"The model reaches {zero['ratio']:.2f} times what the label encoder reaches by itself with the same prompts, "
        f"and {zero['ratioToBest']:.2f} times what it reaches with the phrasing that suits it best on validation rows "
        f"(target: 1.5): {tables.verdict(zero['ratio'] >= 1.5)}.",
        "",
    ]


def _calibration(manifest: dict[str, Any], figures: dict[str, Any], plots: dict[str, str]) -> list[str]:
    last = figures["splits"][-1]
    rows: list[list[object]] = [
        [one["id"], one["kind"], one["temperature"], _threshold(one)] for one in manifest["labelSets"]
    ]
    custom = manifest["custom"]
    rows.append(["given at run time", "single", custom["temperature"], custom["threshold"]])
    return [
        "## Calibration and abstention",
        "",
        "One temperature per label set, fitted on validation rows of each modality and on composed clips. Because one "
        "temperature serves all modalities, a single one may still be over- or under-confident: the tables show it. "
        "For sets of one choice the threshold is the confidence that nine in ten validation readings reach, below it "
        "an event abstains; for sets of several, each label counts from its own, and an event abstains when none does.",
        "",
        *tables.table(["label set", "kind", "temperature", "threshold"], rows),
        f"On the {last['split']} split:",
        "",
        *tables.abstention_table(last["reliability"]),
        f"![Reliability per label set, before and after]({plots['reliability']})",
        "",
        f"![Accuracy of the most confident share]({plots['coverage']})",
        "",
    ]


def _threshold(entry: dict[str, Any]) -> str:
    each = [label["threshold"] for label in entry["labels"] if "threshold" in label]
    if entry["kind"] == "dimensional":
        return ""
    return f"{min(each):.2f} to {max(each):.2f}" if each else str(entry["threshold"])


def _size_and_speed(figures: dict[str, Any]) -> list[str]:
    export, speed = figures["export"], figures["speed"]
    size = export["graphBytes"] / 1e6
    lines = [
        "## Size and speed",
        "",
        f"All graphs together take {size:.1f} MB (at most {MAX_MB}). Median on one thread of the machine that made the "
        "release; `npm run bench -- model` measures it in the product's own runtime:",
        "",
        *tables.table(
            ["", "ms", "budget", ""],
            [
                [name, f"{ms:.1f}", f"{BUDGET_MS[name]:.0f}", tables.verdict(ms <= BUDGET_MS[name])]
                for name, ms in speed.items()
            ],
        ),
        "Weights are kept in int8, one scale an output; arithmetic is fp32. Mean cosine with fp32: "
        f"{export['textTokensInt8Cosine']:.4f} of text tokens, {export['labelInt8Cosine']:.4f} of label embeddings; "
        f"the largest change of a logit on random input is {export['logitsInt8MaxDiff']:.3f}.",
        "",
    ]
    fp32 = figures.get("fp32")
    if fp32 is not None:
        lines += [
            f"The same figures through torch in fp32 and through the exported graphs, at most {fp32['rows']} "
            "validation rows a data set:",
            "",
            *tables.int8_table(fp32),
        ]
    return lines


def render(manifest: dict[str, Any], figures: dict[str, Any], plots: dict[str, str]) -> str:
    """The card as Markdown. ``figures``: what ``figures.json`` holds. ``plots``: file names."""
    uses = USES if manifest["tier"] == "open" else [*USES[:-1], NON_COMMERCIAL, ""]
    lines = [
        f"# {manifest['id']} {manifest['version']}",
        "",
        f"Licence of the weights: {manifest['licence']}. Tier: {manifest['tier']}.",
        "",
        *INTRODUCTION,
        *uses,
        *MADE_OF,
        *_trained_on(manifest, figures),
        *_targets(manifest, figures),
        *_call(figures),
        "## By group",
        "",
        "Where the data names one, in the data's own labels. Few speakers stand behind each line.",
        "",
        *tables.groups_table(figures["splits"]),
        *_zero_shot(figures),
        *_size_and_speed(figures),
        *_calibration(manifest, figures, plots),
    ]
    for split in figures["splits"]:
        lines += _split(split)
    return "\n".join([*lines, *LIMITS])


def add_zero_shot(folder: Path, measured: Path) -> None:
    """Puts what ``merclip.zero_shot --json`` printed into a release's figures. Raises ValueError for anything else."""
    zero = json.loads(measured.read_text(encoding="utf-8"))
    if not isinstance(zero, dict) or not {"labels", "split", "ratio", "ratioToBest"} <= zero.keys():
        raise ValueError(f"--zero-shot {measured}: not what merclip.zero_shot --json prints")
    path = folder / "figures.json"
    figures = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**figures, "zeroShot": zero}, ensure_ascii=False) + "\n", encoding="utf-8")


def write_card(folder: Path) -> None:
    """Writes CARD.md and its plots into a folder that holds manifest.json and figures.json."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    plots = write_plots(folder, figures["splits"][-1]["reliability"])
    (folder / "CARD.md").write_text(render(manifest, figures, plots), encoding="utf-8")


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="merclip.card", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weights", required=True, help="a release by name (open, research) or its folder")
    parser.add_argument("--zero-shot", type=Path, help="what merclip.zero_shot --json printed")
    args = parser.parse_args(argv)
    try:
        folder = release_folder(args.weights)
        if args.zero_shot is not None:
            add_zero_shot(folder, args.zero_shot)
        write_card(folder)
    except (FileNotFoundError, ValueError) as error:
        sys.exit(f"merclip.card: {error}")


if __name__ == "__main__":
    main()
