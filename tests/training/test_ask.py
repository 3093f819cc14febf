from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

from gotune.aspects import ASPECTS, Aspect, Head
from gotune.corpus.plain_text import text_key
from gotune.corpus.screening import assess
from gotune.datasets.labelled import LabelledSource
from gotune.model.classification import classify_text
from gotune.model.classifier import AspectClassifier
from gotune.testing import INFO, FakeClassifier
from gotune.training.ask import ask, entropies, worth_labelling

NEW = [
    f"The {thing} of the yeast cells was lost after {hours} hours."
    for thing in ("nucleus", "kinase activity", "growth", "membrane", "cell wall", "colour")
    for hours in (2, 4, 8)
]
ARTICLES = [f"paper {row % 4}" for row in range(len(NEW))]
LEFT_OUT = [
    "Results",
    "Growth of yeast cells in sugar",
    "Die Zellen der Hefe wachsen nicht auf der Platte mit dem Zucker.",
    "We thank our friends for the good time that we had.",
    "= The nucleus of the yeast cells is round.",
    "-/- mutants of the yeast cells do not divide.",
    "Smith AB, Jones C. Yeast cells divide. J Cell Biol. 1998;12(3):456-60.",
    "cells 12 14.5 3 8 9",
    "The yeast cells have a <b>round</b> nucleus.",
    "",
]


def rows_by_entropy(classifier: AspectClassifier, texts: list[str]) -> list[int]:
    p = classifier.predict_proba(texts)
    bits = entropy(np.stack([p, 1 - p]), base=2, axis=0).sum(axis=1)
    return list(np.argsort(-bits, kind="stable"))


def test_the_most_uncertain_come_first(tagger: AspectClassifier) -> None:
    found = ask(tagger, NEW, ARTICLES, 5)
    assert [one.row for one in found] == rows_by_entropy(tagger, NEW)[:5]
    assert sorted((one.uncertainty for one in found), reverse=True) == [one.uncertainty for one in found]
    for one in found:
        assert (one.text, one.article) == (NEW[one.row], ARTICLES[one.row])
        assert one.sentence == 1 + one.row // 4
        assert one.aspects == classify_text(tagger, one.text).aspects
        unsure = [aspect for aspect in ASPECTS if 0.12 < one.probabilities[aspect] < 0.88]
        assert set(unsure) <= set(one.unsure_of)
        assert one.unsure_of
    assert list(found[0].to_dict())[:3] == ["article", "sentence", "text"]


@pytest.mark.parametrize(
    ("said", "unsure"), [((0.5, 0.02, 0.85), (ASPECTS[0], ASPECTS[2])), ((0.02, 0.05, 0.03), (ASPECTS[1],))]
)
def test_only_aspects_in_doubt_are_named(
    said: tuple[float, float, float], unsure: tuple[Aspect, ...]
) -> None:
    model = FakeClassifier(lambda _: list(said), info=replace(INFO, head=Head.MULTI))
    (found,) = ask(model, NEW[:1], ["paper"], 1)
    assert found.unsure_of == unsure


def test_a_single_head_is_asked_by_the_entropy_of_its_choice(classifier: AspectClassifier) -> None:
    found = ask(classifier, NEW, ARTICLES, 50)
    assert sorted(one.row for one in found) == list(range(len(NEW)))
    expected = entropy(classifier.predict_proba(NEW), base=2, axis=1)
    assert [one.uncertainty for one in found] == pytest.approx(sorted(expected, reverse=True))
    assert all(len(one.aspects) == 1 for one in found)


def test_what_was_learned_from_is_not_asked_again(
    tagger: AspectClassifier, sentences: LabelledSource
) -> None:
    known = [text.upper() for text in sentences.table["text"]]
    texts = [*known, *NEW]
    found = ask(tagger, texts, [""] * len(texts), len(texts))
    assert sorted(one.text for one in found) == sorted(NEW)
    assert ask(tagger, known, [""] * len(known), 3) == []


@pytest.mark.parametrize("text", LEFT_OUT)
def test_what_is_no_sentence_of_biology_is_left_out(text: str) -> None:
    assert worth_labelling([text]) == []


def test_a_long_title_and_a_short_sentence_are_kept() -> None:
    texts = [
        "Loss of the nuclear membrane in dividing cells of young yeast",
        "The cells divide (not shown.)",
    ]
    assert worth_labelling(texts) == [0, 1]


def test_only_the_first_of_texts_with_the_same_words_is_kept() -> None:
    texts = [NEW[0], NEW[1], NEW[0].upper(), f" {NEW[1]}  "]
    assert worth_labelling(texts) == [0, 1]
    assert worth_labelling(texts, known={text_key(NEW[0])}) == [1]


@given(st.lists(st.one_of(st.text(), st.sampled_from([*NEW, *LEFT_OUT])), max_size=20))
def test_rows_worth_labelling_are_distinct_and_in_order(texts: list[str]) -> None:
    rows = worth_labelling(texts)
    assert rows == sorted(set(rows))
    assert len({text_key(texts[row]) for row in rows}) == len(rows)
    assert not any(assess(texts[row]) for row in rows)


def test_entropy_is_that_of_the_head() -> None:
    p = np.array([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.5, 0.5, 0.5]])
    assert entropies(p, Head.MULTI).tolist() == [0, 2, 3]
    assert entropies(p[:2], Head.SINGLE).tolist() == [0, 1]
    assert entropies(np.zeros((0, 3)), Head.MULTI).shape == (0,)


def test_wrong_use_is_refused(tagger: AspectClassifier) -> None:
    with pytest.raises(TypeError, match="wrap it in a list"):
        ask(tagger, NEW[0], ARTICLES, 1)
    with pytest.raises(ValueError, match="18 texts, 1 articles, 18 roles, 1 to choose"):
        ask(tagger, NEW, ["paper"], 1)
    with pytest.raises(ValueError, match="0 to choose"):
        ask(tagger, NEW, ARTICLES, 0)
