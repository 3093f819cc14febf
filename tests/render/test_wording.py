from __future__ import annotations

import pytest

from gotune.aspects import Head
from gotune.estimates import Estimate, Interval
from gotune.render.figures import ink_on
from gotune.render.wording import (
    NONE_COLOUR,
    count_sentences,
    describe_head,
    describe_interval,
    join_names,
)


@pytest.mark.parametrize(("names", "expected"), [((), "none"), (("BP",), "BP"), (("BP", "MF"), "BP, MF")])
def test_names_are_joined(names: tuple[str, ...], expected: str) -> None:
    assert join_names(names) == expected


@pytest.mark.parametrize("head", Head)
def test_a_head_is_described_in_a_sentence_with_its_name(head: Head) -> None:
    sentence = describe_head(head)
    assert sentence[0].isupper()
    assert sentence.lower() == f"{head.meaning} ({head.value} head)."


def test_thresholds_are_told_with_the_head() -> None:
    sentence = describe_head(Head.MULTI, (0.5, 0.25, 0.8125))
    assert sentence == (
        f"{describe_head(Head.MULTI)} "
        "An aspect is carried from this probability on: BP 0.500, CC 0.250, MF 0.812."
    )


def test_an_interval_is_told_in_percent() -> None:
    assert describe_interval(Estimate(0.5, Interval(0.125, 0.75))) == "12.5% to 75.0%"


def test_sentences_are_counted() -> None:
    assert [count_sentences(n) for n in (1, 1200)] == ["1 sentence", "1,200 sentences"]


def test_black_and_white_are_both_legible_with_the_grey() -> None:
    assert ink_on(NONE_COLOUR) == "#000000"
