from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from gotune.errors import DatasetError
from gotune.evaluation.audit.run import N_FOLDS, cross_fit, family_folds
from tests.examples import some

LABELS = np.arange(90) % 3
FAMILIES = [f"{row % 3}-{row // 9}" for row in range(90)]


@some(20)
@given(st.integers(0, 2**31))
def test_folds_never_cut_a_family(seed: int) -> None:
    folds = family_folds(LABELS, FAMILIES, seed)
    assert set(folds.tolist()) == set(range(N_FOLDS))
    for family in set(FAMILIES):
        assert len({fold for fold, name in zip(folds.tolist(), FAMILIES, strict=True) if name == family}) == 1
    # Ten families of three an aspect: two a fold.
    assert np.array_equal(np.bincount(folds * 3 + LABELS), np.full(15, 6))


def test_folds_are_those_of_the_seed() -> None:
    assert np.array_equal(family_folds(LABELS, FAMILIES, 1), family_folds(LABELS, FAMILIES, 1))
    assert not np.array_equal(family_folds(LABELS, FAMILIES, 1), family_folds(LABELS, FAMILIES, 2))


def test_too_few_families_are_refused() -> None:
    families = [str(row) if label != 1 else f"cc{row % 4}" for row, label in enumerate(LABELS)]
    with pytest.raises(DatasetError, match="found 4 of cellular_component"):
        family_folds(LABELS, families, 0)


@pytest.fixture
def learned(monkeypatch: pytest.MonkeyPatch) -> list[csr_matrix]:
    """What each logistic regression is fitted to, in order."""
    seen: list[csr_matrix] = []
    fit = LogisticRegression.fit

    def spy(self: LogisticRegression, features: csr_matrix, labels: Any) -> Any:  # noqa: ANN401
        seen.append(features)
        return fit(self, features, labels)

    monkeypatch.setattr(LogisticRegression, "fit", spy)
    return seen


def test_no_row_is_predicted_by_a_model_that_has_seen_it(learned: list[csr_matrix]) -> None:
    folds = family_folds(LABELS, FAMILIES, 0)
    vectors = np.eye(90, dtype=np.float32)  # each row can be told by its place
    found = cross_fit(["a door"] * 90, vectors, LABELS, folds)
    assert found.shape == (90, 3)
    assert found.sum(axis=1) == pytest.approx(1)
    rows = [set((features.nonzero()[1] - (features.shape[1] - 90)).tolist()) for features in learned]
    assert [{row for row in each if row >= 0} for each in rows] == [
        set(np.flatnonzero(folds != fold).tolist()) for fold in range(N_FOLDS)
    ]
    # Nothing can be learned of a row from the others, so every aspect is as probable.
    assert found == pytest.approx(1 / 3, abs=1e-3)


def test_words_pairs_and_embeddings_are_learned_from(learned: list[csr_matrix]) -> None:
    folds = family_folds(LABELS, FAMILIES, 0)
    texts = [f"{('process', 'wall', 'binding')[label]} of kind{row}" for row, label in enumerate(LABELS)]
    vectors = np.tile(np.array([[0.6, 0.8]], dtype=np.float32), (90, 1))
    found = cross_fit(texts, vectors, LABELS, folds)
    assert (found.argmax(axis=1) == LABELS).all()
    # What only one text has is left out: "of", three words and three pairs stay, beside two numbers.
    assert [features.shape for features in learned] == [(72, 9)] * N_FOLDS
    assert np.allclose(learned[0][:, -2:].toarray(), vectors[:72])
    lengths = np.sqrt(learned[0].multiply(learned[0]).sum(axis=1))
    assert lengths == pytest.approx(np.sqrt(2))
