from __future__ import annotations

import copy
import pickle
import tracemalloc
from collections.abc import Iterable

import numpy as np
import pytest

from gotune.lexicon.known_texts import KnownTexts
from tests.together import asked_together, each_as_often

ROW = np.dtype([("code", np.uint32), ("both", np.float64, (2,))])
Told = list[tuple[int, tuple[float, float]]]


def letters(text: str) -> Told:
    """Tell a row for each letter."""
    return [(ord(letter), (place, place / 3)) for place, letter in enumerate(text)]


def found_in(known: KnownTexts, texts: Iterable[str]) -> list[Told]:
    counts, (codes, both) = known.rows(list(texts), letters)
    rows = [(code, tuple(pair)) for code, pair in zip(codes.tolist(), both.tolist(), strict=True)]
    ends = np.cumsum(counts).tolist()
    assert len(rows) == sum(counts)
    return [rows[end - count : end] for end, count in zip(ends, counts.tolist(), strict=True)]


def words_of(n: int) -> list[str]:
    return [f"{number:b}" * (number % 3) for number in range(n)]


def test_rows_stand_text_after_text() -> None:
    known = KnownTexts(ROW)
    for texts in ([], ["cat", "", "cat", "act"], ["at"], ["act", "at", "tea", ""]):
        assert found_in(known, texts) == list(map(letters, texts))


def test_what_is_known_is_not_asked_again() -> None:
    known = KnownTexts(ROW)
    asked = []

    def noted(text: str) -> Told:
        asked.append(text)
        return letters(text)

    for texts in (["cat", "act", "cat"], ["act", "x" * 101, "cat"], ["x" * 101, "x" * 102]):
        known.rows(texts, noted)
    assert asked == ["cat", "act", "x" * 101, "x" * 102]


def test_one_text_after_another_costs_no_more_than_all_at_once() -> None:
    known = KnownTexts(ROW)
    arrays = [known._columns[0]]
    for text in words_of(1000):
        known.rows([text], letters)
        if known._columns[0] is not arrays[-1]:
            arrays.append(known._columns[0])
    assert len(arrays) <= 20


def test_too_many_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gotune.lexicon.known_texts._MOST_KEPT", 3)
    known = KnownTexts(ROW)
    for start in range(0, 60, 2):
        texts = words_of(60)[start : start + 5]
        assert found_in(known, texts) == list(map(letters, texts))
        assert len(known._number) <= 3
    assert found_in(known, ["x" * 13]) == [letters("x" * 13)]
    assert len(known._number) == 0  # too many rows


def test_long_texts_are_not_kept() -> None:
    known = KnownTexts(ROW)
    tracemalloc.start()
    try:
        for number in range(200):
            known.rows([str(number) + "\u03b1" * 100_000], lambda _: [(1, (2, 3))])
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 200_000
    assert found_in(known, ["b" * 101 + "\ud800"]) == [letters("b" * 101 + "\ud800")]


def test_learning_that_is_broken_off_changes_nothing() -> None:
    known = KnownTexts(ROW)
    known.rows(["cat"], letters)

    def broken_off(text: str) -> Told:
        if text == "act":
            raise KeyboardInterrupt
        return letters(text)

    with pytest.raises(KeyboardInterrupt):
        known.rows(["tea", "act"], broken_off)
    assert found_in(known, ["act", "cat", "tea"]) == [letters("act"), letters("cat"), letters("tea")]


def test_a_copy_knows_nothing_yet() -> None:
    known = KnownTexts(ROW)
    known.rows(["cat"], letters)
    for again in (copy.deepcopy(known), pickle.loads(pickle.dumps(known))):  # noqa: S301 (its own)
        assert not again._number
        assert found_in(again, ["cat", "act"]) == [letters("cat"), letters("act")]


def test_several_threads_may_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gotune.lexicon.known_texts._MOST_KEPT", 30)
    known = KnownTexts(ROW)
    texts = words_of(400)
    questions = [texts[start : start + 8] for start in range(0, 400, 4)]
    found = asked_together(lambda question: found_in(known, question), questions)
    assert found == each_as_often([list(map(letters, question)) for question in questions])
