from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from gotune.genes.neighbours import Neighbours, SharedNames, TextVectors, best_of, shares


@given(
    st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=1, max_size=6),
    st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=1, max_size=6),
    st.integers(1, 4),
)
def test_the_greatest_products_are_those_of_all(
    asked: list[list[int]], known: list[list[int]], most: int
) -> None:
    ours, theirs = np.array(asked, float), np.array(known, float)
    found = Neighbours(csr_matrix(theirs)).near(csr_matrix(ours), most).toarray()
    products = ours @ theirs.T
    for row, all_of in zip(found, products, strict=True):
        assert sorted(row[row > 0], reverse=True) == sorted(all_of[all_of > 0], reverse=True)[:most]
        assert (row[row > 0] == all_of[row > 0]).all()


def test_only_some_rows_are_looked_at() -> None:
    known = csr_matrix(np.eye(3))
    found = Neighbours(known, np.array([0, 2])).near(csr_matrix(np.ones((1, 3))), 3)
    assert found.toarray().tolist() == [[1, 0, 1]]


def test_like_texts_share_words_and_characters() -> None:
    vectors = TextVectors(["Lid1 lid opener 1", "Box1 yellow box"])
    found = Neighbours(vectors.known).near(vectors.of(["Lid7 opener", "???"]), 2).toarray()
    assert found[0, 0] > 0.3
    assert found[0, 1] == found[1].sum() == 0
    assert Neighbours(vectors.known).near(vectors.of([]), 2).shape == (0, 2)


@pytest.mark.parametrize("known", [[], ["", "??"]])
def test_nothing_is_like_no_text(known: list[str]) -> None:
    vectors = TextVectors(known)
    found = Neighbours(vectors.known).near(vectors.of(["Lid1"]), 2)
    assert (found.shape, found.nnz) == ((1, len(known)), 0)


def test_names_are_shared_whatever_their_case_and_marks() -> None:
    found = SharedNames([["abc 1"], ["Y", "Abc.1"], [""]]).near([["ABC-1", ""], ["x"], ["Abc 1", "y"]])
    assert found.toarray().tolist() == [[1, 1, 0], [0, 0, 0], [1, 1, 0]]


def test_the_best_are_kept_and_the_first_of_equals() -> None:
    near = csr_matrix(np.array([[0.2, 0.9, 0.5, 0.5], [0, 0, 0.1, 0]]))
    found = best_of(near, 2, np.array([True, False, True, True]))
    assert found.toarray().tolist() == [[0, 0, 0.5, 0.5], [0, 0, 0.1, 0]]
    assert best_of(near, 1, np.ones(4, bool)).toarray().tolist() == [[0, 0.9, 0, 0], [0, 0, 0.1, 0]]


def test_a_term_has_its_share_of_the_similarity() -> None:
    near = csr_matrix(np.array([[0.2, 0.6], [0, 0]]))
    found = shares(near, csr_matrix(np.array([[1.0, 1, 0], [1, 0, 0]])))
    assert found.toarray() == pytest.approx(np.array([[1, 0.25, 0], [0, 0, 0]]))
