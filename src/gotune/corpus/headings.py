"""Which lines of a text are headings, and which only look like it: authors, dates, addresses.

There is no markup to go by, so that layout and wording must do. Front matter is told apart because a page
would otherwise show a list of names in bold, as the beginning of a section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from gotune.corpus.sentences import split_blocks

LONGEST_HEADING = 200
"""Characters; titles of papers are rarely longer."""

_MOST_IN_A_ROW = 3
"""Headings that may follow each other, as title, section and subsection do; more are a list or a table."""

_CLOSING = "\"')]}\u00bb\u2019\u201d"
_STOPS = (".", "!", ",", ";", ":", "\u2026", "\u3002")

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}\b"
    rf"|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b"
    r"|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{4}\b",
    re.IGNORECASE,
)
_HISTORY = re.compile(
    r"(?:received|revised|accepted|submitted|posted|(?:first )?published|available)\b.*\b(?:19|20)\d{2}\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:key ?words|abbreviations|running (?:head|title)|short title|correspond\w+(?: author)?|e-?mail)\s*:",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\S@\S|https?://|\bdoi:|\u00a9", re.IGNORECASE)
_INSTITUTION = re.compile(
    r"\b(?:Universit|Institut|Department of|Dept\.|Faculty of|School of|Laborator|Hospital|Cent(?:er|re) for)"
)

_BETWEEN_NAMES = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
_MARKS = re.compile(r"[\d*\u2020\u2021\u00a7\u00b6#]+$")
_INITIALS = re.compile(r"(?:-?[^\W\d_]\.)+")
_CAPITALISED = re.compile(r"[^\W\d_][^\W\d_'\u2019-]*(?:['\u2019-][^\W\d_]+)*")
_PARTICLES = frozenset("al bin da de del della den der di dos du el la le ten ter van von zu".split())
"""Parts of names that are written small."""
_TITLES = frozenset(("", "PhD", "MD", "MSc", "Jr", "II", "III"))
_MOST_WORDS = 5
"""Of a name."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a heading: ``text[start:end]``, offsets in characters."""

    start: int
    end: int
    is_heading: bool


def find_blocks(text: str) -> tuple[Block, ...]:
    """Cut a text into paragraphs and headings, in order.

    A heading is a line by itself of at most `LONGEST_HEADING` characters that has a letter, does not begin
    in lower case, ends without a stop or a comma, is no line of authors, dates or addresses, and has a
    paragraph below it, after two other headings at most. What does not look like one is a paragraph.
    """
    spans = list(split_blocks(text))
    candidates = list(_candidates([text[start:end].strip() for start, end in spans]))
    return tuple(
        Block(start, end, is_heading)
        for (start, end), is_heading in zip(spans, _keep_headings(candidates), strict=True)
    )


def _candidates(blocks: Sequence[str]) -> Iterator[bool]:
    """Tell of each block whether it may be a heading by itself."""
    # Between the title and the first sentence, names without initials are taken for those of authors.
    opening = False
    for number, block in enumerate(blocks):
        is_short = _is_short_line(block)
        yield is_short and not _is_front_matter(block, opening=opening)
        opening = is_short and (opening or number == 0)


def _keep_headings(candidates: Sequence[bool]) -> list[bool]:
    """Keep the candidates in runs that are short and have something below them."""
    kept: list[bool] = []
    for may_head, run in groupby(candidates):
        length = len(list(run))
        is_last = len(kept) + length == len(candidates)
        kept += [may_head and length <= _MOST_IN_A_ROW and not is_last] * length
    return kept


def _is_short_line(line: str) -> bool:
    return (
        0 < len(line) <= LONGEST_HEADING
        and len(line.splitlines()) == 1
        and not line[0].islower()
        and any(map(str.isalpha, line))
        and not line.rstrip(_CLOSING).endswith(_STOPS)
    )


def _is_front_matter(line: str, *, opening: bool) -> bool:
    return (
        any(pattern.search(line) for pattern in (_DATE, _ADDRESS))
        or any(pattern.match(line) for pattern in (_HISTORY, _LABEL))
        or ("," in line and _INSTITUTION.search(line) is not None)
        or _is_list_of_names(line, opening=opening)
    )


def _is_list_of_names(line: str, *, opening: bool) -> bool:
    """Tell whether a line names people.

    ``Golgi Bodies and Plasma Membranes`` looks like two people: outside of the opening of a text, somebody
    must have initials with stops.
    """
    pieces = [_MARKS.sub("", piece).strip() for piece in _BETWEEN_NAMES.split(line)]
    names = [piece.split() for piece in pieces if piece not in _TITLES]
    with_initials = any(_INITIALS.fullmatch(word) for name in names for word in name)
    signs = (opening, with_initials, len(names) > 1)  # none is enough by itself: E. Coli is no author
    return sum(signs) > 1 and all(map(_is_name, names))


def _is_name(words: Sequence[str]) -> bool:
    return 1 < len(words) <= _MOST_WORDS and all(
        word in _PARTICLES
        or _INITIALS.fullmatch(word)
        or (word[0].isupper() and _CAPITALISED.fullmatch(word))
        for word in words
    )
