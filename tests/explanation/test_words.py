from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.explanation.words import find_words, leave_out


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in find_words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ATP-dependent (H2O).", ["ATP", "-", "dependent", "(", "H2O", ")", "."]),
        ("", []),
        ("x", ["x"]),
        (" \n\t\u200b\u202e\x1b ", []),
        ("cafe\u0301 na\u0308ive", ["cafe\u0301", "na\u0308ive"]),
        ("cell\u200bwall", ["cell\u200bwall"]),
        ("\u05e9\u05dc\u05d5\u05dd, \u202egnp", ["\u05e9\u05dc\u05d5\u05dd", ",", "gnp"]),
        (
            "a\U0001f469\u200d\U0001f52cb\u2764\ufe0f",
            ["a", "\U0001f469\u200d\U0001f52c", "b", "\u2764\ufe0f"],
        ),
        ("<b>", ["<", "b", ">"]),
        ("TGF\u03b2", ["TGF\u03b2"]),
    ],
)
def test_words_and_each_mark_for_itself(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_places_are_in_order_and_hold_all_that_is_visible(text: str) -> None:
    bounds = [0, *(bound for place in find_words(text) for bound in place), len(text)]
    assert bounds == sorted(bounds)
    gaps = zip(bounds[::2], bounds[1::2], strict=True)
    between = "".join(text[start:end] for start, end in gaps)
    assert all(one.isspace() or unicodedata.category(one) in ("Cc", "Cf") for one in between)
    assert all(word.strip() for word in words(text))


def test_leaving_out_joins_no_words() -> None:
    text = "ATP-dependent  pump."
    places = find_words(text)
    assert leave_out(text, []) == "ATP-dependent pump."
    assert leave_out(text, places[1:2]) == "ATP dependent pump."
    assert leave_out(text, [places[0], places[3]]) == "-dependent ."
    assert leave_out(text, places) == ""
