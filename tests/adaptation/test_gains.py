from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn.metrics import f1_score, recall_score, roc_auc_score

from gotune.adaptation.fitting import Lesson
from gotune.adaptation.gains import choose_anew, measure, uses_anew
from gotune.aspects import ASPECTS, Prefer
from gotune.evaluation.reliability import reliability
from gotune.model.decisions import Use, expected_threshold
from gotune.model.words import BUCKETS

N = 600
LOG_ODDS = np.random.default_rng(0).normal(scale=2, size=(N, 3))
GROUPS = np.arange(N) % 30


def lesson(shift: float) -> Lesson:
    """Return sentences that have each aspect more often, or less, than the model says."""
    truth = (np.random.default_rng(1).random((N, 3)) < expit(LOG_ODDS + shift)).astype(float)
    return Lesson(csr_matrix((N, BUCKETS)), truth, GROUPS)


def test_a_shift_is_found_and_what_it_gains_told() -> None:
    found = lesson(-2.0)
    auroc, f1, error, *of_aspects = measure(LOG_ODDS, found, (0.5, 0.5, 0.5))
    assert [gain.name for gain in (auroc, f1, error)] == ["macro ROC-AUC", "macro F1", "calibration error"]
    # A slope and an intercept change no order inside a part.
    assert auroc.difference.value == pytest.approx(0, abs=1e-12)
    assert auroc.verdict == "no gain"
    parts = list(found.parts())
    pairs = [[int(y.sum() * (1 - y).sum()) for y in found.truth[rows].T] for rows in parts]
    areas = np.average(
        [
            [roc_auc_score(found.truth[rows, label], LOG_ODDS[rows, label]) for label in range(3)]
            for rows in parts
        ],
        axis=0,
        weights=pairs,
    )
    assert auroc.before == pytest.approx(np.mean(areas))
    assert f1.before == pytest.approx(f1_score(found.truth, expit(LOG_ODDS) >= 0.5, average="macro"))
    assert error.before == pytest.approx(reliability(found.truth, expit(LOG_ODDS)).calibration_error)
    assert (f1.verdict, error.verdict) == ("gain", "gain")
    assert error.after < 0.05 < 0.15 < error.before
    assert [(gain.aspect, gain.figure, gain.is_error) for gain in of_aspects] == [
        (aspect, figure, figure == "calibration error")
        for aspect in ASPECTS
        for figure in ("ROC-AUC", "F1", "calibration error")
    ]
    for number, aspect in enumerate(ASPECTS):
        area, score, gap = of_aspects[3 * number : 3 * number + 3]
        truth, said = found.truth[:, aspect.label], expit(LOG_ODDS[:, aspect.label])
        assert area.before == pytest.approx(areas[aspect.label])
        assert score.before == pytest.approx(f1_score(truth, said >= 0.5))
        alone = np.where(np.array(ASPECTS) == aspect, found.truth, np.nan)
        assert gap.before == pytest.approx(reliability(alone, expit(LOG_ODDS)).calibration_error)
        assert gap.verdict == "gain"
    for mean, figures in zip((auroc, f1, error), (of_aspects[start::3] for start in range(3)), strict=True):
        assert mean.before == pytest.approx(np.mean([gain.before for gain in figures]))
        assert mean.after == pytest.approx(np.mean([gain.after for gain in figures]))


def test_a_model_that_fits_gains_nothing() -> None:
    gains = measure(LOG_ODDS, lesson(0.0), (0.4, 0.4, 0.4))
    assert [gain.verdict for gain in gains[:3]] == ["no gain"] * 3


def test_words_of_one_group_help_no_other() -> None:
    words = csr_matrix((np.ones(N), (np.arange(N), GROUPS)), (N, BUCKETS))  # one of its own in each group
    truth = np.repeat(GROUPS % 2 == 1, 3).reshape(N, 3).astype(float)
    auroc, *_ = measure(LOG_ODDS, Lesson(words, truth, GROUPS), (0.5, 0.5, 0.5))
    assert auroc.name == "macro ROC-AUC"
    assert auroc.difference.value == pytest.approx(0, abs=1e-12)


def test_areas_are_left_out_where_articles_have_an_aspect_throughout_or_not_at_all() -> None:
    process = (GROUPS % 2 == 1).astype(float)
    mixed = lesson(0.0).truth[:, 1]
    other = np.full(N, np.nan)
    found = Lesson(csr_matrix((N, BUCKETS)), np.stack([process, mixed, other], axis=1), GROUPS % 2)
    names = [gain.name for gain in measure(LOG_ODDS, found, (0.5, 0.5, 0.5))]
    assert names == [
        "macro ROC-AUC",
        "macro F1",
        "calibration error",
        "F1, biological process",
        "calibration error, biological process",
        "ROC-AUC, cellular component",
        "F1, cellular component",
        "calibration error, cellular component",
    ]
    pure = Lesson(found.matrix, np.stack([process, other, other], axis=1), GROUPS % 2)
    mean, error, *_ = measure(LOG_ODDS, pure, (0.5, 0.5, 0.5))
    assert [mean.name, error.name] == ["macro F1", "calibration error"]


def test_thresholds_are_chosen_for_the_aspects_that_change() -> None:
    found = lesson(0.0)
    truth = found.truth.copy()
    truth[5:, 0] = np.nan
    truth[::2, 1] = np.nan
    partly = Lesson(found.matrix, truth, GROUPS)
    chosen = choose_anew((0.1, 0.2, 0.3), LOG_ODDS, partly)
    wanted = [expected_threshold(expit(values)) for values in (LOG_ODDS[1::2, 1], LOG_ODDS[:, 2])]
    assert chosen == (0.1, *wanted)
    aspects = [gain.aspect for gain in measure(LOG_ODDS, partly, (0.5, 0.5, 0.5))]
    assert aspects == [None] * 3 + [ASPECTS[1]] * 3 + [ASPECTS[2]] * 3


def test_each_use_gets_thresholds_anew() -> None:
    found = lesson(-2.0)
    truth = found.truth.copy()
    truth[5:, 0] = np.nan
    partly = Lesson(found.matrix, truth, GROUPS)
    known = tuple(Use(prefer, (0.1, 0.2, 0.3), (0.7, None, 0.7), (0.8, 0.8, 0.8)) for prefer in Prefer)
    recall, balance, precision = uses_anew(known, LOG_ODDS - 2, partly)
    assert balance.thresholds == choose_anew((0.1, 0.2, 0.3), LOG_ODDS - 2, partly)
    assert recall.thresholds[1] < balance.thresholds[1] < precision.thresholds[1]
    assert [use.thresholds[0] for use in (recall, balance, precision)] == [0.1] * 3
    assert (balance.precision[0], balance.recall[0]) == (0.7, 0.8)
    taken = expit(LOG_ODDS[:, 1] - 2) >= balance.thresholds[1]
    assert balance.recall[1] == pytest.approx(recall_score(truth[:, 1], taken))
    assert recall.recall[1] > balance.recall[1] > precision.recall[1]  # type: ignore[operator]
