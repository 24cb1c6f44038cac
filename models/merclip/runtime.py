"""A release as the product runs it: the exported graphs in onnxruntime. Every published figure comes through here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from .data.batches import chunk_audio, to_float
from .label_sets import LabelSet
from .onnx_export import session
from .tokenizer import Tokenizer

Tokens = list[np.ndarray]


class Runtime:
    """Sessions over a folder with the graphs and vocab.txt."""

    def __init__(self, folder: Path, max_tokens: int, chunk: int, threads: int = 1):
        self.text = session(folder / "text.onnx", threads)
        self.label = session(folder / "label.onnx", threads)
        self.audio = session(folder / "audio.onnx", threads)
        self.vision = session(folder / "vision.onnx", threads)
        self.fusion = session(folder / "fusion.onnx", threads)
        self.tokenizer = Tokenizer(folder / "vocab.txt", max_tokens)
        self.chunk = chunk
        self._labels: dict[str, np.ndarray] = {}

    def embed(self, prompts: list[str]) -> np.ndarray:
        """Prompts -> label embeddings [K,e]. One at a time, so that no prompt depends on its neighbours."""
        for prompt in prompts:
            if prompt not in self._labels:
                ids, mask = self.tokenizer.batch([prompt])
                feed = {"input_ids": ids.astype(np.int32), "attention_mask": mask.astype(np.int32)}
                self._labels[prompt] = self.label.run(["pooled"], feed)[0][0]
        return np.stack([self._labels[prompt] for prompt in prompts])

    def text_tokens(self, texts: list[str], batch: int = 16) -> Tokens:
        """-> per text [L,d]. Runs texts of like length together."""
        order = np.argsort([len(text) for text in texts], kind="stable")
        out: list[np.ndarray | None] = [None] * len(texts)
        for start in range(0, len(texts), batch):
            rows = order[start : start + batch]
            ids, mask = self.tokenizer.batch([texts[row] for row in rows])
            feed = {"input_ids": ids.astype(np.int32), "attention_mask": mask.astype(np.int32)}
            tokens = self.text.run(["tokens"], feed)[0]
            for place, row in enumerate(rows):
                out[row] = tokens[place, : int(mask[place].sum())]
        return [tokens for tokens in out if tokens is not None]

    def audio_tokens(self, clips: list[np.ndarray], batch: int = 16) -> Tokens:
        """Clips float32 at 16 kHz -> per clip [N,d], chunk after chunk."""
        out: Tokens = []
        for start in range(0, len(clips), batch):
            part = clips[start : start + batch]
            pcm, samples, owner = chunk_audio(part, self.chunk)
            tokens, mask = self.audio.run(None, {"pcm": pcm.numpy(), "samples": samples.numpy()})
            for index in range(len(part)):
                mine = owner == index
                out.append(tokens[mine][mask[mine] > 0])
        return out

    def vision_tokens(self, faces: np.ndarray, batch: int = 32) -> Tokens:
        """Grey faces [N,S,S] uint8 -> per face [Tv,d]."""
        out: Tokens = []
        for start in range(0, len(faces), batch):
            rgb = np.repeat(faces[start : start + batch, :, :, None], 3, axis=-1)
            out.extend(self.vision.run(None, {"faces": np.ascontiguousarray(rgb)})[0])
        return out

    def tokens(self, modality: str, payload: list[Any], title: str = "") -> Tokens:
        """Tokens per payload: texts, sounds at 16 kHz (int16 or float32), or grey faces [S,S] uint8."""
        encode = {"text": self.text_tokens, "audio": self._sound_tokens, "vision": self._face_tokens}[modality]
        # By length, so that what runs together pads little; the bar moves a few hundred at a time.
        order = np.argsort([len(one) for one in payload], kind="stable")
        out: list[np.ndarray | None] = [None] * len(payload)
        with tqdm(total=len(payload), desc=f"read {title}", disable=None, unit="row", leave=False) as bar:
            for start in range(0, len(order), 256):
                part = order[start : start + 256]
                for row, tokens in zip(part, encode([payload[row] for row in part]), strict=True):
                    out[row] = tokens
                bar.update(len(part))
        return [tokens for tokens in out if tokens is not None]

    def _sound_tokens(self, clips: list[np.ndarray]) -> Tokens:
        return self.audio_tokens([to_float(clip) if clip.dtype == np.int16 else clip for clip in clips])

    def _face_tokens(self, faces: list[np.ndarray]) -> Tokens:
        return self.vision_tokens(np.stack(faces))

    def fuse(self, clips: list[dict[str, np.ndarray]], labels: np.ndarray, batch: int = 32) -> np.ndarray:
        """Clips of {modality: tokens [N,d]} and labels [K,e] -> logits [len(clips),K]."""
        if not clips:
            return np.zeros((0, len(labels)), dtype=np.float32)
        dim = next(tokens.shape[-1] for clip in clips for tokens in clip.values())
        order = np.argsort([sum(len(t) for t in clip.values()) for clip in clips], kind="stable")
        logits = np.zeros((len(clips), len(labels)), dtype=np.float32)
        for start in range(0, len(clips), batch):
            rows = order[start : start + batch]
            feed: dict[str, np.ndarray] = {}
            for name in ("text", "audio", "vision"):
                parts = [clips[row].get(name) for row in rows]
                longest = max([1, *(len(part) for part in parts if part is not None)])
                tokens = np.zeros((len(rows), longest, dim), dtype=np.float32)
                mask = np.zeros((len(rows), longest), dtype=np.int32)
                for place, part in enumerate(parts):
                    if part is not None:
                        tokens[place, : len(part)] = part
                        mask[place, : len(part)] = 1
                feed[name], feed[f"{name}_mask"] = tokens, mask
            feed["labels"] = np.repeat(labels[None], len(rows), axis=0)
            feed["label_mask"] = np.ones((len(rows), len(labels)), dtype=np.int32)
            logits[rows] = self.fusion.run(["logits"], feed)[0]
        return logits

    def score_set(self, clips: list[dict[str, np.ndarray]], labels: LabelSet) -> np.ndarray:
        return self.fuse(clips, self.embed(labels.prompts))
