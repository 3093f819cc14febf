from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.lexicon.variants import Evidence
from gotune.linking.divided import add_divided
from gotune.linking.names import TermNames, wording_of

PHRASES = ("cell growth", "cell division", "lung development", "regulation of growth", "growth", "division")


@pytest.fixture(scope="module")
def of_growth() -> TermNames:
    """Names of GO:0000001 and so on, all trusted."""
    wordings = [wording_of(phrase) for phrase in PHRASES]
    return TermNames.of(
        {wording: (f"GO:{number:07d}", 0.9) for number, wording in enumerate(wordings, start=1) if wording},
        np.full((len(Evidence), 3), 0.5),
    )


def found(names: TermNames, text: str) -> list[tuple[str, ...]]:
    (named,) = add_divided(names, [text], names.find([text]))
    return [tuple(text[start:end] for start, end in one.spans) for one in named]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cell growth and division stop.", [("cell growth",), ("cell", "division")]),
        ("Cell death, growth, and division.", [("Cell", "growth"), ("Cell", "division")]),
        ("Lung and heart development.", [("Lung", "development")]),
        ("lung/heart development", [("lung", "development")]),
        ("The cell (RPC) division.", [("cell", "division")]),
        ("Regulation of the growth.", [("Regulation of", "growth")]),
        ("regulation of division and growth", [("regulation of", "growth"), ("division",)]),
        ("Cells arrest and divide.", [("divide",)]),
        ("the lungs and heart development", []),
        ("cell growth", [("cell growth",)]),
        ("", []),
    ],
)
def test_names_with_a_gap(of_growth: TermNames, text: str, expected: list[tuple[str, ...]]) -> None:
    assert found(of_growth, text) == expected


WORDS = [
    *("cell", "growth", "and", ",", "/", "(a)", "division", "lung", "of", "the", "development"),
    *("regulation of the growth", "cell growth and division", "lung/heart development"),
]


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_parts_stand_in_the_text_and_are_names_without_the_gap(words: list[str]) -> None:
    names = TermNames.of(
        {wording: ("GO:0000001", 0.9) for phrase in PHRASES if (wording := wording_of(phrase))},
        np.full((len(Evidence), 3), 0.5),
    )
    text = " ".join(words).replace(" ,", ",")
    whole = names.find([text])[0]
    (named,) = add_divided(names, [text], [whole])
    assert [one.start for one in named] == sorted(one.start for one in named)
    for one in named:
        parts = [text[start:end] for start, end in one.spans]
        assert all(part == part.strip() != "" for part in parts)
        assert wording_of(" ".join(parts)) in [wording_of(phrase) for phrase in PHRASES]
        assert one.gap is not None or one in whole


@pytest.mark.parametrize("unit", ["a, ", "a and ", "(", "a/", "a-", "of the "])
def test_long_text_takes_seconds(of_growth: TermNames, unit: str) -> None:
    start = time.process_time()
    text = unit * (100_000 // len(unit))
    add_divided(of_growth, [text], [[]])
    assert time.process_time() - start < 20
