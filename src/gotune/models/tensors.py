"""Writing tensors: what a full disk looks like inside the writers of safetensors and torch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


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
