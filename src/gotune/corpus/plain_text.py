"""What counts as plain text: blanks, encodings, files that are something else, keys of texts."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from gotune.lines import one_line

BLANKS = r"\s\u115f\u1160\u180e\u200b-\u200f\u2060-\u2064\u2800\u3164\ufeff\uffa0"
"""Inside of a regex class: white space, and characters that show nothing but are no white space to
Unicode, such as the zero-width space, a byte order mark amid the text or the Hangul filler."""

BREAKS = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
"""Inside of a regex class: characters that end a line."""

RAISED_DIGITS = "\u2070\u00b9\u00b2\u00b3\u2074-\u2079"
"""Digits above the line, for a set of characters: charges of ions, exponents and marks of references."""

VISIBLE = re.compile(f"[^{BLANKS}]")
"""A character that a reader can see."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_SAVE_AS_TEXT = "Open it where it was made and save it as plain text (UTF-8)."
_DECOMPRESS = "Decompress it first."
_MAGIC = (
    (b"%PDF", "a PDF", "Turn it into plain text first, for example with pdftotext."),
    (b"PK\x03\x04", "a zip archive, such as .docx or .xlsx", _SAVE_AS_TEXT),
    (b"\xd0\xcf\x11\xe0", "an old Office document, such as .doc or .xls", _SAVE_AS_TEXT),
    (b"{\\rtf", "a Rich Text document", _SAVE_AS_TEXT),
    (b"\x1f\x8b", "gzip-compressed data", _DECOMPRESS),
    (b"\xfd7zXZ", "xz-compressed data", _DECOMPRESS),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data", _DECOMPRESS),
    (b"\x89PNG", "a PNG image", "Give the text, not a picture of it."),
    (b"\xff\xd8\xff", "a JPEG image", "Give the text, not a picture of it."),
    (b"PAR1", "a Parquet table", "Give it as a table, under a name that ends in .parquet."),
    # UTF-32 before UTF-16: its little-endian mark begins with that of UTF-16.
    (b"\xff\xfe\x00\x00", "UTF-32 text", "Convert it to UTF-8."),
    (b"\x00\x00\xfe\xff", "UTF-32 text", "Convert it to UTF-8."),
    (b"\xff\xfe", "UTF-16 text", "Convert it to UTF-8."),
    (b"\xfe\xff", "UTF-16 text", "Convert it to UTF-8."),
)
_HEAD = 4096


class Problem(NamedTuple):
    """Why bytes are not plain text, as an error message needs it."""

    found: str
    do: str


def not_text(data: bytes) -> Problem | None:
    """Tell what bytes are if they are not text, from their beginning; None if they may be text."""
    for magic, found, do in _MAGIC:
        if data.startswith(magic):
            return Problem(found, do)
    head = data[:_HEAD]
    if b"\0" not in head:
        return None
    # Latin letters in UTF-16 have a zero in every second byte.
    if max(head[::2].count(0), head[1::2].count(0)) > 0.4 * len(head):
        return Problem("what looks like UTF-16 text", "Convert it to UTF-8.")
    return Problem("binary data", "Give a plain text file.")


def not_utf8(exc: UnicodeDecodeError) -> Problem:
    """Tell what a byte that is not UTF-8 may come from."""
    byte = f"the byte 0x{exc.object[exc.start]:02x}"
    if exc.reason == "unexpected end of data":
        return Problem("half a character at the end", "The file is cut short; fetch or save it again.")
    after = exc.object[exc.start + 1 : exc.start + 2]
    # One accented letter amid ASCII; in UTF-8 and in Asian encodings, several high bytes go together.
    if not after or after[0] < 0x80:
        return Problem(
            f"{byte}, which looks like Windows-1252 or Latin-1",
            "Convert the file to UTF-8, for example with iconv -f WINDOWS-1252 -t UTF-8.",
        )
    return Problem(byte, "Convert the file to UTF-8.")


LEAST_WORDS = 8
"""Shorter texts, such as headings and abbreviations, are the same in many papers: they betray nothing."""

_DIGITS = 16


def text_key(text: str) -> str:
    """Return 16 hex digits of the sha256 of a text, whatever its case and white space."""
    normal = one_line(text.casefold())
    # A half surrogate cannot be encoded, and is no reason to stop.
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
