from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score, fbeta_score, precision_score, recall_score

from gotune.aspects import Head, Prefer
from gotune.model.decisions import (
    certainties,
    choose_thresholds,
    decide,
    expected_threshold,
    has_both,
    use_of,
    uses_of,
)
from tests.examples import some

ROWS = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.3, 0.35, 0.8, 1.0])), min_size=1)


def thrice(values: Any) -> Any:  # noqa: ANN401 (booleans or numbers)
    return np.stack([values] * 3, axis=1)


@some(30)
@given(ROWS.filter(lambda rows: len({positive for positive, _ in rows}) > 1))
def test_no_threshold_has_a_better_f1(rows: list[tuple[bool, float]]) -> None:
    truth, p = (np.array(column) for column in zip(*rows, strict=True))
    # Said twenty times, which changes no F1, there are enough true ones to choose by.
    threshold = choose_thresholds(thrice(np.tile(truth, 20)), thrice(np.tile(p, 20)))[0]
    best = max(f1_score(truth, p >= level) for level in set(p.tolist()))
    assert f1_score(truth, p >= threshold) == pytest.approx(best)


@some(30)
@given(ROWS.filter(lambda rows: len({positive for positive, _ in rows}) > 1), st.sampled_from(Prefer))
def test_no_threshold_serves_a_use_better(rows: list[tuple[bool, float]], prefer: Prefer) -> None:
    truth, p = (np.array(column) for column in zip(*rows, strict=True))
    twenty = thrice(np.tile(truth, 20)), thrice(np.tile(p, 20))
    threshold = choose_thresholds(*twenty, prefer.beta)[0]
    best = max(fbeta_score(truth, p >= level, beta=prefer.beta) for level in set(p.tolist()))
    assert fbeta_score(truth, p >= threshold, beta=prefer.beta) == pytest.approx(best)
    use = use_of(prefer, (threshold,) * 3, *twenty)
    assert use.precision[0] == pytest.approx(precision_score(truth, p >= threshold))
    assert use.recall[0] == pytest.approx(recall_score(truth, p >= threshold))


def test_uses_go_from_many_to_few() -> None:
    generator = np.random.default_rng(0)
    p = generator.random((2000, 3))
    truth = (generator.random(p.shape) < p**2).astype(float)
    truth[:, 1] = np.nan
    truth[:, 2] = 0
    recall, balance, precision = uses_of(truth, p)
    assert [use.prefer for use in (recall, balance, precision)] == list(Prefer)
    assert recall.thresholds[0] < balance.thresholds[0] < precision.thresholds[0]
    assert balance.thresholds == choose_thresholds(truth, p)
    assert (balance.precision[1:], balance.recall[1:]) == ((None, None), (None, None))
    assert recall.thresholds[1:] == (0.5, 0.5)


@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0])
def test_expected_threshold_is_the_best_of_probabilities_that_are_true(beta: float) -> None:
    p = np.random.default_rng(0).beta(0.5, 1.5, size=5000)
    found = expected_threshold(p, beta)

    def expected(threshold: float) -> float:
        taken = p >= threshold
        return float((1 + beta**2) * p[taken].sum() / (beta**2 * p.sum() + taken.sum()))

    assert expected(found) == pytest.approx(
        max(expected(level) for level in np.linspace(0, 0.99, 100)), abs=1e-3
    )


def test_threshold_lies_half_way_to_the_next() -> None:
    p = np.array([[0.9, 0.2, 0.5], [0.5, 0.2, np.nextafter(0.5, 1)], [0.1, 0.2, 0.1]])
    truth = np.array([[1, 0, 0], [1, 1, 1], [0, 0, 0]], dtype=bool)
    enough = choose_thresholds(np.repeat(truth, 20, axis=0), np.repeat(p, 20, axis=0))
    assert enough == (0.3, 0.2, np.nextafter(0.5, 1))


def test_an_aspect_of_few_true_sentences_gets_one_half() -> None:
    truth = np.arange(30)[:, None] < [0, 19, 20]
    p = np.where(truth, 0.9, 0.1)
    assert choose_thresholds(truth, p) == (0.5, 0.5, 0.5)
    assert choose_thresholds(truth, p / 2) == (0.5, 0.5, 0.25)


def test_thresholds_are_chosen_by_what_is_judged() -> None:
    generator = np.random.default_rng(0)
    p = generator.random((400, 3))
    truth = generator.random((400, 3)) < p**2
    judged = generator.random((400, 3)) < 0.5
    found = choose_thresholds(np.where(judged, truth, np.nan), p)
    alone = [choose_thresholds(thrice(truth[rows, n]), thrice(p[rows, n])) for n, rows in enumerate(judged.T)]
    assert list(found) == [thresholds[0] for thresholds in alone]
    assert choose_thresholds(truth.astype(float), p) == choose_thresholds(truth, p)


def test_without_a_sentence_judged_to_lack_it_an_aspect_gets_one_half() -> None:
    truth = np.tile([[1.0, 1.0, 0.0], [np.nan, 0.0, np.nan]], (30, 1))
    assert choose_thresholds(truth, np.where(truth == 1, 0.8, 0.2)) == (0.5, 0.5, 0.5)
    assert has_both(truth) == (False, True, False)
    assert has_both(np.zeros((0, 3))) == (False, False, False)


P = np.array([[0.99, 0.0, 0.0], [0.1, 0.1, 0.1], [0.0, 0.4, 0.0], [0.3, 0.3, 0.6]])


def test_a_single_head_decides_for_the_most_probable_the_first_of_equals() -> None:
    found = decide(P, Head.SINGLE, (0.9, 0.9, 0.9))
    assert found.tolist() == [[True, False, False]] * 2 + [[False, True, False], [False, False, True]]


def test_other_heads_decide_by_threshold() -> None:
    assert decide(P, Head.MULTI, (0.3, 0.4, 0.7)).sum(axis=1).tolist() == [1, 0, 1, 1]
    levels = np.array([[1.0] * 3, [0.1] * 3, [0.5] * 3, [0.3] * 3])
    assert decide(P, Head.MULTI, levels).sum(axis=1).tolist() == [0, 3, 0, 3]


def test_certainty_is_that_of_the_least_certain_aspect() -> None:
    assert certainties(P).tolist() == pytest.approx([0.99, 0.9, 0.6, 0.6])
