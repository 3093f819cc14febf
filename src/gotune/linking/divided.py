"""Names with something between their words, such as the second of "cell growth and division".

A text without what may stand there names them as any text does: without one of two words that are joined by
"and", "or" or a stroke, a bracket, or an article. On CRAFT's development articles two of three places that
are found so are annotated, and most of the others could be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gotune.linking.names import Named, TermNames
from gotune.records import Span

_WORD = r"[^\W_](?:[\w'\u2019+-]*\w)?"
_AND = r"(?:and/or|and|or) "
_JOINED = (
    # The last words are shared: lung [and heart] development.
    re.compile(rf"(?<=\w)(?:,? {_AND}|/){_WORD}(?= \w)"),
    # The first words are: cell [growth, death and] division, cell [growth,] death and division.
    re.compile(rf"(?<=\w )(?:(?:{_WORD}, ){{0,4}}{_WORD},? {_AND}|{_WORD}/)(?=\w)"),
    re.compile(rf"(?<=\w )(?:{_WORD}, ){{1,4}}(?={_WORD},? {_AND})"),
)
_INSERTED = (
    re.compile(r"(?<=\w) \([^()]{1,40}\)(?= \w)"),
    re.compile(r"(?<= of )(?:the|an?|these|this|those|their|its|both|all) (?=\w)"),
)
_MANY = re.compile(r"(?<![sui])s *\Z")
"""The end of a plural: "cells arrest and die" names no cell death."""
_AT_ONCE = 256
"""Texts whose gaps are held together: there may be one for every few characters."""
_LOOKED_AT = 80
"""Characters on both sides, and the rest of a word."""


class _Gap(NamedTuple):
    """A stretch that is left out of a text.

    Attributes:
        text: Number of the text.
        start: Of the stretch in the text.
        end: The one behind it.
        shift: Where what is looked at begins.
        behind: Where it ends.
    """

    text: int
    start: int
    end: int
    shift: int
    behind: int


def add_divided(
    names: TermNames, texts: Sequence[str], named: Sequence[Sequence[Named]]
) -> list[list[Named]]:
    """Return what texts name, with their divided names, in order of their starts.

    What lies within a part of a divided name does not count, as names within a longer one do not.

    Args:
        names: By which the others were found.
        texts: Sentences, as they are read.
        named: What each names without a gap.
    """
    found: list[list[Named]] = []
    for first in range(0, len(texts), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        found += _add_divided(names, texts[some], named[some])
    return found


def _add_divided(
    names: TermNames, texts: Sequence[str], named: Sequence[Sequence[Named]]
) -> list[list[Named]]:
    gaps = [gap for number, text in enumerate(texts) for gap in _gaps(number, text)]
    shortened = names.find([_without(texts[gap.text], gap) for gap in gaps])
    divided: list[dict[Named, None]] = [{} for _ in texts]
    for gap, found in zip(gaps, shortened, strict=True):
        for one in found:
            start, end = one.start + gap.shift, one.end + gap.shift
            if start < gap.start < end:
                span = _trimmed(texts[gap.text], gap)
                divided[gap.text][Named(start, end + gap.end - gap.start, one.go_id, one.trust, span)] = None
    return [_joined(whole, list(parted)) for whole, parted in zip(named, divided, strict=True)]


def _gaps(number: int, text: str) -> Iterator[_Gap]:
    for pattern in (*_JOINED, *_INSERTED):
        place = 0
        while match := pattern.search(text, place):
            start, end = match.span()
            place = start + 1
            first = text.rfind(" ", 0, max(0, start - _LOOKED_AT)) + 1
            if pattern in _INSERTED or not _MANY.search(text, first, start):
                behind = text.find(" ", end + _LOOKED_AT)
                yield _Gap(number, start, end, first, len(text) if behind < 0 else behind)


def _without(text: str, gap: _Gap) -> str:
    return text[gap.shift : gap.start] + text[gap.end : gap.behind]


def _trimmed(text: str, gap: _Gap) -> Span:
    """Return a gap with the blanks at its sides, so that no part of a name begins or ends with one."""
    before, behind = text[: gap.start], text[gap.end :]
    return len(before.rstrip()), gap.end + len(behind) - len(behind.lstrip())


def _joined(whole: Sequence[Named], divided: Sequence[Named]) -> list[Named]:
    parts = [part for one in divided for part in one.spans]
    kept = [one for one in whole if not any(start <= one.start and one.end <= end for start, end in parts)]
    return sorted([*kept, *divided], key=lambda one: (one.start, one.end))
