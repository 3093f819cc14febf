from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.lines import (
    encodable,
    fit,
    guard_formula,
    is_formula,
    name_as_text,
    one_line,
    printable,
    shortened,
)


def test_a_run_of_white_space_is_one_blank() -> None:
    assert one_line(" ATP\r\n\tis \u2028 bound.\x0b") == "ATP is bound."
    assert one_line(" \n ") == ""


@given(st.text())
def test_a_line_has_single_blanks_and_stays_as_it_is(text: str) -> None:
    line = one_line(text)
    assert line == one_line(line) == line.strip()
    assert line.split(" ") == (text.split() or [""])


def test_bytes_of_a_name_that_are_no_text_are_told() -> None:
    assert name_as_text("β.txt") == "β.txt"
    assert name_as_text(os.fsdecode(b"a\xff.txt")) == r"a\xff.txt"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b31m\x7f", r"\x9b31m\x7f"),
        ("a\u202eb\u2066c\u2069\u200f\u061c", r"a\u202eb\u2066c\u2069\u200f\u061c"),
        ("a\tb\r\nc\u2028\x85", r"a\tb\r\nc\u2028\x85"),
        ("half \udcff", r"half \udcff"),
        ("5\u2009µm\xa0long", "5 µm long"),
        ("a\\b 'c' \"d\" [e] עברית 中文", "a\\b 'c' \"d\" [e] עברית 中文"),
    ],
)
def test_what_cannot_be_seen_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_what_is_printable_stays(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown


def test_the_longest_texts_lose_their_middles() -> None:
    assert fit(["abc", "0123456789"], 13) == ["abc", "0123456789"]
    assert fit(["abc", "0123456789"], 12) == ["abc", "012 … 789"]
    assert fit(["0123456789"] * 2, 15) == ["01 … 89"] * 2
    assert fit(["a" * 9, "b", "c" * 8], 15) == ["aa … aa", "b", "cc … cc"]
    assert fit([], 5) == []
    assert shortened("a" * 600) == "a" * 600
    assert shortened("a" * 300 + "b" * 301) == "a" * 299 + " … " + "b" * 298


@given(st.lists(st.integers(0, 120), max_size=5), st.integers(40, 200))
def test_texts_fit(sizes: list[int], longest: int) -> None:
    texts = [chr(ord("a") + number) * size for number, size in enumerate(sizes)]
    fitting = fit(texts, longest)
    if sum(map(len, texts)) <= longest:
        assert fitting == texts
    assert sum(map(len, fitting)) <= longest
    assert all(len(text) > longest // len(texts) for text in set(texts) - set(fitting))


def test_half_a_pair_is_replaced() -> None:
    assert encodable("a\udcffb\ud83d\ude00") == "a\ufffdb\U0001f600"


@pytest.mark.parametrize("text", ["=1+1", "+44", "-x", "@SUM(A1)", " \t=cmd"])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    assert is_formula(text)
    assert guard_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a = b", "5'-nucleotidase", "'=1", "(+)-camphor"])
def test_other_texts_stay(text: str) -> None:
    assert not is_formula(text)
    assert guard_formula(text) == text
