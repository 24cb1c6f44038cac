"""Labels held out of training whole, to measure what the model makes of labels that it never learned."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import numpy as np

from ..concepts import concept_of
from ..label_sets import LabelSet
from .dataset import DataSet


def without(labels: LabelSet, held_out: Collection[str]) -> LabelSet:
    """A label set without the labels that stand for held-out ones."""
    gone = {concept_of(name) for name in held_out}
    return dataclasses.replace(labels, labels=tuple(label for label in labels.labels if label.concept not in gone))


def without_labels(dataset: DataSet, held_out: Collection[str]) -> DataSet:
    """A data set in which held-out labels never were: neither on a row nor among the choices. Rows that had no other
    label are left out; a data set without labels stays as it is."""
    gone = {concept_of(name) for name in held_out}
    if dataset.native is None:
        return dataset
    concepts = [{c: w for c, w in row.items() if c not in gone} for row in dataset.concepts]
    rows = np.array([row for row, left in enumerate(concepts) if left or not dataset.concepts[row]], dtype=np.int64)

    def kept(values: np.ndarray | None) -> np.ndarray | None:
        return None if values is None else values[rows]

    payload = dataset.payload
    return dataclasses.replace(
        dataset,
        payload=payload[rows] if isinstance(payload, np.ndarray) else [payload[row] for row in rows],
        split=dataset.split[rows],
        concepts=[concepts[row] for row in rows],
        native=without(dataset.native, held_out),
        group=dataset.group[rows],
        sentiment=kept(dataset.sentiment),
        dimensions=kept(dataset.dimensions),
        languages=kept(dataset.languages),
        agreed=kept(dataset.agreed),
    )
