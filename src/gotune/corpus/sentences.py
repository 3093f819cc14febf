"""Cutting a text into sentences that keep their offsets.

Layout is read first, then nupunkt decides about full stops inside what layout left together.
F1 of the boundaries on the 67 CRAFT development articles (``benchmarks/sentence_splitting.py``):
.994 with one paragraph a line, .993 with the paragraphs wrapped at 80 columns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from gotune.corpus.plain_text import BLANKS, VISIBLE
from gotune.records import Sentence

LONGEST_SENTENCE = 2_000
"""Characters in a sentence; a longer one is divided at blanks, so that no later stage meets a giant."""

LONGEST_WORD = 500
"""Characters in a word; a longer one is a DNA sequence or encoded data and stands alone, in pieces.
This also bounds nupunkt, whose time grows with the square of a word made of stops."""

_WINDOW = 50_000
"""Characters given to nupunkt at once, which keeps a match for every full stop in memory."""

_FULL = 0.75
"""A wrapped line is full if the next word would bring it to this share of the width."""

_WRAPPED = 0.25
"""Share of single line breaks, after a full line and before a lower-case letter, that tells wrapped
text. On CRAFT it is .57 or more in wrapped articles and .02 or less with one paragraph a line."""

_NARROWEST = 30
"""Width below which nobody wraps prose: it is a list of words."""

_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UP_TO_LAST_BLANK = re.compile(f".*[{BLANKS}]", re.DOTALL)
_WORD = re.compile(f"[^{BLANKS}]+")
_LONG_WORD = re.compile(f"(?<![^{BLANKS}])[^{BLANKS}]{{{LONGEST_WORD + 1},}}")


class _Line(NamedTuple):
    """A line with something visible on it, without the blanks around."""

    start: int
    end: int
    first_word: int  # its length
    lower: bool  # begins with a lower-case letter
    parted: bool  # a blank line is above


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Cut a text into sentences.

    A blank line always ends a sentence. A single line break does too, unless the text is hard-wrapped
    and the line is full or the next one begins in lower case: so headings on their own line stay apart.
    A text counts as hard-wrapped if at least a quarter of its single line breaks come after a full line
    and before a lower-case letter.

    Args:
        text: Any text, of any length.

    Returns:
        The sentences in order. Every visible character lies in exactly one of them; none is empty,
        begins or ends with a blank, or is longer than `LONGEST_SENTENCE`.
    """
    return tuple(
        Sentence(first, last, text[first:last])
        for block_start, block_end in split_blocks(text)
        for start, end in _sentences(text, block_start, block_end)
        for first, last in _pieces(text, start, end)
    )


def split_blocks(text: str) -> Iterator[tuple[int, int]]:
    """Give the stretches that layout holds together: a line, or several wrapped ones.

    Each visible character lies in exactly one of them; they may begin and end with blanks.
    """
    width = _wrap_width(text)
    start = 0
    for above, below in pairwise(_lines(text)):
        if not (width and _continues(above, below, width)):
            yield (start, above.end)
            start = below.start
    # What is left is the last block; without a line break, the whole text.
    yield (start, len(text))


def _wrap_width(text: str) -> int:
    """Return the column at which a text is hard-wrapped, or 0 if it is not."""
    lengths = Counter(above.end - above.start for above, below in _single_breaks(text))
    breaks = lengths.total()
    width = _percentile_95(lengths)
    if width < _NARROWEST:
        return 0
    wraps = sum(below.lower and _is_full(above, below, width) for above, below in _single_breaks(text))
    return width if wraps >= _WRAPPED * breaks else 0


def _single_breaks(text: str) -> Iterator[tuple[_Line, _Line]]:
    """Give the lines above and below each line break that is not part of a blank line."""
    return (pair for pair in pairwise(_lines(text)) if not pair[1].parted)


def _percentile_95(lengths: Counter[int]) -> int:
    """Return the nearest-rank percentile of counted lengths; a few long lines do not move it."""
    needed = 0.95 * lengths.total()
    seen = 0
    for length in sorted(lengths):
        seen += lengths[length]
        if seen >= needed:
            return length
    return 0


def _continues(above: _Line, below: _Line, width: int) -> bool:
    return not below.parted and (below.lower or _is_full(above, below, width))


def _is_full(above: _Line, below: _Line, width: int) -> bool:
    return above.end - above.start + 1 + below.first_word > _FULL * width


def _lines(text: str) -> Iterator[_Line]:
    """Give the lines that are not blank."""
    end = 0
    while visible := VISIBLE.search(text, end):
        start = visible.start()
        above = _LINE_BREAK.search(text, end, start)
        parted = above is not None and _LINE_BREAK.search(text, above.end(), start) is not None
        below = _LINE_BREAK.search(text, start)
        end = _trimmed(text, below.start() if below else len(text))
        word = _WORD.match(text, start)
        first_word = word.end() - start if word else 0
        yield _Line(start, end, first_word, text[start].islower(), parted)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the sentences of a block, long words apart."""
    for word in _LONG_WORD.finditer(text, start, end):
        yield from _punctuated(text, start, word.start())
        yield word.span()
        start = word.end()
    yield from _punctuated(text, start, end)


def _punctuated(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the sentences that nupunkt finds, window by window."""
    import nupunkt

    while start < end:
        stop = _cut(text, start, end, _WINDOW)
        starts = [start + first for first, _ in nupunkt.sent_spans(text[start:stop])]
        # The last sentence of a window may go on behind it: the next window begins with it.
        if stop < end and starts[-1] > start:
            stop = starts.pop()
        yield from pairwise([start, *starts[1:], stop])
        start = stop


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give a sentence without the blanks around it, divided if it is too long."""
    while visible := VISIBLE.search(text, start, end):
        start = visible.start()
        stop = _cut(text, start, end, LONGEST_SENTENCE)
        yield (start, _trimmed(text, stop))
        start = stop


def _cut(text: str, start: int, end: int, longest: int) -> int:
    """Return where to end a stretch of at most ``longest`` characters: behind a blank if there is one."""
    limit = start + longest
    if limit >= end:
        return end
    blank = _UP_TO_LAST_BLANK.match(text, start, limit + 1)
    return blank.end() if blank else limit


def _trimmed(text: str, end: int) -> int:
    """Return ``end`` moved before the blanks there; something visible must be further left."""
    while not VISIBLE.match(text, end - 1):
        end -= 1
    return end
