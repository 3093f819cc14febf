from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.corpus.sentences import LONGEST_HEADING, find_blocks

BODY = "Rings fold long chains, one at a time."


def headings(text: str) -> list[str]:
    return [text[block.start : block.end].strip() for block in find_blocks(text) if block.is_heading]


def test_headings_stand_between_paragraphs() -> None:
    text = (
        f"How rings fold chains\n\nAbstract\n\n{BODY}\n\n{BODY} {BODY}\n\n"
        f"2. Results\n{BODY}\n\nWhy?\r\n\r\n{BODY}"
    )
    assert headings(text) == ["How rings fold chains", "Abstract", "2. Results", "Why?"]


@pytest.mark.parametrize(
    "line",
    [
        "It was seen.",
        'He called it "new."',
        "First of all,",
        "as follows",
        "12",
        "A" * (LONGEST_HEADING + 1),
        "The rings, as in:",
    ],
)
def test_what_is_no_heading(line: str) -> None:
    assert headings(f"{line}\n\n{BODY}") == []


def test_a_list_and_a_last_line_are_no_headings() -> None:
    listed = "\n".join(["Actin", "Tubulin", "Keratin", "Septin"])
    assert headings(f"{listed}\n\n{BODY}\n\nThe authors") == []
    assert headings("Actin\n\nTubulin") == []


def test_wrapped_paragraphs_are_one_block() -> None:
    line = "rings of two times seven subunits enclose one chain at a time"
    text = f"Folding\n\nThe {line}\n{line}\n{line}\n{line}\n{line}.\n"
    assert [block.is_heading for block in find_blocks(text)] == [True, False]


@given(st.text(alphabet="aB. \n\r,\u200b1", max_size=60))
def test_blocks_are_in_order_and_hold_all_but_blanks(text: str) -> None:
    blocks = find_blocks(text)
    outside = text
    for block in reversed(blocks):
        outside = outside[: block.start] + outside[block.end :]
    assert outside.strip("\u200b \n\r") == ""
    assert all(one.end <= other.start for one, other in pairwise(blocks))
