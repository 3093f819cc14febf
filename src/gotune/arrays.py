"""Arrays and lines of text in files: safetensors, and lines deflated into an array of bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import compress, decompressobj
from zlib import error as zlib_error

import numpy as np
from numpy.typing import NDArray

_LARGEST_TEXT = 1 << 26
"""Bytes of all lines; those of the names and labels of GO have 6 and 9 million."""


def write_arrays(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Write arrays by their names, as safetensors.

    Raises:
        OSError: They cannot be written.
    """
    from safetensors.numpy import save_file

    with tensor_errors():
        # safetensors writes the memory of an array as if its values stood side by side in it.
        save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, path)


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Read the arrays of a file by their names.

    Raises:
        ValueError: The file is cut, or not one of arrays.
        OSError: It cannot be read.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return load_file(path)
    except (SafetensorError, LookupError, TypeError) as exc:  # cut, or not ours
        raise ValueError(str(exc)) from exc


def read_array(path: Path, name: str) -> NDArray[np.float32]:
    """Read one array of a file.

    Raises:
        ValueError: The file is damaged, or has none of that name.
    """
    arrays = read_arrays(path)
    if name not in arrays:
        raise ValueError(f"no array {name}")
    return arrays[name].astype(np.float32)


def array_of(
    arrays: Mapping[str, NDArray[Any]], name: str, *kinds: type[np.generic], dimensions: int = 1
) -> NDArray[Any]:
    """Return one of the arrays that anybody may have written.

    Args:
        arrays: By their names.
        name: Of the one that is wanted.
        kinds: Of numbers that it may have.
        dimensions: That it has.

    Raises:
        ValueError: There is none of that name, or it is of another kind or shape.
    """
    found = arrays.get(name)
    if found is None or found.dtype not in kinds or found.ndim != dimensions:
        expected = " or ".join(kind.__name__ for kind in kinds)
        raise ValueError(f"no array {name}, {dimensions}-dimensional and in {expected}")
    return found


@contextmanager
def tensor_errors() -> Iterator[None]:
    """Turn the errors of tensor writers that cannot write into OSErrors, which `gotune.files` reports."""
    from safetensors import SafetensorError

    try:
        yield
    except SafetensorError as exc:
        raise OSError(str(exc)) from exc
    except RuntimeError as exc:
        if "PytorchStreamWriter" not in str(exc) and "file write failed" not in str(exc):
            raise
        raise OSError("torch could not write a checkpoint") from exc


@contextmanager
def named(name: str) -> Iterator[None]:
    """Tell of which file it is that it is not as it should be."""
    try:
        yield
    except ValueError as exc:
        raise ValueError(f"{name}: {exc}") from exc


def pack_lines(lines: Iterable[str]) -> NDArray[np.uint8]:
    """Return lines, none with a line break in it, deflated."""
    return np.frombuffer(compress("\n".join(lines).encode("utf-8"), level=9), np.uint8)


def unpack_lines(packed: NDArray[np.uint8], what: str) -> list[str]:
    """Return the lines that `pack_lines` packed; a single empty one is none.

    Args:
        packed: The bytes, of anybody.
        what: The lines are, for messages.

    Raises:
        ValueError: It is something else, or more text than any release has.
    """
    inflate = decompressobj()
    try:
        text = inflate.decompress(packed.tobytes(), _LARGEST_TEXT)
    except zlib_error as exc:
        raise ValueError(f"{what} that cannot be unpacked: {exc}") from exc
    if not inflate.eof or inflate.unused_data:
        raise ValueError(f"{what} that are cut, or too many")
    return text.decode("utf-8").split("\n") if text else []
