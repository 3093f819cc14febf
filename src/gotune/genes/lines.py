"""Lines of text files, plain or gzip, one after the other: no file is ever held whole."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path

from gotune.corpus.plain_text import BYTE_ORDER_MARK
from gotune.errors import GeneError
from gotune.unpacking import blocks_of, unpacked

_LONGEST_LINE = 1 << 20  # bytes; bounds what is held of a file, whose lines have up to 36,000


class MisfitError(Exception):
    """A line, or a record that is to become one, is not what its format wants.

    Args:
        expected: What would have been right, the same for all lines that fail in this way.
        found: What is there instead.
    """

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(expected, found)
        self.expected = expected
        self.found = found


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file with their numbers, from 1, and without their ends.

    That it is gzip is told by its first bytes.

    Raises:
        GeneError: There is no such file, it is damaged, a line is too long, or it unfolds too far (see
            `gotune.unpacking`).
    """
    try:
        with path.open("rb") as file:
            yield from enumerate(_cut(file, path), start=1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        raise GeneError(
            str(path),
            expected="a whole compressed file",
            found=f"a damaged one ({exc})",
            do="It was probably cut off on the way: get it again.",
        ) from exc
    except OSError as exc:
        raise unreadable(str(path), exc) from exc


def unreadable(where: str, exc: OSError) -> GeneError:
    """Return the error about a file that cannot be read."""
    return GeneError(
        where, expected="a file that can be read", found=exc.strerror or str(exc), do="Check the path."
    )


def as_text(raw: bytes) -> str:
    """Return a line as text.

    Raises:
        MisfitError: It is not in UTF-8.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise MisfitError("text in UTF-8", f"byte 0x{raw[exc.start]:02x} at its offset {exc.start}") from exc


def bad_line(path: Path, line: int, misfit: MisfitError, *, do: str) -> GeneError:
    """Return the error about a line that does not fit."""
    return GeneError(f"{path}, line {line}", expected=misfit.expected, found=misfit.found, do=do)


def _cut(file: io.BufferedReader, path: Path) -> Iterator[bytes]:
    """Cut the content of a file, decompressed if need be, at the ends of lines of Unix and Windows."""
    compressed = file.peek(2).startswith(b"\x1f\x8b")
    blocks = unpacked(file, gzip.open, str(path), GeneError) if compressed else blocks_of(file)
    line, rest = 0, b""
    for block in blocks:
        *whole, rest = (rest + block).split(b"\n")
        for raw in whole:
            line += 1
            yield (raw.removeprefix(BYTE_ORDER_MARK) if line == 1 else raw).removesuffix(b"\r")
        if len(rest) > _LONGEST_LINE:
            too_long = MisfitError(f"at most {_LONGEST_LINE:,} bytes", "more")
            raise bad_line(path, line + 1, too_long, do="Check that it is the file that you mean.")
    yield (rest if line else rest.removeprefix(BYTE_ORDER_MARK)).removesuffix(b"\r")
