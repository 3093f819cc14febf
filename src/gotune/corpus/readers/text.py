"""Plain text, of files and of standard input, read strictly."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gotune.corpus.documents import Document
from gotune.corpus.plain_text import VISIBLE, not_text, not_utf8
from gotune.errors import DocumentError
from gotune.lines import name_as_text

MAX_BYTES = 100_000_000
"""The largest document that is read; a long book has about 2 MB."""

_UTF8 = "plain text in UTF-8"


def read(path: Path) -> Iterator[Document]:
    """Yield the one document of a file; see `read_document`."""
    yield read_document(path)


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
    return Document(name_as_text(path.name), text_of(read_bytes(path), str(path)))


def read_bytes(path: Path) -> bytes:
    """Return the content of a file, at most one byte more than `MAX_BYTES`.

    Raises:
        DocumentError: It is missing, a folder or unreadable.
    """
    with _reading(str(path)), path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def read_standard_input() -> Document:
    """Read standard input to its end, as strictly as a file.

    Raises:
        DocumentError: It is closed, or what comes is no text.
    """
    name = "standard input"
    data = b""
    if sys.stdin is not None and not sys.stdin.closed:
        with _reading(name):
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if not data:
        raise DocumentError(name, expected="a text", found="nothing", do="Send one into it, or name a file.")
    return Document(name, text_of(data, name))


def text_of(data: bytes, where: str) -> str:
    """Decode the content of a file as strictly as `read_document`.

    Args:
        data: At most one byte more than `MAX_BYTES` of it.
        where: Its name, for messages.

    Raises:
        DocumentError: It is larger, empty, blank, binary or in another encoding.
    """
    if len(data) > MAX_BYTES:
        raise DocumentError(
            where,
            expected=f"a document of at most {MAX_BYTES:,} bytes",
            found="a larger one",
            do="Divide it, or give many texts as a table.",
        )
    if problem := not_text(data):
        raise DocumentError(where, expected=_UTF8, found=problem.found, do=problem.do)
    text = _decode(data, where)
    if not VISIBLE.search(text):
        raise DocumentError(
            where,
            expected="a text",
            found="nothing but white space" if text else "an empty file",
            do="Check that the file was saved.",
        )
    if (place := text.find("\0")) >= 0:
        raise DocumentError(
            f"{where}, character {place}", expected=_UTF8, found="binary data", do="Give a plain text file."
        )
    return text


@contextmanager
def _reading(where: str) -> Iterator[None]:
    """Turn what the system says about a file into a `DocumentError`."""
    try:
        yield
    except FileNotFoundError as exc:
        raise DocumentError(where, expected="a file", found="nothing", do="Check the name.") from exc
    except IsADirectoryError as exc:
        raise DocumentError(where, expected="a file", found="a folder", do="Name a file in it.") from exc
    except OSError as exc:
        raise DocumentError(
            where,
            expected="a file that can be read",
            found=exc.strerror or str(exc),
            do="Check the file.",
        ) from exc


def _decode(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        # The decoder counts from behind the byte order mark.
        offset = len(data) - len(exc.object) + exc.start
        line = 1 + data.count(b"\n", 0, offset)
        problem = not_utf8(exc)
        raise DocumentError(
            f"{where}, byte {offset}, line {line}", expected=_UTF8, found=problem.found, do=problem.do
        ) from exc
