from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.corpus.layout import find_stretches, is_broken, is_open
from gotune.corpus.plain_text import VISIBLE

PROSE = """\
the rings of two times seven subunits
enclose one chain at a time and close
behind it so that it can fold alone."""


def stretches(text: str, *, flows: bool = False) -> list[str]:
    found = find_stretches(text, lambda _above, below: below.startswith("|"), flows=flows)
    return [text[start:end] for start, end in found]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\v"])
def test_blank_lines_part_and_single_breaks_of_unwrapped_text_too(line_break: str) -> None:
    text = line_break.join(["Rings", "", "  Chains ", "Folds", " \t", "", "Ends"])
    assert stretches(text) == ["Rings", "Chains", "Folds", "Ends"]


def test_wrapped_lines_belong_together() -> None:
    assert stretches(f"Folding\n\n{PROSE}\n\nEnd") == ["Folding", PROSE, "End"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ribo-\nsome is large", ["The ribo-\nsome is large"]),
        ("The ribo\u00ad\nsome is large", ["The ribo\u00ad\nsome is large"]),
        ("Levels of IL-\n6 rose", ["Levels of IL-\n6 rose"]),
        ("The inner and\nouter rings", ["The inner and\nouter rings"]),
        ("It is made of\nrings", ["It is made of\nrings"]),
        ("The rings\nand chains", ["The rings", "and chains"]),
        ("Made of\nRings", ["Made of", "Rings"]),
        ("Made of rings\n(Fig. 1A). They open", ["Made of rings\n(Fig. 1A). They open"]),
        ("Made of rings\n(see Fig. 1A and", ["Made of rings\n(see Fig. 1A and"]),
        ("Made of rings\n[12], which open", ["Made of rings\n[12], which open"]),
        ("Made of rings\n(Doe 2004) that open", ["Made of rings\n(Doe 2004) that open"]),
        ("Made of rings\n(n = 5)", ["Made of rings\n(n = 5)"]),
        ("Made of rings (Fig.\n1A). They open", ["Made of rings (Fig.\n1A). They open"]),
        ("Made of rings [2,\n3]", ["Made of rings [2,\n3]"]),
        ("They open.\n(Fig. 1A shows it.)", ["They open.", "(Fig. 1A shows it.)"]),
        ("Methods\n(a) strains", ["Methods", "(a) strains"]),
        ("Methods\n(ii) strains", ["Methods", "(ii) strains"]),
        ("Methods\n(B) Strains", ["Methods", "(B) Strains"]),
        ("References\n[1] Doe J. Rings.", ["References", "[1] Doe J. Rings."]),
        ("Rings\n(In press)", ["Rings", "(In press)"]),
        ("At 5-\n\nfold more", ["At 5-", "fold more"]),
        ("Rings\n|a|b", ["Rings", "|a|b"]),
        ("", []),
        ("\n\n \u200b\n", []),
    ],
)
def test_what_a_line_end_cannot_part(text: str, expected: list[str]) -> None:
    assert stretches(text) == expected


def test_single_breaks_mean_nothing_where_text_flows() -> None:
    assert stretches("Rings\nChains\n|a\n\nFolds", flows=True) == ["Rings\nChains", "|a", "Folds"]


@pytest.mark.parametrize(
    ("text", "broken"),
    [("ribo-", True), ("Ca2+-", True), ("ribo\u00ad", True), ("5-", False), ("ribo -", False)],
)
def test_words_that_go_on(text: str, broken: bool) -> None:
    assert is_broken(text, len(text)) is broken


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("a ring of", True), ("proof", False), ("which", True), ("made\nof", True), ("a ring", False)],
)
def test_words_that_end_no_sentence(text: str, is_one: bool) -> None:
    assert is_open(text, len(text)) is is_one


@given(st.text(st.sampled_from("aB.-|1([)] \t\n\r\u2028\u200b\u00ad"), max_size=80), st.booleans())
def test_stretches_hold_all_that_is_visible_once(text: str, flows: bool) -> None:
    spans = list(find_stretches(text, lambda _above, _below: False, flows=flows))
    assert all(VISIBLE.match(text, start) and VISIBLE.match(text, end - 1) for start, end in spans)
    assert all(left[1] < right[0] for left, right in pairwise(spans))
    bounds = [0, *(bound for span in spans for bound in span), len(text)]
    gaps = zip(bounds[::2], bounds[1::2], strict=True)
    assert not any(VISIBLE.search(text, start, end) for start, end in gaps)
