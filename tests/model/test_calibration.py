from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit, softmax
from sklearn.linear_model import LogisticRegression

from gotune.aspects import Head
from gotune.errors import InputError
from gotune.model.calibration import Calibration, Said, fit_calibration, to_probabilities
from tests.examples import some

NO_CHANGE = Calibration((1.0,) * 3, (0.0,) * 3)
LOGITS = np.array([[0.0, -1.5, 3.0], [2.0, 2.0, -4.0]])


def test_unfitted_it_is_the_head_alone() -> None:
    logits = np.concatenate([LOGITS, [[800.0, -800.0, 0.0]]])
    assert NO_CHANGE.apply(logits, Head.MULTI) == pytest.approx(expit(logits), rel=1e-14, abs=0)
    assert NO_CHANGE.apply(logits, Head.SINGLE) == pytest.approx(softmax(logits, axis=1), rel=1e-14, abs=0)


@pytest.mark.parametrize("head", Head)
def test_without_rows_nothing_is_changed(head: Head) -> None:
    assert fit_calibration(np.zeros((0, 3)), np.zeros((0, 3), dtype=bool), head) == NO_CHANGE


def test_slopes_and_intercepts_are_those_of_logistic_regression() -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(scale=3, size=(20_000, 3))
    slopes, intercepts = np.array([0.5, 1.0, 2.0]), np.array([-1.0, 0.0, 0.5])
    truth = generator.random(logits.shape) < expit(logits * slopes + intercepts)
    found = fit_calibration(logits, truth, Head.MULTI)
    for label in range(3):
        model = LogisticRegression(C=np.inf).fit(logits[:, [label]], truth[:, label])
        assert found.slopes[label] == pytest.approx(model.coef_[0, 0], abs=0.015)
        assert found.intercepts[label] == pytest.approx(model.intercept_[0], abs=0.015)


def test_temperature_is_found() -> None:
    generator = np.random.default_rng(1)
    logits = generator.normal(scale=4, size=(20_000, 3))
    labels = [generator.choice(3, p=row) for row in softmax(logits / 2.5, axis=1)]
    found = fit_calibration(logits, np.eye(3, dtype=bool)[labels], Head.SINGLE)
    assert found.slopes == pytest.approx([1 / 2.5] * 3, rel=0.02)
    assert found.intercepts == (0, 0, 0)


@given(arrays(np.float64, (6, 3), elements=st.floats(-30, 30)), arrays(np.bool_, (6, 3)))
@some(50)
def test_any_data_give_finite_numbers_and_keep_the_order(
    logits: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    truth: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
) -> None:
    found = fit_calibration(logits, truth, Head.MULTI)
    assert np.isfinite(found.slopes + found.intercepts).all()
    assert min(found.slopes) > 0
    assert ((found.apply(logits, Head.MULTI) >= 0) & (found.apply(logits, Head.MULTI) <= 1)).all()


def test_an_aspect_that_is_perfectly_told_or_never_seen_stays_in_bounds() -> None:
    logits = np.tile([[-4.0, -4.0, -4.0], [4.0, 4.0, 4.0]], (200, 1))
    truth = np.tile([[False, False, True], [True, False, False]], (200, 1))
    told, never, reversed_ = fit_calibration(logits, truth, Head.MULTI).slopes
    assert 1 < told < 5
    assert 0 < never < 1.1
    assert reversed_ == pytest.approx(0.01)  # never below zero, which would turn the order round


