"""Lines of table files as bytes, numbered; one that is too long is never held, and stops nobody by itself."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from gotune.corpus.plain_text import BYTE_ORDER_MARK, not_text
from gotune.errors import TableError
from gotune.unpacking import blocks_of, unpacked

LONGEST_LINE = 1 << 23
"""Bytes of a line, or letters of a row of CSV; bounds the memory that one row or cell can take."""


class RawLine(NamedTuple):
    r"""A line of a file.

    Attributes:
        number: From 1.
        offset: The byte of the unpacked file with which it begins.
        content: It with its ``\n``, if the file does not end without, and without the mark of the file;
            None if it is longer than `LONGEST_LINE`.
    """

    number: int
    offset: int
    content: bytes | None


def table_blocks(file: IO[bytes], path: Path) -> Iterator[bytes]:
    """Yield a file piece by piece, unpacked if its name says that it is packed.

    Raises:
        TableError: It unfolds too far, see `gotune.unpacking`.
    """
    if path.name.lower().endswith(".gz"):
        return unpacked(file, gzip.open, str(path), TableError)
    return blocks_of(file)


def table_lines(blocks: Iterable[bytes], where: str, longest: int = LONGEST_LINE) -> Iterator[RawLine]:
    """Yield the lines of a file; one that is too long as soon as that is known.

    Args:
        blocks: What is in the file.
        where: Its name for messages.
        longest: Bytes of a line.

    Raises:
        TableError: It begins like another kind of file.
    """
    for number, offset, raw in _numbered(blocks, longest):
        line = raw
        if number == 1:
            line = raw.removeprefix(BYTE_ORDER_MARK)
            if problem := not_text(line):
                raise TableError(where, expected="a table in UTF-8", found=problem.found, do=problem.do)
        yield RawLine(number, offset, None if len(raw) > longest else line)


def _numbered(blocks: Iterable[bytes], longest: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield number, offset and bytes of each line; of a too long one as many as tell that it is."""
    number, offset, dropped, rest = 1, 0, 0, b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            if not dropped:
                yield number, offset, line + b"\n"
            number, offset, dropped = number + 1, offset + dropped + len(line) + 1, 0
        if dropped or len(rest) > longest:
            if not dropped:
                yield number, offset, rest
            dropped, rest = dropped + len(rest), b""
    if rest:
        yield number, offset, rest
