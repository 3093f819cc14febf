from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.lines import guard_formula, is_formula, name_as_text, one_line


def test_a_run_of_white_space_is_one_blank() -> None:
    assert one_line(" ATP\r\n\tis \u2028 bound.\x0b") == "ATP is bound."
    assert one_line(" \n ") == ""


@given(st.text())
def test_a_line_has_single_blanks_and_stays_as_it_is(text: str) -> None:
    line = one_line(text)
    assert line == one_line(line) == line.strip()
    assert line.split(" ") == (text.split() or [""])


def test_bytes_of_a_name_that_are_no_text_are_replaced() -> None:
    assert name_as_text("β.txt") == "β.txt"
    assert name_as_text(os.fsdecode(b"a\xff.txt")) == "a\N{REPLACEMENT CHARACTER}.txt"


@pytest.mark.parametrize("text", ["=1+1", "+44", "-x", "@SUM(A1)", " \t=cmd"])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    assert is_formula(text)
    assert guard_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a = b", "5'-nucleotidase", "'=1", "(+)-camphor"])
def test_other_texts_stay(text: str) -> None:
    assert not is_formula(text)
    assert guard_formula(text) == text
