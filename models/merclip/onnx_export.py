"""Graphs to ONNX, each checked against torch as it is written."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from .graphs import GraphSpec, graph_specs
from .model import MerClip

OPSET = 17
TOLERANCE = 2e-3  # max abs difference between torch and ONNX


def session(path: Path, threads: int = 1) -> onnxruntime.InferenceSession:
    """A CPU session as the product opens it."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def write_graph(spec: GraphSpec, path: Path) -> float:
    """Writes one graph and returns the largest difference to torch. Raises ValueError above TOLERANCE."""
    module = spec.module.eval()
    example = tuple(spec.inputs.values())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # The tracing exporter: our graphs have no data-dependent control flow. Without folding, or int8 weights would
        # be written unfolded to fp32.
        torch.onnx.export(
            module,
            example,
            str(path),
            input_names=list(spec.inputs),
            output_names=list(spec.outputs),
            dynamic_axes=spec.axes,
            opset_version=OPSET,
            dynamo=False,
            do_constant_folding=False,
        )
    onnx.checker.check_model(str(path))
    with torch.no_grad():
        expected = module(*example)
    expected = expected if isinstance(expected, tuple) else (expected,)
    got = session(path).run(None, {name: tensor.numpy() for name, tensor in spec.inputs.items()})
    worst = max(float(np.abs(a.numpy().astype(np.float64) - b).max()) for a, b in zip(expected, got, strict=True))
    if worst > TOLERANCE:
        raise ValueError(f"{spec.name}: ONNX and torch differ by {worst:.2e}; allowed is {TOLERANCE:.0e}")
    return worst


def mean_cosine(one: np.ndarray, other: np.ndarray) -> float:
    """[N,d] twice -> mean cosine of the rows."""
    norms = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    return float(((one * other).sum(-1) / np.maximum(norms, 1e-9)).mean())


def int8_costs(model: MerClip, specs: list[GraphSpec], folder: Path, texts: list[np.ndarray]) -> dict[str, float]:
    """What int8 weights change against fp32: cosines of what the towers give, the largest change of a logit."""
    inputs = {spec.name: spec.inputs for spec in specs}

    def run(name: str, feed: dict[str, np.ndarray]) -> np.ndarray:
        return sessions[name].run(None, feed)[0]

    sessions = {name: session(folder / f"{name}.onnx") for name in inputs}
    tokens, pooled = [], []
    with torch.no_grad():
        for ids in texts:
            feed = {"input_ids": ids[None].astype(np.int32), "attention_mask": np.ones((1, len(ids)), dtype=np.int32)}
            exact = torch.from_numpy(ids)[None].long(), torch.ones(1, len(ids), dtype=torch.int64)
            tokens.append(mean_cosine(model.text.tokens(*exact)[0].numpy(), run("text", feed)[0]))
            pooled.append(mean_cosine(model.text.pooled(*exact).numpy(), run("label", feed)))
        exact_tokens = {
            "audio": model.audio(*inputs["audio"].values())[0].numpy(),
            "vision": model.vision(*inputs["vision"].values()).numpy(),
        }
        exact_logits = model.fusion(*inputs["fusion"].values()).numpy()
    given = {name: {key: tensor.numpy() for key, tensor in feed.items()} for name, feed in inputs.items()}
    return {
        "textTokensInt8Cosine": float(np.mean(tokens)),
        "labelInt8Cosine": float(np.mean(pooled)),
        **{f"{name}TokensInt8Cosine": mean_cosine(e, run(name, given[name])) for name, e in exact_tokens.items()},
        "logitsInt8MaxDiff": float(np.abs(exact_logits - run("fusion", given["fusion"])).max()),
    }


def export_graphs(model: MerClip, folder: Path, texts: list[np.ndarray]) -> dict[str, float]:
    """Writes all graphs; ``texts`` are token ids for comparing int8 with fp32. Returns what was measured."""
    model = model.to("cpu", memory_format=torch.contiguous_format).float().eval()
    specs = graph_specs(model)
    measured = {f"{spec.name}MaxDiff": write_graph(spec, folder / f"{spec.name}.onnx") for spec in specs}
    return {**measured, **int8_costs(model, specs, folder, texts)}
