"""Which lines of a plain text are headings: told by layout alone, as there is nothing else to go by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from gotune.text.sentences import split_blocks

LONGEST_HEADING = 200
"""Characters; titles of papers are rarely longer."""

_MOST_IN_A_ROW = 3
"""Headings that may follow each other, as title, section and subsection do; more are a list or a table."""

_CLOSING = "\"')]}\u00bb\u2019\u201d"
_STOPS = (".", "!", ",", ";", ":", "\u2026", "\u3002")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a heading: ``text[start:end]``, offsets in characters."""

    start: int
    end: int
    is_heading: bool


def find_blocks(text: str) -> tuple[Block, ...]:
    """Cut a text into paragraphs and headings, in order.

    A heading is a line by itself of at most `LONGEST_HEADING` characters that has a letter, does not begin
    in lower case, ends without a stop or a comma, and has a paragraph below it, after two other headings at
    most. What does not look like one is a paragraph.
    """
    spans = list(split_blocks(text))
    candidates = [_may_head(text[start:end]) for start, end in spans]
    return tuple(
        Block(start, end, is_heading)
        for (start, end), is_heading in zip(spans, _keep_headings(candidates), strict=True)
    )


def _keep_headings(candidates: Sequence[bool]) -> list[bool]:
    """Keep the candidates in runs that are short and have something below them."""
    kept: list[bool] = []
    for may_head, run in groupby(candidates):
        length = len(list(run))
        is_last = len(kept) + length == len(candidates)
        kept += [may_head and length <= _MOST_IN_A_ROW and not is_last] * length
    return kept


def _may_head(block: str) -> bool:
    line = block.strip()
    return (
        0 < len(line) <= LONGEST_HEADING
        and len(line.splitlines()) == 1
        and not line[0].islower()
        and any(map(str.isalpha, line))
        and not line.rstrip(_CLOSING).endswith(_STOPS)
    )
