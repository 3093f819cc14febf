from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.corpus.roles import LONGEST_HEADING, find_blocks
from gotune.records import Role

BODY = "Rings fold long chains, one at a time."


def headings(text: str) -> list[str]:
    return [text[slice(*block.spans[0])] for block in find_blocks(text) if block.role is Role.HEADING]


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


@pytest.mark.parametrize(
    "line",
    [
        "Received 12 March 2019",
        "Received: 12 March 2019 / Accepted: 3 May 2019",
        "March 12th, 2019",
        "2019-03-12",
        "Available online May 2019",
        "A. B. Smith, C. Jones and D. E. Miller",
        "A.B. Smith1,2*, C. Jones1 & D.-E. van der Miller3\u2020",
        "\u00d3. O\u2019Neill, L. Garc\u00eda-L\u00f3pez, PhD",
        "1 Department of Biology, University of Somewhere",
        "Correspondence: smith@example.org",
        "Keywords: heat shock, chaperone, yeast",
        "\u00a9 2019 The Authors",
        "https://doi.org/10.1000/1",
    ],
)
def test_front_matter_is_no_heading(line: str) -> None:
    assert headings(f"How rings fold\n\n{line}\n\nAbstract\n\n{BODY}") == ["How rings fold", "Abstract"]
    assert headings(f"{BODY}\n\n{line}\n\n{BODY}") == []


@pytest.mark.parametrize(
    "line",
    [
        "Yeast Strains, Growth Media and Plasmids",
        "E. coli, C. elegans and S. cerevisiae",
        "E. Coli",
        "Human Hsp70 and Yeast Hsp104",
        "Golgi Bodies and Plasma Membranes",
        "Received signals and their meaning",
        "Cholera in Haiti, October 2010",
        "May the force be with you",
        "University life",
        "Keywords",
    ],
)
def test_headings_that_look_like_front_matter(line: str) -> None:
    assert headings(f"{BODY}\n\n{line}\n\n{BODY}") == [line]


@pytest.mark.parametrize(
    "line", ["John Smith, Carol Jones and David Miller", "Smith AB, Jones C, Miller DE", "A. B. Smith"]
)
def test_names_without_initials_are_authors_below_the_title_only(line: str) -> None:
    assert headings(f"How rings fold\n\n{line}\n\nAbstract\n\n{BODY}") == ["How rings fold", "Abstract"]
    assert headings(f"{BODY}\n\n{line}\n\n{BODY}") == [line]
    assert headings(f"{line}\n\n{BODY}") == [line]  # nobody but the title is first


def test_dates_between_headings_do_not_make_a_list_of_them() -> None:
    front = "How rings fold\n\nA. B. Smith, C. Jones\n\nReceived 12 March 2019\n\nAbstract"
    assert headings(f"{front}\n\n{BODY}") == ["How rings fold", "Abstract"]


def test_a_list_and_a_last_line_are_no_headings() -> None:
    listed = "\n".join(["Actin", "Tubulin", "Keratin", "Septin"])
    assert headings(f"{listed}\n\n{BODY}\n\nThe authors") == []
    assert headings("Actin\n\nTubulin") == []


def test_wrapped_paragraphs_are_one_block() -> None:
    line = "rings of two times seven subunits enclose one chain at a time"
    text = f"Folding\n\nThe {line}\n{line}\n{line}\n{line}\n{line}.\n"
    assert [block.role for block in find_blocks(text)] == [Role.HEADING, Role.SENTENCE]


@given(st.text(alphabet="aB. \n\r,\u200b1", max_size=60))
def test_blocks_are_in_order_and_hold_all_but_blanks(text: str) -> None:
    blocks = find_blocks(text)
    assert [block.spans for block in blocks] == sorted(block.spans for block in blocks)
    spans = sorted(span for block in blocks for span in block.spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    bounds = [0, *(bound for span in spans for bound in span), len(text)]
    outside = "".join(text[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True))
    assert outside.strip("\u200b \n\r") == ""
