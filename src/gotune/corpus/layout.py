"""Which lines of a text belong together, by layout alone: blank lines, and lines wrapped at a width."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from gotune.corpus.plain_text import BLANKS, BREAKS, VISIBLE
from gotune.records import Span

_FULL = 0.75
"""A wrapped line is full if the next word would bring it to this share of the width."""

_WRAPPED = 0.25
"""Share of single line breaks, after a full line and before a lower-case letter, that tells wrapped
text. On CRAFT it is .57 or more in wrapped articles and .02 or less with one paragraph a line."""

_NARROWEST = 30
"""Width below which nobody wraps prose: it is a list of words."""

_NEXT_LINE = re.compile(f"(?P<above>[{BLANKS}]*)(?:(?P<word>[^{BLANKS}]+)[^{BREAKS}]*)?")
_PARTED = re.compile(rf"[^{BREAKS}]*(?:\r\n|(?!\r\n)[{BREAKS}])[^{BREAKS}]*[{BREAKS}]")
"""Two line breaks."""
_BROKEN = re.compile("(?:[^\\W\\d_]|[+])[-\u2010\u2011\u00ad]\\Z")
"""The end of a line in the middle of a word."""
_OPEN = re.compile(r"\b(?:a|an|and|as|by|for|from|in|is|nor|of|on|or|that|the|to|was|which|with)\Z")
"""The end of a line that cannot end a sentence or a heading."""
_LONGEST_OPEN = 6
_AMID = re.compile(
    r"[(\[](?:(?:see|e\.g\.|i\.e\.|cf\.?|[Ff]igs?\b|Figures?|Tables?|Suppl|Movie|Video|[Pp]\s?[<=>]|[Nn]\s?=)"
    r"|(?!(?:[A-Za-z]|[ivx]+|\d{1,2})[)\]]\s)[^()\[\]]*(?:[)\]](?:[.,;:]|\s+[a-z])|\Z))"
)
"""The beginning of a line with a bracket behind which a sentence goes on or ends: ``(Fig. 1A). It``."""
_STOPS = ".!?:\u2026\u3002"


class _Line(NamedTuple):
    """A line with something visible on it, without the blanks around."""

    start: int
    end: int
    first_word: int  # its length
    lower: bool  # begins with a lower-case letter
    parted: bool  # a blank line is above


def find_stretches(text: str, parts: Callable[[str, str], bool], *, flows: bool) -> Iterator[Span]:
    """Give the stretches that layout holds together: a line, or several wrapped ones.

    A blank line always parts them. A single line break does too, unless it breaks a word or what stands in
    brackets, comes before brackets of a sentence that has not ended, or the text is hard-wrapped and the line
    is full or the next one begins in lower case: so headings on their own line stay apart. A text counts as
    hard-wrapped if at least a quarter of its single line breaks come after a full line and before a
    lower-case letter.

    Args:
        text: Any text.
        parts: Tells of a line and the one below whether they do not belong together, whatever the layout.
        flows: Whether single line breaks mean nothing, as in LaTeX.

    Returns:
        Each visible character lies in exactly one of them; none begins or ends with a blank.
    """
    width = _wrap_width(text)
    lines = _lines(text)
    first = next(lines, None)
    if first is None:
        return
    start, above = first.start, first
    for below in lines:
        together = not below.parted if flows else _continues(text, above, below, width)
        if not together or parts(text[above.start : above.end], text[below.start : below.end]):
            yield (start, above.end)
            start = below.start
        above = below
    yield (start, above.end)


def is_broken(text: str, end: int) -> bool:
    """Tell whether the stretch that ends at ``end`` stops in the middle of a word."""
    return _BROKEN.search(text[max(0, end - 2) : end]) is not None


def is_open(text: str, end: int) -> bool:
    """Tell whether the stretch that ends at ``end`` stops at a word that ends no sentence, such as ``of``."""
    return _OPEN.search(text, max(0, end - _LONGEST_OPEN), end) is not None


def _wrap_width(text: str) -> int:
    """Return the column at which a text is hard-wrapped, or 0 if it is not."""
    lengths: Counter[int] = Counter()
    reaches: Counter[int] = Counter()  # how far a line before a lower-case letter would go with the next word
    for above, below in pairwise(_lines(text)):
        if not below.parted:
            lengths[above.end - above.start] += 1
            if below.lower:
                reaches[_reach(above, below)] += 1
    width = _percentile_95(lengths)
    if width < _NARROWEST:
        return 0
    wraps = sum(count for reach, count in reaches.items() if reach > _FULL * width)
    return width if wraps >= _WRAPPED * lengths.total() else 0


def _percentile_95(lengths: Counter[int]) -> int:
    """Return the nearest-rank percentile of counted lengths; a few long lines do not move it."""
    needed = 0.95 * lengths.total()
    seen = 0
    for length in sorted(lengths):
        seen += lengths[length]
        if seen >= needed:
            return length
    return 0


def _continues(text: str, above: _Line, below: _Line, width: int) -> bool:
    if below.parted:
        return False
    if width and (below.lower or _reach(above, below) > _FULL * width):
        return True
    if is_broken(text, above.end):
        return text[below.start].isalnum()
    if text[below.start] in "([":
        return text[above.end - 1] not in _STOPS and _AMID.match(text, below.start, below.end) is not None
    return _ends_in_brackets(text, above) or (below.lower and is_open(text, above.end))


def _ends_in_brackets(text: str, line: _Line) -> bool:
    start, end = line.start, line.end
    opened = max(text.rfind("(", start, end), text.rfind("[", start, end))
    return opened >= 0 and opened > max(text.rfind(")", start, end), text.rfind("]", start, end))


def _reach(above: _Line, below: _Line) -> int:
    return above.end - above.start + 1 + below.first_word


def _lines(text: str) -> Iterator[_Line]:
    """Give the lines that are not blank."""
    for found in _NEXT_LINE.finditer(text):
        start, first_word = found.end("above"), found.end("word")
        if first_word < 0:
            return
        parted = _PARTED.match(text, found.start(), start) is not None
        yield _Line(start, _trimmed(text, found.end()), first_word - start, text[start].islower(), parted)


def _trimmed(text: str, end: int) -> int:
    """Return ``end`` moved before the blanks there; something visible must be further left."""
    while not VISIBLE.match(text, end - 1):
        end -= 1
    return end
