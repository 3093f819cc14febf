from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gotune.lexicon.abbreviations import find_abbreviations


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The epidermal growth factor (EGF) binds.", {"EGF": "epidermal growth factor"}),
        ("We saw embryonic stem (ES; see below) cells.", {"ES": "embryonic stem"}),
        ("Quick sugar kinase (QSK-1) fell.", {}),
        ("Quick sugar kinase 1 (QSK-1) fell.", {"QSK-1": "Quick sugar kinase 1"}),
        ("It rose (Fig. 2), which we saw (SEM).", {}),
        ("outer membrane (om)", {}),
        ("mutant mice (MM+/+)", {}),
        ("A (B) and (C) cats (CC)", {}),
        ("(EGF) came first", {}),
    ],
)
def test_definitions(sentence: str, found: dict[str, str]) -> None:
    assert find_abbreviations([sentence]) == found


def test_the_first_definition_counts() -> None:
    sentences = ["bovine serum albumin (BSA)", "body surface area (BSA)"]
    assert find_abbreviations(sentences) == {"BSA": "bovine serum albumin"}


PIECES = ["ab ", "a b", "Ba ", "\u0130 ", " (AB)", " (BA; a)", "(ab", ")", ";", " "]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("\u0130\u0130 quick sugar kinase (QSK)")  # a letter that is two in lower case
def test_long_forms_stand_before_the_bracket(text: str) -> None:
    for short, long in find_abbreviations([text]).items():
        assert re.search(rf"{re.escape(long)}\s*\({re.escape(short)}[);]", text)
        assert long[0].lower() == short[0].lower()


@pytest.mark.parametrize("unit", ["(AB) ", "(", "a b (AB;", "(A" * 50])
def test_long_text_takes_seconds(unit: str) -> None:
    start = time.process_time()
    find_abbreviations([unit * (200_000 // len(unit))])
    assert time.process_time() - start < 5
