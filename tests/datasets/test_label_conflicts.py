"""Rows that say the same text, once and again."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.datasets.label_cells import keep_judged
from gotune.datasets.label_conflicts import LabelledRow, OnConflict, resolve_conflicts
from gotune.errors import TableError

NAN = math.nan


def weak(*rows: tuple[float, str]) -> list[LabelledRow]:
    return [
        LabelledRow(f"line {n}", "It is R1.", (p, 0, 0), article, None) for n, (p, article) in enumerate(rows)
    ]


@pytest.mark.parametrize(
    "rows", [weak((0.8, "a"), (0.2, "b")), weak((0.8, "a"), (0.0, "b")), weak((0.3, "a"), (1.0, "b"))]
)
def test_weak_labels_of_different_articles_may_differ(rows: list[LabelledRow]) -> None:
    found = resolve_conflicts(rows, "a.jsonl", None)
    assert (found.rows, found.n_conflicts) == (rows, 0)


@pytest.mark.parametrize(
    "rows",
    [
        weak((0.8, "a"), (0.2, "a")),
        weak((1.0, "a"), (0.0, "b")),
        weak((0.8, ""), (0.2, "")),
        weak((0.8, ""), (0.0, "b")),
    ],
)
def test_other_contradictions_are_refused(rows: list[LabelledRow]) -> None:
    with pytest.raises(TableError, match="found 1 texts with contradicting ones"):
        resolve_conflicts(rows, "a.jsonl", None)


def row(article: str, *labels: float, spans: list[tuple[int, int, int]] | None = None) -> LabelledRow:
    return LabelledRow("line 1", "It is R1.", labels, article, spans)


def resolved(*rows: LabelledRow, on_conflict: str | None = None) -> tuple[list[str], int, int]:
    found = resolve_conflicts(rows, "a.tsv", None if on_conflict is None else OnConflict(on_conflict))
    shown = [f"{one.article}{one.labels}{one.spans}".replace(".0", "") for one in found.rows]
    return shown, found.n_duplicates, found.n_conflicts


def test_rows_judged_on_different_aspects_are_one_sentence() -> None:
    one, other = row("a", 1, NAN, NAN, spans=[(0, 2, 0)]), row("a", NAN, 0, 1, spans=[(3, 5, 2)])
    assert resolved(one, other) == (["a(1, 0, 1)[(0, 2, 0), (3, 5, 2)]"], 1, 0)
    # What both are judged on is that of the first, with its spans.
    again = row("a", 0.8, 0, NAN, spans=[(3, 5, 0)])
    assert resolved(one, again) == (["a(1, 0, nan)[(0, 2, 0)]"], 1, 0)
    assert resolved(row("a", 1, NAN, NAN), other) == (["a(1, 0, 1)None"], 1, 0)
    assert resolved(row("", 1, NAN, NAN), row("", NAN, 0, 1)) == (["(1, 0, 1)None"], 1, 0)


def test_an_article_that_says_the_same_again_keeps_both() -> None:
    one = row("a", 1, NAN, NAN)
    assert resolved(one, one) == (["a(1, nan, nan)None"] * 2, 0, 0)
    assert resolved(row("", 1, NAN, NAN), row("", 1, NAN, NAN)) == (["(1, nan, nan)None"], 1, 0)


def test_other_articles_stay_as_they_are() -> None:
    one, other, nowhere = row("a", 1, NAN, NAN), row("b", NAN, 0, 1), row("", 1, 0, NAN)
    both = ["a(1, nan, nan)None", "b(nan, 0, 1)None"]
    assert resolved(one, other) == (both, 0, 0)
    # A row of no article is left out if it says nothing new of its text.
    assert resolved(one, other, nowhere) == (both, 1, 0)
    assert resolved(nowhere, other, one) == (both[::-1], 1, 0)
    assert resolved(one, nowhere) == (["a(1, nan, nan)None", "(1, 0, nan)None"], 0, 0)


@pytest.mark.parametrize(
    ("on_conflict", "rows"),
    [
        ("first", ["a(1, nan, 0)[]", "b(1, 1, nan)None"]),
        ("union", ["a(1, nan, 0)[]", "b(1, 1, nan)None"]),
        ("drop", []),
    ],
)
def test_contradictions_are_resolved_for_what_is_judged(on_conflict: str, rows: list[str]) -> None:
    one, other = row("a", 1, NAN, 0, spans=[]), row("b", 0, 1, NAN, spans=[])
    assert resolved(one, other, on_conflict=on_conflict) == (rows, 0, 1)
    with pytest.raises(TableError, match=r"is BP \(judged: BP,MF\) in line 1, CC \(judged: BP,CC\) in line"):
        resolved(one, other)


LABELS = st.tuples(*[st.sampled_from([0.0, 0.3, 0.7, 1.0, NAN])] * 3)


@given(labels=LABELS.filter(lambda labels: not all(map(math.isnan, labels))))
def test_labels_that_are_kept_say_what_they_said(labels: tuple[float, ...]) -> None:
    (kept,) = resolve_conflicts([row("a", *labels)], "a.tsv", None).rows
    assert repr(kept.labels) == repr(labels)
    assert repr(keep_judged(labels, kept.judged)) == repr(labels)
