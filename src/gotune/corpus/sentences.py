"""Cutting a text into sentences that keep their offsets.

Layout is read first and tells blocks, each with its role (`gotune.corpus.roles`); then the full stops inside
of a block are decided about, on its reading (`gotune.corpus.reading`, `gotune.corpus.full_stops`). F1 of the
boundaries is measured by ``benchmarks/sentence_splitting.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from gotune.corpus.full_stops import sentence_starts
from gotune.corpus.reading import Reading
from gotune.corpus.roles import Block, find_blocks, is_section
from gotune.records import Role, Sentence, Span

LONGEST_SENTENCE = 2_000
"""Characters in a sentence; a longer one is divided at blanks, so that no later stage meets a giant."""

LONGEST_WORD = 500
"""Characters in a word; a longer one is a DNA sequence or encoded data and stands alone, in pieces.
This also bounds nupunkt, whose time grows with the square of a word made of stops."""

_WINDOW = 50_000
"""Characters given to nupunkt at once, which keeps a match for every full stop in memory."""

_LONG_WORD = re.compile(f"(?<![^ ])[^ ]{{{LONGEST_WORD + 1},}}")


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Cut a text into sentences and what stands between them.

    Args:
        text: Any text, of any length.

    Returns:
        The pieces in the order of their beginnings. Every visible character lies in exactly one span of one
        of them. The text of a piece is the reading of its spans; none is empty, begins or ends with a blank,
        or is longer than `LONGEST_SENTENCE`.
    """
    blocks = find_blocks(text)
    found = [piece for block in blocks for piece in _pieces_of(text, block)]
    if any(len(block.spans) > 1 for block in blocks):
        found.sort(key=lambda piece: piece.start)
    return tuple(found)


def _pieces_of(text: str, block: Block) -> Iterator[Sentence]:
    """Give the pieces of a block. Its reading has no blanks but spaces."""
    reading = Reading(text, block.spans)
    read = reading.text
    stretches = [(0, len(read))] if block.is_whole else _sentences(read)
    for start, end in stretches:
        for first, piece in _pieces(read, start, end):
            last = first + len(piece)
            # A section whose name begins its first line: "Abstract. Vesicles fuse."
            runs_in = first == 0 and last < len(read) and block.role is Role.SENTENCE and is_section(piece)
            yield Sentence(reading.spans(first, last), piece, Role.HEADING if runs_in else block.role)


def _sentences(read: str) -> Iterator[Span]:
    """Give the sentences of a block, long words apart."""
    start = 0
    if _may_have_long_word(read):
        for word in _LONG_WORD.finditer(read):
            yield from _punctuated(read, start, word.start())
            yield word.span()
            start = word.end()
    yield from _punctuated(read, start, len(read))


def _may_have_long_word(read: str) -> bool:
    """Tell whether a half of the longest word has no blank, which is found sooner than the word is."""
    half = LONGEST_WORD // 2
    return any(read.find(" ", start, start + half) < 0 for start in range(0, len(read) - half, half))


def _punctuated(read: str, start: int, end: int) -> Iterator[Span]:
    """Give the sentences that full stops end, window by window."""
    while start < end:
        stop = _cut(read, start, end, _WINDOW)
        starts = [start + first for first in sentence_starts(read[start:stop])]
        # The last sentence of a window may go on behind it: the next window begins with it.
        if stop < end and starts[-1] > start:
            stop = starts.pop()
        yield from pairwise([*starts, stop])
        start = stop


def _pieces(read: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Give a sentence without the blanks around it, divided if it is too long, and where each part begins."""
    while start < end:
        if read[start] == " ":
            start += 1
            continue
        stop = _cut(read, start, end, LONGEST_SENTENCE)
        yield start, read[start:stop].rstrip(" ")
        start = stop


def _cut(read: str, start: int, end: int, longest: int) -> int:
    """Return where to end a stretch of at most ``longest`` characters: behind a blank if there is one."""
    limit = start + longest
    if limit >= end:
        return end
    return read.rfind(" ", start, limit + 1) + 1 or limit
