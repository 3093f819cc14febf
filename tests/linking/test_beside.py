from __future__ import annotations

import numpy as np
import pytest

from gotune.linking.beside import NOTHING_BESIDE, Judged, WordsBeside, beside_keys

BONE, DNA, OTHER = 11, 12, 13
"""Keys of words with a name."""


def judged(*, parts: int) -> Judged:
    """Return four places in each part of articles; those beside bone are wrong, those beside DNA right."""
    keys = np.array([[BONE, 0], [BONE, 0], [DNA, 0], [0, DNA]] * parts, np.uint64)
    right = np.array([False, False, True, True] * parts)
    return Judged(np.full(len(keys), 0.5), keys, right, np.repeat(np.arange(parts), 4))


def test_each_word_weighs_as_much_as_its_places_say_against_the_prior() -> None:
    learned = WordsBeside.learn(judged(parts=3))
    assert learned.keys.tolist() == [BONE, DNA]
    weight = learned.weights[1]
    assert learned.weights.tolist() == [-weight, weight]
    # Where the gradient is zero; the smallest penalty is the best for what one word decides.
    assert 6 * (1 - 1 / (1 + np.exp(-weight))) == pytest.approx(0.03 * weight, abs=1e-3)


def test_no_word_weighs_more_than_an_index_may_have() -> None:
    sure = judged(parts=2)._replace(trust=np.full(8, 1 - 1e-12))
    learned = WordsBeside.learn(sure._replace(right=np.zeros(8, np.bool_)))
    assert min(learned.weights) == -20
    assert WordsBeside.from_arrays(learned.to_arrays()).weights.tolist() == learned.weights.tolist()


def test_a_word_that_says_nothing_beyond_the_trust_has_no_weight() -> None:
    keys = np.array([[BONE], [BONE]] * 4, np.uint64)
    flat = Judged(np.full(8, 0.5), keys, np.array([True, False] * 4), np.repeat([0, 1], 4))
    assert len(WordsBeside.learn(flat)) == 0


def test_words_move_the_log_odds_of_the_trust() -> None:
    beside = WordsBeside(np.array([BONE, DNA], np.uint64), np.array([-np.log(9), np.log(3)]))
    keys = np.array([[BONE, OTHER], [DNA, 0], [BONE, DNA], [OTHER, 0], [DNA, DNA], [DNA, 0]], np.uint64)
    trust = np.array([0.5, 0.5, 0.5, 0.4567, 0.0, 1.0])
    assert beside.corrected(trust, keys).tolist() == [0.1, 0.75, 0.25, 0.4567, 0.0, 1.0]
    assert NOTHING_BESIDE.corrected(trust, keys).tolist() == trust.tolist()
    assert beside.corrected(trust[:0], keys[:0]).tolist() == []


def test_keys_tell_apart_word_place_name_and_term() -> None:
    words = np.array([[1, 2, 2, 0], [1, 2, 2, 0], [1, 2, 2, 0]], np.uint64)
    keys = beside_keys(words, np.array([5, 6, 5], np.uint64), np.array([7, 7, 8], np.uint32))
    assert len(set(keys[:, :3].ravel().tolist())) == 9
    assert keys[:, 3].tolist() == [0, 0, 0]


def test_it_is_the_same_after_its_arrays() -> None:
    learned = WordsBeside.learn(judged(parts=2))
    again = WordsBeside.from_arrays(learned.to_arrays())
    assert (again.keys.tolist(), again.weights.tolist()) == (learned.keys.tolist(), learned.weights.tolist())


@pytest.mark.parametrize(
    ("name", "wrong", "told"),
    [
        ("beside_keys", lambda array: array[::-1].copy(), "out of order"),
        ("beside_keys", lambda array: array[:1], "without their weights"),
        ("beside_keys", lambda array: array.astype(np.int64), "no array beside_keys"),
        ("beside_weights", lambda array: array * np.float16("nan"), "more than is sure"),
        ("beside_weights", lambda array: array + np.float16(100), "more than is sure"),
    ],
)
def test_arrays_of_something_else_are_refused(name: str, wrong: object, told: str) -> None:
    arrays = WordsBeside.learn(judged(parts=2)).to_arrays()
    arrays[name] = wrong(arrays[name])  # type: ignore[operator]
    with pytest.raises(ValueError, match=told):
        WordsBeside.from_arrays(arrays)
