from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from gotune.model.words import BUCKETS, WordModel
from gotune.training.words import CROSS_FITTED, Rows, cross_fit, feature_matrix, learn_words
from tests.examples import some

TEXTS = [
    "The kinase binds.",
    "It moves to the nucleus.",
    "A kinase again.",
    "Cells divide.",
    "The nucleus.",
] * 4
TRUTH = np.array([[0, 0, 1], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]] * 4, dtype=float)
EVEN = np.ones(len(TEXTS))
ROWS = Rows(TEXTS, TRUTH, EVEN)
DEFINITIONS = Rows(
    ["Any nucleus that is dividing.", "Catalysis of a kinase.", "A part of a cell."] * 3,
    np.array([[1, 0, 0], [0, 0, 1], [0, 1, 0]] * 3, dtype=float),
    np.ones(9),
)


@given(st.lists(st.text(st.sampled_from("abC1 -\U0001d6fc"), max_size=30), max_size=6))
@some(50)
def test_the_matrix_is_what_the_model_adds(texts: list[str]) -> None:
    weights = np.random.default_rng(1).normal(size=(BUCKETS, 3)).astype(np.float32)
    assert feature_matrix(texts) @ weights == pytest.approx(WordModel(weights).log_odds(texts))


def test_words_are_those_of_logistic_regression() -> None:
    found = learn_words(ROWS).log_odds(TEXTS)
    matrix = feature_matrix(TEXTS)
    for label in range(3):
        model = LogisticRegression(C=1.0, fit_intercept=False, tol=1e-8).fit(matrix, TRUTH[:, label])
        assert found[:, label] == pytest.approx(model.decision_function(matrix), abs=0.01)


def test_what_is_not_judged_does_not_teach() -> None:
    truth = TRUTH.copy()
    truth[::2, 2] = np.nan
    found = learn_words(Rows(TEXTS, truth, EVEN)).log_odds(TEXTS)
    judged = learn_words(Rows(TEXTS[1::2], TRUTH[1::2], EVEN[1::2])).log_odds(TEXTS)
    assert (found[:, 2] == judged[:, 2]).all()
    assert (found[:, :2] == learn_words(ROWS).log_odds(TEXTS)[:, :2]).all()


@pytest.mark.parametrize("known", [0.0, 1.0, np.nan])
def test_an_aspect_judged_one_way_only_is_not_learned(known: float) -> None:
    truth = TRUTH.copy()
    truth[:, 0] = known
    found = learn_words(Rows(TEXTS, truth, EVEN))
    assert not found.weights[:, 0].any()
    assert found.weights[:, 1].any()


def test_weights_count_and_probable_labels_count_less() -> None:
    soft = np.where(TRUTH == 1, 0.75, 0.25)
    half = learn_words(Rows(TEXTS, TRUTH, EVEN / 2)).weights
    assert (learn_words(Rows(TEXTS, soft, EVEN)).weights == half).all()
    assert (learn_words(ROWS).weights != half).any()


def test_what_is_said_of_an_article_is_learned_from_others() -> None:
    articles = [f"article {number // 4}" for number in range(len(TEXTS))]  # five, of four sentences each
    model, honest = cross_fit(ROWS, articles)
    assert (model.weights == learn_words(ROWS).weights).all()
    for part in range(CROSS_FITTED):
        apart = np.array([number // 4 % CROSS_FITTED == part for number in range(len(TEXTS))])
        rest = [text for text, left_out in zip(TEXTS, apart, strict=True) if not left_out]
        other = learn_words(Rows(rest, TRUTH[~apart], EVEN[~apart]))
        assert honest[apart] == pytest.approx(other.log_odds(TEXTS)[apart], abs=1e-6)


def test_rows_without_an_article_are_articles_of_their_own() -> None:
    _, honest = cross_fit(ROWS, [""] * len(TEXTS))
    _, named = cross_fit(ROWS, [f"article {number}" for number in range(len(TEXTS))])
    assert (honest == named).all()


def test_one_article_tells_nothing_honest() -> None:
    _, honest = cross_fit(ROWS, ["one"] * len(TEXTS))
    assert not honest.any()


def test_definitions_are_told_from_sentences_and_judged_by_themselves() -> None:
    model = learn_words(ROWS, DEFINITIONS)
    assert (model.weights == learn_words(ROWS).weights).all()
    assert model.of_definitions is not None
    alone = WordModel(model.of_definitions[:, :3])
    reads_as_one = feature_matrix([*TEXTS, *DEFINITIONS.texts]) @ model.of_definitions[:, 3]
    assert max(reads_as_one[: len(TEXTS)]) < 0 < min(reads_as_one[len(TEXTS) :])
    assert (alone.log_odds(DEFINITIONS.texts).argmax(axis=1) == DEFINITIONS.truth.argmax(axis=1)).all()
    assert (model.log_odds(DEFINITIONS.texts).argmax(axis=1) == DEFINITIONS.truth.argmax(axis=1)).all()


def test_a_part_of_the_articles_is_judged_with_definitions_as_well() -> None:
    articles = [f"article {number // 4}" for number in range(len(TEXTS))]
    model, honest = cross_fit(ROWS, articles, DEFINITIONS)
    assert (model.weights == learn_words(ROWS, DEFINITIONS).weights).all()
    apart = np.array([number // 4 % CROSS_FITTED == 1 for number in range(len(TEXTS))])
    rest = [text for text, left_out in zip(TEXTS, apart, strict=True) if not left_out]
    other = learn_words(Rows(rest, TRUTH[~apart], EVEN[~apart]), DEFINITIONS)
    assert honest[apart] == pytest.approx(other.log_odds(TEXTS)[apart])
