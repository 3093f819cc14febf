"""Reading a document of plain text, strictly."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from gotune.corpus.plain_text import VISIBLE, not_text, not_utf8
from gotune.errors import DocumentError

MAX_BYTES = 100_000_000
"""The largest document that is read; a long book has about 2 MB."""

_UTF8 = "plain text in UTF-8"


@dataclass(frozen=True, slots=True)
class Document:
    """A text with a name for headings, holding at least one visible character."""

    name: str
    text: str


def read_document(path: Path | str) -> Document:
    r"""Read a plain text file in UTF-8, with or without a byte order mark.

    The text is what ``open(path, encoding="utf-8-sig", newline="").read()`` gives: the mark is left
    out, and ``\r\n`` stays two characters, so that offsets are those of the file. The encoding is
    never guessed: a wrong guess would put wrong letters into gene names without a word.

    Args:
        path: The file, or a pipe that can be read once.

    Returns:
        The text under the file's name.

    Raises:
        DocumentError: The file is missing, a folder, unreadable, larger than `MAX_BYTES`, empty,
            blank, binary or in another encoding.
    """
    path = Path(path)
    data = _read_bytes(path)
    if problem := not_text(data):
        raise DocumentError(str(path), expected=_UTF8, found=problem.found, do=problem.do)
    text = _decode(path, data)
    if not VISIBLE.search(text):
        raise DocumentError(
            str(path),
            expected="a text",
            found="nothing but white space" if text else "an empty file",
            do="Check that the file was saved.",
        )
    if (place := text.find("\0")) >= 0:
        raise DocumentError(
            f"{path}, character {place}", expected=_UTF8, found="binary data", do="Give a plain text file."
        )
    # A file name may hold bytes that are no text, which no page or workbook could show.
    return Document(os.fsencode(path.name).decode("utf-8", "replace"), text)


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as exc:
        raise DocumentError(str(path), expected="a file", found="nothing", do="Check the name.") from exc
    except IsADirectoryError as exc:
        raise DocumentError(str(path), expected="a file", found="a folder", do="Name a file in it.") from exc
    except OSError as exc:
        raise DocumentError(
            str(path),
            expected="a file that can be read",
            found=exc.strerror or str(exc),
            do="Check the file.",
        ) from exc
    if len(data) > MAX_BYTES:
        raise DocumentError(
            str(path),
            expected=f"a document of at most {MAX_BYTES:,} bytes",
            found="a larger one",
            do="Divide it, or give many texts as a table.",
        )
    return data


def _decode(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        # The decoder counts from behind the byte order mark.
        offset = len(data) - len(exc.object) + exc.start
        line = 1 + data.count(b"\n", 0, offset)
        problem = not_utf8(exc)
        raise DocumentError(
            f"{path}, byte {offset}, line {line}",
            expected=_UTF8,
            found=problem.found,
            do=problem.do,
        ) from exc
