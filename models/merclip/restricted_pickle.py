"""Reads a pickle that holds numpy arrays in plain containers, and nothing else.

A pickle is a program: unpickling one that somebody else wrote runs what it says. Here no name resolves but those that
numpy writes for an array, and each resolves to something that can only make one from checked parts.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np

KINDS = "biufSUO"  # bool, integers, floats, bytes, text, and objects, which are then of the kinds allowed here


class _NotCalled:
    """Stands for ``numpy.ndarray``, which a pickle names but may not call."""


class _Dtype:
    """Stands for a dtype, whose own state would be trusted by numpy even where it lies about object pointers."""

    def __init__(self, code: Any, align: Any = False, copy: Any = False):
        if not isinstance(code, str):
            raise pickle.UnpicklingError("a dtype has to be given by its name")
        self.real = np.dtype(code)
        if self.real.kind not in KINDS or self.real.fields is not None or self.real.subdtype is not None:
            raise pickle.UnpicklingError(f"arrays of dtype {code} are not read; allowed are the kinds {KINDS}")

    def __setstate__(self, state: Any) -> None:
        order = state[1]
        if order not in ("<", ">", "|", "="):
            raise pickle.UnpicklingError(f"byte order {order!r} is not one of < > | =")
        if order in "<>":
            self.real = self.real.newbyteorder(order)


def _real(dtype: Any) -> np.dtype:
    if not isinstance(dtype, _Dtype):
        raise pickle.UnpicklingError("an array has to name its dtype")
    return dtype.real


class _Array(np.ndarray):
    def __setstate__(self, state: Any) -> None:
        _, shape, dtype, fortran, content = state
        real = _real(dtype)
        if not isinstance(content, list if real.hasobject else bytes):
            raise pickle.UnpicklingError(f"an array of {real} does not come as {type(content).__name__}")
        super().__setstate__((1, shape, real, bool(fortran), content))


def _reconstruct(kind: Any, shape: Any, code: Any) -> np.ndarray:
    if kind is not _NotCalled or shape != (0,):
        raise pickle.UnpicklingError("an array has to start empty, to be filled by its state")
    return np.ndarray.__new__(_Array, (0,), "b")


def _scalar(dtype: Any, content: Any) -> Any:
    return _frombuffer(content, dtype, (), "C")[()]


def _frombuffer(content: Any, dtype: Any, shape: Any, order: Any) -> np.ndarray:
    real = _real(dtype)
    if real.hasobject or not isinstance(content, bytes | bytearray):
        raise pickle.UnpicklingError("values have to come as plain bytes")
    return np.frombuffer(content, real).reshape(shape, order=order)


def _latin1(text: Any, encoding: Any) -> bytes:
    if not isinstance(text, str) or encoding != "latin1":
        raise pickle.UnpicklingError("bytes have to be written as latin1")
    return text.encode("latin1")


ALLOWED: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): _NotCalled,
    ("numpy", "dtype"): _Dtype,
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy.core.multiarray", "scalar"): _scalar,
    ("numpy._core.multiarray", "scalar"): _scalar,
    ("numpy.core.numeric", "_frombuffer"): _frombuffer,
    ("numpy._core.numeric", "_frombuffer"): _frombuffer,
    ("_codecs", "encode"): _latin1,
    ("collections", "OrderedDict"): OrderedDict,
}


class RestrictedUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it names {module}.{name}; allowed are arrays in plain containers") from None


def load_arrays(path: str | Path) -> Any:
    """What the pickle holds; raises ValueError saying why it is refused or cannot be read."""
    with open(path, "rb") as file:
        try:
            # Python 2 wrote some of these files: latin1 keeps the bytes of its strings as they are.
            return RestrictedUnpickler(file, encoding="latin1").load()
        except Exception as error:  # a broken or hostile pickle may fail anywhere
            raise ValueError(f"{path}: not a pickle of arrays: {error}") from error
