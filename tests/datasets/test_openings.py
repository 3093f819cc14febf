from __future__ import annotations

import pytest

from gotune.aspects import Aspect
from gotune.datasets.splits import opening
from gotune.evaluation.audit.results import OpeningCounts
from gotune.evaluation.audit.run import common_openings

BP, CC, MF = Aspect


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


def test_common_openings_are_counted_with_the_aspect_of_most() -> None:
    texts = ["A door of wood.", "Any process that ends.", "a DOOR of iron", "A door, of tin", "A wall."]
    aspects = [CC, BP, CC, MF, CC]
    assert common_openings(texts, aspects, 2) == (
        OpeningCounts("a door of", 3, CC, 2 / 3),
        OpeningCounts("a wall", 1, CC, 1.0),
    )
    assert common_openings(texts, aspects, 9)[2] == OpeningCounts("any process that", 1, BP, 1.0)
    # Of aspects that are equally frequent, the first in label order.
    assert common_openings(["A b c.", "A b c."], [MF, BP], 1) == (OpeningCounts("a b c", 2, BP, 0.5),)
    assert common_openings([], [], 3) == ()
