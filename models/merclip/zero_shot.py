"""Zero-shot: labels that training never saw, against what the label encoder makes of them by itself.

``python -m merclip.zero_shot --config configs/zero-shot.yaml --run RUN --data DIR [--split test] [--json]``

RUN holds a run trained with ``heldOutLabels``: those labels were taken off all rows and out of all label sets. Here the
text tower alone and the decoder on it score them among all labels of GoEmotions; beside them stands the plain label
encoder, which compares the sentence vector of a text with that of each prompt. Thresholds of each way are fitted on
validation rows, per label, by the same rule."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .checkpoint import load_model
from .concepts import WORDINGS, concept_of
from .config import load_config
from .data import goemotions
from .data.dataset import DataSet
from .encode import RowEncoder
from .figures.measured import rounded
from .label_encoder import LabelEncoder
from .label_sets import GOEMOTIONS, PROMPT, TEMPLATES, prompt_for
from .metrics import f1
from .model import MerClip, build

WAYS = {
    "decoder": "text tower and decoder",
    "tower": "text tower alone",
    "own": "label encoder by itself",
    "ownBest": "label encoder by itself, best phrasing",
}
CUTS = 200  # thresholds that are tried


def best_threshold(scores: np.ndarray, truth: np.ndarray) -> float:
    """The threshold of best F1 among quantiles of the scores [N] that leave at most half of the rows."""
    cuts = np.quantile(scores, 1.0 - np.geomspace(0.5, 1.0 / len(scores), CUTS))
    return float(cuts[int(np.argmax([f1(truth, scores >= cut) for cut in cuts]))])


def per_label_f1(
    val: tuple[np.ndarray, np.ndarray], test: tuple[np.ndarray, np.ndarray], columns: list[int]
) -> list[float]:
    """Scores and truth [N,K] of two splits -> F1 on the second of each column, at the threshold of the first."""
    return [f1(test[1][:, k], test[0][:, k] >= best_threshold(val[0][:, k], val[1][:, k])) for k in columns]


@torch.no_grad()
def model_scores(
    model: MerClip, labels: LabelEncoder, dataset: DataSet, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Logits [n,28] by the decoder and by the tower's own head."""
    encoder = RowEncoder(model, labels.tokenizer, 0)
    embedded = labels.encode_set(GOEMOTIONS)
    head, placed = model.heads["text"], model.fusion.labels(embedded)
    decoder, tower = np.zeros((2, len(rows), len(embedded)), dtype=np.float32)
    for part in by_length(dataset, rows):
        tokens, mask, _, _ = encoder(dataset, rows[part], augment=False)
        decoder[part] = model.fuse({"text": (tokens, mask)}, embedded).numpy()
        tower[part] = head(head.pool(tokens, mask), placed).numpy()
    return decoder, tower


def by_length(dataset: DataSet, rows: np.ndarray, size: int = 64) -> list[np.ndarray]:
    """Places in ``rows``, in batches of texts of like length."""
    order = np.argsort([len(dataset.payload[row]) for row in rows], kind="stable")
    return [order[start : start + size] for start in range(0, len(order), size)]


@torch.no_grad()
def own_scores(labels: LabelEncoder, dataset: DataSet, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Cosines [n,28] of the label encoder's vector of a text with that of each label, by phrasing."""
    vectors = np.zeros((len(rows), labels.encode([PROMPT]).shape[1]), dtype=np.float32)
    for part in by_length(dataset, rows):
        ids, mask = labels.tokenizer.batch([dataset.payload[row] for row in rows[part]])
        vectors[part] = labels.tower.pooled(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
    return {
        template: vectors
        @ labels.encode([prompt_for(WORDINGS[concept][0], template) for concept in GOEMOTIONS.concepts]).numpy().T
        for template in TEMPLATES
    }


def zero_shot(
    model: MerClip, labels: LabelEncoder, dataset: DataSet, held_out: list[str], split: str, limit: int | None = None
) -> dict[str, Any]:
    """F1 per held-out label and their mean for each of WAYS, on a split of GoEmotions."""
    gone = [concept_of(name) for name in held_out]
    columns = [GOEMOTIONS.concepts.index(concept) for concept in gone]
    found: dict[str, Any] = {}
    for name in ("val", split):
        rows = dataset.rows(name)[:limit]
        truth = np.array([[c in dataset.concepts[row] for c in GOEMOTIONS.concepts] for row in rows])
        decoder, tower = model_scores(model, labels, dataset, rows)
        found[name] = (decoder, tower, own_scores(labels, dataset, rows), truth)

    def measure(of_val: np.ndarray, of_split: np.ndarray) -> dict[str, Any]:
        each = per_label_f1((of_val, found["val"][3]), (of_split, found[split][3]), columns)
        return {"macroF1": float(np.mean(each)), "perLabel": dict(zip(held_out, each, strict=True))}

    val_own, split_own = found["val"][2], found[split][2]
    best = max(TEMPLATES, key=lambda template: measure_on_val(val_own[template], found["val"][3], columns))
    ways = {
        "decoder": measure(found["val"][0], found[split][0]),
        "tower": measure(found["val"][1], found[split][1]),
        "own": measure(val_own[PROMPT], split_own[PROMPT]),
        "ownBest": measure(val_own[best], split_own[best]),
    }
    return {
        "split": split,
        "n": len(found[split][3]),
        "labels": held_out,
        "ways": WAYS,
        "bestPhrasing": best,
        **ways,
        "ratio": ways["decoder"]["macroF1"] / max(ways["own"]["macroF1"], 1e-9),
        "ratioToBest": ways["decoder"]["macroF1"] / max(ways["ownBest"]["macroF1"], 1e-9),
    }


def measure_on_val(scores: np.ndarray, truth: np.ndarray, columns: list[int]) -> float:
    return float(np.mean(per_label_f1((scores, truth), (scores, truth), columns)))


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="merclip.zero_shot", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--config", type=Path, required=True, help="a configuration with heldOutLabels")
    parser.add_argument("--run", type=Path, required=True, help="folder of the run, with merclip.pt")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=("val", "test"), default="test")
    parser.add_argument("--minilm", type=Path)
    parser.add_argument("--limit", type=int, help="at most so many rows a split")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout, as merclip.export reads it")
    args = parser.parse_args(argv)
    torch.set_num_threads(1)
    config = load_config(args.config)
    held_out = config.get("heldOutLabels")
    if not held_out:
        sys.exit(f"merclip.zero_shot: {args.config}: 'heldOutLabels' is missing; it names labels of GoEmotions")
    unknown = sorted(set(held_out) - set(GOEMOTIONS.names))
    if unknown:
        sys.exit(f"merclip.zero_shot: {args.config}: heldOutLabels names {unknown}; allowed are {GOEMOTIONS.names}")
    model, labels = build(config, args.minilm)
    load_model(args.run / "merclip.pt", model)
    model.eval()
    result = rounded(zero_shot(model, labels, goemotions.load(args.data), held_out, args.split, args.limit))
    if args.json:
        print(json.dumps(result, indent=2))
        return
    for way, title in WAYS.items():
        each = "  ".join(f"{label} {value:.3f}" for label, value in result[way]["perLabel"].items())
        print(f"{title:40s} macro-F1 {result[way]['macroF1']:.3f}  {each}")
    print(f"ratio {result['ratio']:.2f}, to the best phrasing {result['ratioToBest']:.2f}")


if __name__ == "__main__":
    main()
