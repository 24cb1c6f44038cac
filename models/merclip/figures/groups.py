"""Figures per group, where the data names one: the sex that its tables give for a speaker, and the language."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data.dataset import DataSet
from .features import SplitFeatures
from .tasks import view_figures

EMODB_MALE = {"03", "10", "11", "12", "15"}  # the other five speakers are female (the data's own table)


def sexes(dataset: DataSet) -> np.ndarray | None:
    """Per row what the data says of the speaker, or None where it says nothing."""
    number = [str(group).rsplit("-", 1)[-1] for group in dataset.group]
    if dataset.name == "ravdess":
        return np.array(["male" if int(n) % 2 else "female" for n in number])
    if dataset.name == "emodb":
        return np.array(["male" if n in EMODB_MALE else "female" for n in number])
    return None


def group_figures(features: SplitFeatures, manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """One entry a data set, kind of group and group: how many rows, accuracy and unweighted average recall in the
    data's own labels."""
    found = []
    for name, dataset in features.sources.datasets.items():
        view = features.sources.views[name].get("native")
        if dataset.modality != "audio" or view is None:
            continue
        rows = features.valid_rows(name, view)
        for kind, groups in (("sex", sexes(dataset)), ("language", dataset.languages)):
            for group in [] if groups is None else np.unique(groups[rows]):
                figures = view_figures(features, manifest, name, view, among=groups[rows] == group)
                found.append(
                    {
                        "data": name,
                        "kind": kind,
                        "group": str(group),
                        **{k: figures[k] for k in ("n", "accuracy", "uar")},
                    }
                )
    return found
