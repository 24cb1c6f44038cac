"""Figures as Markdown tables."""

from __future__ import annotations

from typing import Any

from .data_notes import DATA
from .protocol import HALF_A_POINT, ITEMS, POINTS

VIEW_NAMES = {
    "native": "its own labels",
    "native, alone": "its own labels, without earlier turns",
    "native, absolute majority": "its own labels, where more than half of the votes agree",
    "big6": "big6 + neutral",
    "big6, unseen words": "big6, in words never trained",
    "meeting": "meeting",
}


def percent(value: float) -> str:
    return f"{100.0 * value:.1f}"


def three(value: float) -> str:
    return f"{value:.3f}"


def table(head: list[str], rows: list[list[object]]) -> list[str]:
    """Lines of a table, a blank one behind it; without rows it says so."""
    if not rows:
        return ["Nothing was measured here.", ""]
    lines = [head, ["---"] * len(head), *rows]
    return [*("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines), ""]


def verdict(reached: bool | None) -> str:
    return {True: "reached", False: "**not reached**", None: "reported"}[reached]


def name_of(dataset: str, figures: dict[str, Any]) -> str:
    """A data set's name; in italics where the release did not learn from it."""
    return dataset if figures["trained"] else f"_{dataset}_"


def _views(split: dict[str, Any], key: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(name, view, figures) of all views whose figures have a key."""
    return [
        (name_of(name, views), view, values)
        for name, views in split["tasks"].items()
        for view, values in views.items()
        if isinstance(values, dict) and key in values
    ]


def data_table(counts: dict[str, dict[str, int]], names: list[str]) -> list[str]:
    rows: list[list[object]] = [
        [
            DATA[name].title,
            DATA[name].modality,
            DATA[name].language,
            " / ".join(f"{counts[name][split]:,}" for split in ("train", "val", "test")),
            DATA[name].licence,
        ]
        for name in names
    ]
    return table(["data", "modality", "language", "rows: train / val / test", "licence"], rows)


def targets_table(splits: list[dict[str, Any]], tier: str) -> list[str]:
    """Every item of the protocol over the splits, against what it has to reach; judged on the last split it has."""
    rows: list[list[object]] = []
    for item in ITEMS:
        values = [split["protocol"].get(item.title) for split in splits]
        last = next((value for value in reversed(values) if value is not None), None)
        if last is None:
            continue
        target = item.target(tier)
        rows.append(
            [
                item.title,
                *("" if value is None else three(value) for value in values),
                "" if target is None else f"{'at most' if item.low else 'at least'} {target:g}",
                verdict(item.reached(tier, last)),
            ]
        )
    return table(["task", *(split["split"] for split in splits), "target", ""], rows)


def single_table(split: dict[str, Any]) -> list[str]:
    rows: list[list[object]] = [
        [
            name,
            VIEW_NAMES[view],
            values["n"],
            *(percent(values[key]) for key in ("accuracy", "uar", "weightedF1", "macroF1", "chance", "majority")),
            three(values["eceBefore"]),
            three(values["eceAfter"]),
        ]
        for name, view, values in _views(split, "uar")
    ]
    head = ["data", "labels", "n", "accuracy", "UAR", "weighted F1", "macro-F1", "chance", "majority class"]
    return table([*head, "ECE before", "ECE after"], rows)


def multi_table(split: dict[str, Any]) -> list[str]:
    rows: list[list[object]] = [
        [name, values["n"], *(three(values[k]) for k in ("macroF1", "chance", "majority", "eceBefore", "eceAfter"))]
        for name, view, values in _views(split, "macroF1")
        if "uar" not in values
    ]
    return table(["data", "n", "macro-F1", "chance", "most frequent label", "ECE before", "ECE after"], rows)


def sentiment_table(split: dict[str, Any]) -> list[str]:
    keys = ("pearson", "mae", "maeOfMean", "acc7", "acc5", "has0Acc2", "non0Acc2", "non0F1")
    rows: list[list[object]] = [
        [name, values["n"], *(three(values[key]) if key in values else "" for key in keys)]
        for name, _, values in _views(split, "acc7")
    ]
    head = ["data", "n", "Pearson", "MAE", "MAE of the mean", "Acc-7", "Acc-5", "Acc-2, zero positive"]
    return table([*head, "Acc-2, no zeros", "F1, no zeros"], rows)


def dimensions_table(split: dict[str, Any]) -> list[str]:
    rows: list[list[object]] = [
        [name, values["n"], *(f"{values[d]['pearson']:.3f} / {values[d]['mae']:.3f}" for d in values if d != "n")]
        for name, _, values in _views(split, "valence")
    ]
    return table(["data", "n", "valence", "arousal", "dominance"], rows)


def groups_table(splits: list[dict[str, Any]]) -> list[str]:
    rows: list[list[object]] = [
        [
            one["data"],
            one["kind"],
            one["group"],
            split["split"],
            one["n"],
            percent(one["accuracy"]),
            percent(one["uar"]),
        ]
        for split in splits
        for one in split["groups"]
    ]
    return table(["data", "", "group", "split", "n", "accuracy", "UAR"], rows)


def composed_table(composed: dict[str, Any]) -> list[str]:
    def title(kept: str) -> str:
        if kept == "audio of another clip":
            return "all three, but the voice is of another clip"
        if kept.endswith(" contradicting"):
            return f"all three, but the {spoken(kept.removesuffix(' contradicting'))} contradicts"
        return " + ".join(spoken(modality) for modality in kept.split("+"))

    rows: list[list[object]] = [
        [title(kept), percent(v["accuracy"]), percent(v["uar"]), three(v["eceAfter"])] for kept, v in composed.items()
    ]
    return table(["what the model sees", "accuracy", "UAR", "ECE after"], rows)


def spoken(modality: str) -> str:
    return {"text": "text", "audio": "voice", "vision": "face"}[modality]


def fusion_lines(fusion: dict[str, Any]) -> list[str]:
    """What the composed clips say, in words."""
    costs = ", ".join(
        f"{spoken(m)} {percent(one['contradicting'])} against {percent(one['fallback'])}"
        for m, one in fusion["contradicting"].items()
    )
    independent = ", ".join(f"{spoken(m)} {percent(one['independent'])}" for m, one in fusion["contradicting"].items())
    return [
        f"- All three are {percent(fusion['gain'])} points better than the {spoken(fusion['best'])} alone, the best "
        f"one (target: at least {percent(0.05)}): {verdict(fusion['gainReached'])}.",
        f"- A modality that contradicts, against leaving it out and falling back to the other two: {costs} "
        f"(target: no worse): {verdict(fusion['contradictingReached'])}. Leaving it out takes somebody who "
        "says which one it is; nobody does. The best reading of three independent witnesses of whom one, it is not "
        f"said which, contradicts, would be right in: {independent}.",
        "- A modality that is missing leaves the other two as they are: its mask hides it, so falling back is what "
        "happens.",
        "",
    ]


def coverage_table(points: list[dict[str, float]]) -> list[str]:
    return table(
        ["share of clips kept", *(f"{percent(point['coverage'])} %" for point in points)],
        [["accuracy", *(percent(point["accuracy"]) for point in points)]],
    )


def abstention_table(reliability: dict[str, Any]) -> list[str]:
    rows: list[list[object]] = [
        [
            name,
            values["n"],
            three(values["before"]["ece"]),
            three(values["after"]["ece"]),
            percent(values["kept"]),
            percent(values["coverage"][0]["accuracy"]) if "coverage" in values else "",
            percent(values["accuracyKept"]) if "accuracyKept" in values else "",
        ]
        for name, values in reliability.items()
    ]
    head = ["label set", "n", "ECE before", "ECE after", "kept, %", "accuracy of all", "accuracy of what is kept"]
    return table(head, rows)


def compared_table(
    before: dict[str, float], after: dict[str, float], names: tuple[str, str], allowed: float
) -> list[str]:
    """Two measurements of the same rows; what is lost is told in points."""
    rows: list[list[object]] = []
    for item in ITEMS:
        if item.title in before and item.title in after:
            loss = item.loss(before[item.title], after[item.title])
            rows.append(
                [
                    item.title,
                    three(before[item.title]),
                    three(after[item.title]),
                    f"{100.0 * loss:+.1f}",
                    verdict(round(loss, 4) <= allowed),
                ]
            )
    return table(["task", *names, "lost, points", f"at most {100.0 * allowed:g}"], rows)


def call_table(call: dict[str, Any]) -> list[str]:
    return compared_table(call["clean"], call["inACall"], ("as it is", "as in a call"), POINTS)


def int8_table(fp32: dict[str, Any]) -> list[str]:
    return compared_table(fp32["fp32"], fp32["int8"], ("fp32, torch", "int8 weights, onnxruntime"), HALF_A_POINT)


def zero_shot_table(zero: dict[str, Any]) -> list[str]:
    rows: list[list[object]] = [
        [label, *(three(zero[way]["perLabel"][label]) for way in zero["ways"])] for label in zero["labels"]
    ]
    rows.append(["**macro-F1**", *(three(zero[way]["macroF1"]) for way in zero["ways"])])
    return table(["label", *(zero["ways"][way] for way in zero["ways"])], rows)
