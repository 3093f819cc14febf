"""Finding what is no prose among texts: remains of HTML and LaTeX, references, rows of tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

EXAMPLES = 3
"""Texts shown of each kind."""

_LONGEST_SHOWN = 80
_LEAST_CELLS = 5  # a shorter text, such as "24 h" or "Figure 1", says nothing about a table
_CELLS_SHARE = 0.6

_TAGS = (
    "a|abbr|b|big|br|center|div|em|font|h[1-6]|hr|i|img|italic|bold|li|ol|p|pre|q|s|small|span|strong|su[bp]"
    "|table|t[bdhr]|tbody|thead|tt|u|ul|xref"
)
_HTML = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|&(?:[a-z]{{2,8}}|#\d{{2,6}}|#x[0-9a-f]{{2,5}});", re.I)
_LATEX = re.compile(
    r"\\(?:[a-zA-Z]+\*?\s*\{|begin\b|alpha\b|beta\b|gamma\b|mu\b|pm\b|times\b)|\$[^$]*[\\^_{][^$]*\$"
)
# Year, volume and page, as in "1998;12(3):456-60"; a bare identifier; or authors with initials and a year.
_REFERENCE = re.compile(
    r"\b(?:19|20)\d\d\s?[;,]\s?(?:vol\.?\s?)?\d+\s?(?:\(\d+[^)]{0,12}\))?\s?[:,]\s?(?:pp?\.\s?)?[A-Z]?\d+"
    r"|^\W*(?:doi:?\s?|https?://(?:dx\.)?doi\.org/)10\.\d{4,}/\S+\W*$|^\W*PMI?D:?\s?\d{4,}\W*$"
    r"|^(?:\[?\d{1,3}[\].]\s?)?[A-Z][\w'-]+,? [A-Z]{1,3}(?:\.|,)(?:.{0,400}\b(?:19|20)\d\d\b)",
)
_NUMBER_CELL = re.compile(r"[^\w\s]*\d[^A-Za-z\s]*[a-z%]{0,3}|[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Remains:
    """Texts of one kind that are no prose: how many, and the first few of them, cut to be shown."""

    n: int
    examples: tuple[str, ...]


def find_remains(texts: Sequence[str]) -> dict[str, Remains]:
    """Count the texts with remains of HTML or LaTeX, and those that are references or rows of tables.

    Rules of thumb that warn; nothing is refused for them.

    Returns:
        By kind (``HTML``, ``LaTeX``, ``reference``, ``table``), only what was found. A text can be of two.
    """
    found = {kind: [text for text in texts if is_one(text)] for kind, is_one in _KINDS.items()}
    return {
        kind: Remains(len(ones), tuple(_cut(text) for text in ones[:EXAMPLES]))
        for kind, ones in found.items()
        if ones
    }


def _is_table(text: str) -> bool:
    """Whether tabs or bars divide the text, or most of its words are numbers."""
    if text.count("\t") >= 2 or text.count("|") >= 3:
        return True
    cells = text.split()
    n_numbers = sum(_NUMBER_CELL.fullmatch(cell) is not None for cell in cells)
    return len(cells) >= _LEAST_CELLS and n_numbers >= _CELLS_SHARE * len(cells)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


_KINDS: dict[str, Callable[[str], bool]] = {
    "HTML": lambda text: _HTML.search(text) is not None,
    "LaTeX": lambda text: _LATEX.search(text) is not None,
    "reference": lambda text: _REFERENCE.search(text) is not None,
    "table": _is_table,
}