@pytest.mark.parametrize(
    ("slopes", "intercepts", "message"),
    [
        ((1.0, 1.0), (0.0, 0.0, 0.0), r"^slopes: expected 3 finite numbers above 0, found \(1\.0, 1\.0\)\."),
        ((1.0, 1.0, -0.5), (0.0, 0.0, 0.0), "^slopes: expected 3 finite numbers above 0"),
        ((1.0, 1.0, 1.0), (0.0, 0.0, float("nan")), "^intercepts: expected 3 finite numbers, found"),
    ],
)
def test_values_that_mean_nothing_are_refused(
    slopes: tuple[float, ...], intercepts: tuple[float, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        Calibration(slopes, intercepts)


@pytest.mark.parametrize("head", list(Head))
def test_what_calibration_did_can_be_undone(head: Head) -> None:
    logits = np.random.default_rng(0).normal(size=(20, 3)) * 3
    slope = (1.5,) * 3 if head is Head.SINGLE else (0.5, 1.0, 2.0)
    calibration = Calibration(slope, (0.0,) * 3 if head is Head.SINGLE else (0.3, -1.0, 0.0))
    undone = calibration.undo(calibration.apply(logits, head), head)
    assert undone == pytest.approx(to_probabilities(logits, head))


def test_names_add_to_their_aspect() -> None:
    generator = np.random.default_rng(1)
    logits = generator.normal(size=(200, 3))
    names = np.where(generator.random((200, 3)) < 0.3, 0.9, 0.0).astype(np.float64)
    truth = generator.random((200, 3)) < 0.4
    calibration = fit_calibration(logits, truth, Head.MULTI, Said(names))
    weights = np.array(calibration.name_weights)
    assert (weights > 0).all()
    plain = logits * calibration.slopes + calibration.intercepts
    assert calibration.apply(logits, Head.MULTI, Said(names)) == pytest.approx(expit(plain + weights * names))
    # Its mean is that of the truth, but for the prior.
    assert calibration.apply(logits, Head.MULTI, Said(names)).mean() == pytest.approx(truth.mean(), abs=0.06)
    undone = calibration.undo(calibration.apply(logits, Head.MULTI, Said(names)), Head.MULTI, Said(names))
    assert undone == pytest.approx(expit(logits))
    assert fit_calibration(logits, truth, Head.MULTI).name_weights == (0.0, 0.0, 0.0)


def test_what_is_not_judged_does_not_count() -> None:
    generator = np.random.default_rng(2)
    logits = generator.normal(scale=3, size=(300, 3))
    truth = generator.random(logits.shape) < expit(logits / 2)
    judged = generator.random(logits.shape) < [0.5, 1.0, 0.2]
    found = fit_calibration(logits, np.where(judged, truth, np.nan), Head.MULTI)
    for label in range(3):
        rows = judged[:, label]
        alone = fit_calibration(logits[rows], truth[rows], Head.MULTI)
        assert found.slopes[label] == pytest.approx(alone.slopes[label], abs=1e-4)
        assert found.intercepts[label] == pytest.approx(alone.intercepts[label], abs=1e-4)
    # What the model says of the rest is no matter.
    other = np.where(judged, logits, 9.0)
    assert fit_calibration(other, np.where(judged, truth, np.nan), Head.MULTI) == found
    assert fit_calibration(logits, truth.astype(float), Head.MULTI) == fit_calibration(
        logits, truth, Head.MULTI
    )


@pytest.mark.parametrize("known", [0.0, 1.0, np.nan])
def test_an_aspect_judged_one_way_only_is_left_as_it_is(known: float) -> None:
    generator = np.random.default_rng(3)
    logits = generator.normal(size=(100, 3))
    truth = np.where(generator.random(logits.shape) < 0.4, 1.0, 0.0)
    truth[:, 1] = known
    truth[::2, 1] = np.nan
    found = fit_calibration(logits, truth, Head.MULTI)
    assert (found.slopes[1], found.intercepts[1]) == (1.0, 0.0)
    assert found.slopes[0] != 1.0


def test_words_add_to_their_aspect_by_what_they_are_worth() -> None:
    generator = np.random.default_rng(4)
    logits, words = generator.normal(size=(2, 20_000, 3)) * 2
    weights = np.array([0.0, 0.5, 1.5])
    truth = generator.random(logits.shape) < expit(logits + weights * words)
    calibration = fit_calibration(logits, truth, Head.MULTI, Said(words=words))
    assert calibration.word_weights == pytest.approx(weights, abs=0.05)
    assert calibration.name_weights == (0.0, 0.0, 0.0)
    undone = calibration.undo(
        calibration.apply(logits, Head.MULTI, Said(words=words)), Head.MULTI, Said(words=words)
    )
    assert undone == pytest.approx(expit(logits))
    contrary = fit_calibration(logits, truth, Head.MULTI, Said(words=-words))
    assert contrary.word_weights == pytest.approx((0, 0, 0), abs=0.05)  # never below zero
    nothing = np.zeros((0, 3))
    assert fit_calibration(nothing, nothing, Head.MULTI, Said(words=nothing)).word_weights == (0.4, 0.4, 0.4)
