"""Compressed files: written, and unfolded no further than is in proportion to their size.

A megabyte of gzip can hold a gigabyte of line breaks. How far real files unfold, each line counted with
`LINE` bytes beside its own: GO 11 times as gzip and 18 times as xz; tables, even with a whole abstract
beside each of its sentences, or with two thousand columns of which almost all are 0, up to 70 times. One
character that is repeated unfolds 1,000 times, and 7,000 times as xz.
"""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from gotune.errors import ConfigError, GotuneError

RATIO = 100
"""How many times its size a file may unfold to."""

FREE = 1 << 24
"""Bytes that a file may unfold to whatever its size, unless `VARIABLE` says another number."""

LINE = 32
"""Bytes that each line counts beside its own, as a reader does more for a line than for a byte."""

VARIABLE = "GOTUNE_MAX_UNPACKED"
"""Environment variable with the bytes that a file may unfold to whatever its size."""

_BLOCK = 1 << 20
_LEAST = 1 << 16
"""Bytes that are yielded at once: a gzip of a million members of one byte each would be as many pieces."""


@contextmanager
def open_text(path: Path, *, packed: bool) -> Iterator[IO[str]]:
    """Open a file for text in UTF-8 with line ends as they are, as gzip or plain.

    The same text gives the same bytes: no name and no time stands in the gzip.
    """
    with ExitStack() as stack:
        raw = stack.enter_context(path.open("wb"))
        zipped = stack.enter_context(gzip.GzipFile("", "wb", 6, raw, mtime=0)) if packed else None
        yield stack.enter_context(io.TextIOWrapper(zipped or raw, encoding="utf-8", newline=""))


def blocks_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a stream piece by piece, at most a megabyte at once."""
    while block := file.read(_BLOCK):
        yield block


def unpacked(
    file: IO[bytes],
    unpack: Callable[[Any], AbstractContextManager[Any]],
    where: str,
    error: type[GotuneError],
    *,
    ratio: int = RATIO,
) -> Iterator[bytes]:
    """Yield what is in a compressed stream piece by piece, at most a megabyte at once.

    Args:
        file: The stream; a pipe will do.
        unpack: Opens it, such as `gzip.open`.
        where: Its name for messages.
        error: What is raised if it unfolds too far.
        ratio: How many times its size it may unfold to.

    Raises:
        GotuneError: Of the type ``error``, see `check_unpacked`.
    """
    packed = _Counted(file)
    size, held = 0, bytearray()
    with unpack(packed) as stream:
        try:
            # `read` would lose what stands before a damage that is less than a block away.
            for block in iter(lambda: stream.read1(_BLOCK), b""):
                size += len(block) + LINE * block.count(b"\n")
                check_unpacked(packed.n_bytes, size, where, error, ratio=ratio)
                held += block
                if len(held) >= _LEAST:
                    yield bytes(held)
                    held.clear()
        except Exception:
            if held:
                yield bytes(held)
            raise
    if held:
        yield bytes(held)


def check_unpacked(
    packed: int, size: int, where: str, error: type[GotuneError], *, ratio: int = RATIO
) -> None:
    """Refuse what unfolds too far.

    Args:
        packed: Bytes that were compressed.
        size: Bytes that they unfold to.
        where: The file for messages.
        error: What is raised.
        ratio: How many times ``packed`` they may be.

    Raises:
        GotuneError: Of the type ``error``; they are more, and more than is free.
        ConfigError: `VARIABLE` holds no number.
    """
    free = free_bytes()
    if size > max(ratio * packed, free):
        raise error(
            where,
            expected=f"compressed data that unfolds to at most {ratio} times its size, or to {free:,} bytes",
            found=f"{size:,} or more out of {packed:,}, each line counted as {LINE} bytes more, of a "
            "workbook each tag",
            do=f"If you trust the file, set {VARIABLE} to the bytes that it may unfold to.",
        )


def free_bytes() -> int:
    """Return to how many bytes any file may unfold, whatever its size.

    Raises:
        ConfigError: `VARIABLE` holds no number.
    """
    chosen = os.environ.get(VARIABLE)
    if not chosen:
        return FREE
    if not (chosen.isascii() and chosen.isdecimal()):
        raise ConfigError(
            VARIABLE,
            expected="a number of bytes, such as 4000000000",
            found=repr(chosen),
            do="Write digits alone, or unset it.",
        )
    return int(chosen)


class _Counted:
    """A stream that counts what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.n_bytes = 0
        self._file = file

    def read(self, size: int) -> bytes:
        """Return at most so many bytes."""
        data = self._file.read(size)
        self.n_bytes += len(data)
        return data
