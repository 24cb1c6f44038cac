"""A pickle of arrays is read whoever wrote it; one that names anything else runs nothing."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from merclip.restricted_pickle import load_arrays


def written(folder: Path, content: object, protocol: int = 4) -> Path:
    path = folder / "content.pkl"
    path.write_bytes(pickle.dumps(content, protocol=protocol))
    return path


@pytest.mark.parametrize("protocol", range(6))
def test_arrays_in_plain_containers_come_back(tmp_path, protocol):
    content = {
        "x": np.arange(6, dtype=np.float32).reshape(2, 3),
        "big": np.arange(3, dtype=">i4"),
        "ids": np.array(["a_1", "b_22"]),
        "texts": np.array(["one", "two words"], dtype=object),
        "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "list": [1, 2.5, None, True, ("a", b"\xff")],
        "scalar": np.float64(2.5),
    }
    found = load_arrays(written(tmp_path, content, protocol))
    for key in ("x", "big", "ids", "texts", "fortran"):
        assert np.array_equal(found[key], content[key]), key
        assert found[key].dtype.kind == content[key].dtype.kind, key
    assert found["list"] == content["list"]
    assert found["scalar"] == 2.5


class Hostile:
    def __init__(self, *call: object):
        self.call = call

    def __reduce__(self):
        return self.call[0], self.call[1:]


def test_a_pickle_that_calls_something_is_refused_and_nothing_runs(tmp_path):
    mark = tmp_path / "ran"
    with pytest.raises(ValueError, match="it names posix.mkdir"):
        load_arrays(written(tmp_path, {"train": Hostile(os.mkdir, str(mark))}))
    assert not mark.exists()


@pytest.mark.parametrize("name", ["numpy.load", "builtins.eval", "builtins.getattr", "numpy.ndarray.tofile"])
def test_no_other_name_resolves(tmp_path, name):
    module, _, attribute = name.partition(".")
    path = tmp_path / "content.pkl"
    pushed = b"".join(b"\x8c" + bytes([len(part)]) + part.encode() for part in (module, attribute))
    path.write_bytes(b"\x80\x04" + pushed + b"\x93.")
    with pytest.raises(ValueError, match="allowed are arrays"):
        load_arrays(path)


def test_an_array_of_a_chosen_size_cannot_be_made_without_its_values(tmp_path):
    with pytest.raises(ValueError, match="not a pickle of arrays"):
        load_arrays(written(tmp_path, Hostile(np.ndarray, (10**12,))))


def test_a_dtype_cannot_lie_about_object_pointers(tmp_path):
    # np.dtype('O') whose state clears the flag that says so: numpy itself would read the bytes as pointers.
    array = np.array([None], dtype=object)
    rebuild, arguments, state = array.__reduce__()

    class Lying:
        def __reduce__(self):
            return np.dtype, ("O8", False, True), (3, "|", None, None, None, -1, -1, 0)

    class Forged:
        def __reduce__(self):
            return rebuild, arguments, (1, (1,), Lying(), False, b"\x41" * 8)

    with pytest.raises(ValueError, match="does not come as bytes"):
        load_arrays(written(tmp_path, Forged()))


@pytest.mark.parametrize("content", [b"", b"\x80\x04", b"not a pickle", b"\x80\x04\x95" + b"\xff" * 7 + b"\x7f"])
def test_a_broken_file_gets_a_plain_error(tmp_path, content):
    path = tmp_path / "content.pkl"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="not a pickle of arrays"):
        load_arrays(path)
