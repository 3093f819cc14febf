"""What a page has around its text and amid it: numbers of pages, running heads, rows of tables, commands."""

from __future__ import annotations

import re

STOPS = (".", "!", "?", ",", ";", ":", "\u2026", "\u3002")
"""With what lines of prose end that go on, or are complete."""

_LONGEST_ROW = 1_000
"""Characters."""

_PAGE = re.compile(
    r"(?:page\s+|p\.\s?)?\d{1,5}(?:\s?(?:/|of)\s?\d{1,5})?|[\u2013\u2014-]\s?\d{1,5}\s?[\u2013\u2014-]|[ivxl]{1,6}",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"(?:\d{1,5}\s+)?[A-Z][\w'\u2019-]+(?:\sand\s[A-Z][\w'\u2019-]+|\set\sal\.?),?"
    r"(?:\s+\(?(?:19|20)\d\d\)?)?\s+\d{1,5}"
    r"|(?:\d{1,5}\s+)?[A-Z][\w'\u2019-]+\set\sal\.?(?:\s+\d{1,5})?"
    r"|[A-Z][^.]{0,40}\.?.{0,60}\s\d+\s?(?:\(\d+\))?\s?[,:]\s?[A-Za-z]?\d+(?:\s?[\u2013-]\s?[A-Za-z]?\d+)?\s?"
    r"\(?(?:19|20)\d\d\)?(?:\s+\d{1,5}|\s{3,}.*)?"
    r"|.{0,80}\b(?:Vol(?:ume|\.)?|No\.|ISSN|Issue)\s?\d[^a-z]{0,60}|Downloaded from .{0,120}"
)
"""Authors, or the journal with its volume, beside the number of a page."""
_SIGN_OF_PAGE = re.compile(r"\d|et al|Downloaded|\A[ivxl]+\Z")
_LONGEST_HEAD = 150
_A_LETTER = re.compile(r"[^\W\d_]")
_MARKUP = re.compile(
    r"\\(?!(?:sub)*section|title|chapter|paragraph|caption|bibitem|cite|emph|textit|textbf|text)[a-z]+\b.*|%.*"
)
"""A command of LaTeX on a line of its own that shows no prose, or a comment."""
_GAP = re.compile(r"\t|\s\s|\|")
_CELLS = re.compile(r"\s*\|\s*|\s*\t\s*|\s\s+")
_FEWEST_CELLS = 3
_LONGEST_CELL = 60
_NUMBER = re.compile(r"[^\w\s]*\d[^A-Za-z\s]*[a-z%]{0,3}")
_NUMBERS_SHARE = 0.6


def is_furniture(block: str) -> bool:
    """Tell whether a block is what pages have around their text, a row of a table, or nothing but signs."""
    return _is_row(block) or (
        len(block) <= _LONGEST_HEAD
        and (_is_of_page(block) or _MARKUP.fullmatch(block) is not None or _A_LETTER.search(block) is None)
    )


def stands_alone(line: str) -> bool:
    """Tell whether a line amid others is of no paragraph, whatever the layout."""
    # Two blanks do not tell: lines that are set to the same width have them.
    is_wide = "\t" in line or "   " in line or line.startswith("|")
    return _is_of_page(line) or _MARKUP.fullmatch(line) is not None or (is_wide and _is_row(line))


def _is_of_page(line: str) -> bool:
    """Tell whether a line is the number of a page, or tells of the journal or the authors beside it."""
    if len(line) > _LONGEST_HEAD or _SIGN_OF_PAGE.search(line) is None:
        return False
    return _PAGE.fullmatch(line) is not None or _HEAD.fullmatch(line) is not None


def _is_row(line: str) -> bool:
    """Tell whether a line is a row of a table: cells with room between them, or mostly numbers."""
    if len(line) > _LONGEST_ROW or line.endswith(STOPS) or len(line.splitlines()) > 1:
        return False
    if _GAP.search(line):
        cells = _CELLS.split(line)
        if len(cells) >= _FEWEST_CELLS and max(map(len, cells)) <= _LONGEST_CELL:
            return True
    words = line.split()
    numbers = sum(_NUMBER.fullmatch(word) is not None for word in words)
    return numbers >= _FEWEST_CELLS and numbers >= _NUMBERS_SHARE * len(words)
