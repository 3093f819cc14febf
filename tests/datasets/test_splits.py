from __future__ import annotations

import pytest

from gotune.datasets.splits import opening


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Any process that opens a door.", "any process that"),
        ("ANY  process, that", "any process that"),
        ("(A) door-step", "a door step"),
        ("Doors.", "doors"),
        ("…", ""),
    ],
)
def test_opening_is_three_words_without_case_and_punctuation(text: str, expected: str) -> None:
    assert opening(text) == expected
