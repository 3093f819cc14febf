"""Files as documents, a module a format: each has ``read(path)``, which yields documents.

To add a format, write such a module and name it in `READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gotune.corpus.documents import Document

Reader = Callable[[Path], "Iterator[Document]"]

READERS = {".txt": "text"}
"""The module of each suffix. It is imported when the first such file is read, with what it needs."""


def reader_of(path: Path) -> Reader | None:
    """Return what reads files of this suffix, or None if nothing does."""
    module = READERS.get(path.suffix.lower())
    if module is None:
        return None
    read: Reader = import_module(f"gotune.corpus.readers.{module}").read
    return read
