from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.linking.vectors import PhraseVectors, pairs_of, parts_of, words_of


def test_words_are_stems_in_order() -> None:
    assert words_of("Regulation of Axons") == words_of("regulated of axonal")
    assert words_of("") == ()


def test_parts_have_three_to_five_characters_with_the_ends() -> None:
    assert len(parts_of("abc", 1 << 30)) == 3 + 2 + 1  # <ab abc bc> <abc abc> <abc>
    assert parts_of("abc", 7) == [part % 7 for part in parts_of("abc", 7 * 11 * 13)]
    assert len(pairs_of(["a", "b", "c"], 8)) == 2


def test_a_text_is_the_sum_of_its_words_and_pairs(vectors: PhraseVectors) -> None:
    words = words_of("cell division")
    rows = vectors.rows(words)
    assert len(rows) == 2 + 1
    total = vectors.table[rows].sum(axis=0)
    np.testing.assert_allclose(vectors.embed(["cell division"])[0], total / np.linalg.norm(total), rtol=1e-6)


def test_a_word_that_the_table_lacks_is_made_of_its_parts(vectors: PhraseVectors) -> None:
    (unknown,) = words_of("zymogen")
    assert unknown not in vectors.words
    wider = vectors.knowing([unknown, unknown])
    assert wider.words == (*vectors.words, unknown)
    np.testing.assert_allclose(wider.embed(["zymogen cell"]), vectors.embed(["zymogen cell"]), atol=1e-6)
    assert vectors.knowing(vectors.words) is vectors


def test_texts_without_words_are_nowhere(vectors: PhraseVectors) -> None:
    assert not vectors.embed(["", "+ -"]).any()
    assert vectors.embed([]).shape == (0, vectors.width)


def test_rounding_changes_little_and_nothing_the_second_time(vectors: PhraseVectors) -> None:
    once = vectors.rounded()
    twice = once.rounded()
    np.testing.assert_array_equal(once.table, twice.table)
    np.testing.assert_allclose(once.table, vectors.table, atol=np.abs(vectors.table).max() / 200)


@given(st.text())
def test_any_text_has_a_vector_of_length_one_or_none(text: str) -> None:
    ones = np.ones((1, 4), np.float32)
    (vector,) = PhraseVectors(["cell"], ones, ones, ones).embed([text])
    assert np.linalg.norm(vector) == pytest.approx(1 if words_of(text) else 0, abs=1e-5)


@pytest.mark.parametrize("name", ["words", "of_words", "of_pairs_scales", "of_parts"])
def test_arrays_that_are_no_vectors_are_refused(name: str, vectors: PhraseVectors) -> None:
    arrays = vectors.to_arrays()
    with pytest.raises(ValueError, match=name):
        PhraseVectors.from_arrays({**arrays, name: arrays[name].astype(np.float64)})
    with pytest.raises(ValueError, match=r"vectors for|scales of|widths"):
        PhraseVectors.from_arrays({**arrays, name: arrays[name][:1]})


def test_vectors_that_are_no_numbers_are_refused(vectors: PhraseVectors) -> None:
    arrays = vectors.to_arrays()
    with pytest.raises(ValueError, match="no numbers"):
        PhraseVectors.from_arrays(
            {**arrays, "of_words_scales": arrays["of_words_scales"] * np.float32(np.inf)}
        )
