from __future__ import annotations

from dataclasses import replace

import pytest

from gotune.aspects import Aspect, Head
from gotune.estimates import Estimate, Interval
from gotune.records import ClassifiedDocument, Reads
from gotune.render.figures import ink_on
from gotune.render.wording import (
    NONE_COLOUR,
    count_aspects,
    count_sentences,
    describe_cut,
    describe_doubtful,
    describe_head,
    describe_interval,
    describe_judged,
    describe_named,
    describe_not_calibrated,
    describe_uncounted,
    describe_unfit,
    join_names,
    name_term,
    shown_score,
)
from tests.models_said import MULTI, SINGLE


@pytest.mark.parametrize(("names", "expected"), [((), "none"), (("BP",), "BP"), (("BP", "MF"), "BP, MF")])
def test_names_are_joined(names: tuple[str, ...], expected: str) -> None:
    assert join_names(names) == expected


@pytest.mark.parametrize(
    ("score", "expected"), [(0.0, "0.00"), (0.754, "0.75"), (0.994, "0.99"), (0.996, ">0.99"), (1.0, "1.00")]
)
def test_only_a_whole_score_reads_as_one(score: float, expected: str) -> None:
    assert shown_score(score) == expected


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


def test_what_does_not_count_is_told() -> None:
    told = "beside the sentences (headings, captions, references and other)."
    assert describe_uncounted(1) == f"Not counted: 1 piece {told}"
    assert describe_uncounted(1200) == f"Not counted: 1,200 pieces {told}"


def test_a_model_of_whole_texts_is_unfit_for_several_sentences() -> None:
    assert "it cannot say none" in describe_unfit(SINGLE, 2)
    assert describe_unfit(SINGLE, 1) == ""
    assert describe_unfit(MULTI, 2) == ""
    whole = replace(MULTI, reads=Reads.TEXT)
    assert describe_unfit(whole, 2) != ""
    assert "none" not in describe_unfit(whole, 2)


def test_what_was_cut_is_told_with_a_way_out() -> None:
    assert describe_cut(SINGLE, 0, 128) == ""
    many = describe_cut(SINGLE, 4992, 128)
    assert many.startswith("4,992 texts were longer")
    assert "128 word pieces" in many
    assert "reads sentences" in many
    assert describe_cut(MULTI, 1, 128).startswith("1 sentence was longer")
    assert "reads sentences" not in describe_cut(MULTI, 1, 128)


def test_doubts_are_counted_by_kind() -> None:
    assert describe_doubtful({}, 3, "row", "the column doubt") == ""
    assert describe_doubtful({"too short": 1}, 1, "row", "the column doubt") == (
        "Doubtful: 1 of 1 row (1 too short), see the column doubt."
    )
    assert describe_doubtful({"too short": 1000, "not English": 20}, 4000, "sentence", "x.csv") == (
        "Doubtful: 1,020 of 4,000 sentences (1,000 too short, 20 not English), see x.csv."
    )


def test_aspects_are_counted_in_label_order() -> None:
    assert count_aspects([1200, 0, 7]) == "BP 1,200, CC 0, MF 7"
    assert describe_judged([1, 2, 3]) == "judged: BP 1, CC 2, MF 3"


def test_aspects_that_are_not_calibrated_are_named() -> None:
    assert describe_not_calibrated(()) == ""
    told = describe_not_calibrated((Aspect.CELLULAR_COMPONENT, Aspect.MOLECULAR_FUNCTION))
    assert told.startswith("Not calibrated: cellular component and molecular function. All texts set apart")


def test_how_many_terms_are_named(named: ClassifiedDocument) -> None:
    assert named.named is not None
    whole = named.named
    assert describe_named(whole) == "3 places name 2 terms of GO release 2021-12-15."
    assert describe_named(replace(whole, terms=whole.terms[1:])) == (
        "1 place names 1 term of GO release 2021-12-15."
    )
    assert describe_named(replace(whole, terms=())) == "No term of GO release 2021-12-15 is named."
    assert [*map(name_term, whole.terms)] == [
        "ATP metabolic process, of a kind",
        "mitochondrial matrix (negated)",
    ]
