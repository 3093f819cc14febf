"""Texts of others made fit for a line of a terminal, a message or a table, in which they do no harm."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence

_CUT = " … "
_LONGEST = 600
_FORMULA_STARTS = ("=", "+", "-", "@")


def one_line(text: str) -> str:
    """Return the text with every run of white space, line ends included, made one blank."""
    return " ".join(text.split())


def name_as_text(name: str) -> str:
    r"""Return the name of a file as text that can be written: bytes that are none are told, as ``\xe9``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def printable(text: str) -> str:
    r"""Return text on one line in which nothing steers a terminal or turns letters round.

    Escape codes, line ends, direction marks, half surrogates and all else that cannot be seen are shown as
    Python writes them, such as ``\x1b``; blanks of any width are one blank each.
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    return " " if unicodedata.category(character) == "Zs" else repr(character)[1:-1]


def fit(texts: Sequence[str], longest: int) -> list[str]:
    """Return texts of so many characters together; the longest of them lose their middles.

    Args:
        texts: Each may have at least its even share, so that short ones stay whole beside endless ones.
        longest: In characters, a few for each text at least.
    """
    most = longest
    for left, length in zip(range(len(texts), 0, -1), sorted(map(len, texts)), strict=True):
        most = longest // left
        if length > most:
            break
        longest -= length
    return [_without_middle(text, most) if len(text) > most else text for text in texts]


def shortened(line: str) -> str:
    """Return a line of a message, without its middle if it is longer than people read (600 characters)."""
    return fit([line], _LONGEST)[0]


def _without_middle(text: str, longest: int) -> str:
    tail = (longest - len(_CUT)) // 2
    return text[: longest - len(_CUT) - tail] + _CUT + text[len(text) - tail :]


def encodable(text: str) -> str:
    """Return a text that a file can hold, with U+FFFD for half a surrogate pair."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet program would take the text for a formula, by how it begins.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return text.lstrip().startswith(_FORMULA_STARTS)


def guard_formula(text: str) -> str:
    """Return the text, with an apostrophe before one that a spreadsheet program would take for a formula."""
    return "'" + text if is_formula(text) else text
