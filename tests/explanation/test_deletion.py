from __future__ import annotations

import numpy as np
import pytest

from gotune.aspects import ASPECTS
from gotune.errors import InputError
from gotune.explanation.attribution.results import Method
from gotune.explanation.attribution.run import explain
from gotune.explanation.deletion import deletion_curve
from gotune.testing import FakeClassifier

TEXTS = ["key a b c", "a key b c d e", "a b key", "c d e f g key"]


def key_word(text: str) -> tuple[float, ...]:
    """Know one word: with it a text is a process with probability 0.9, without it with 0.5."""
    first = 0.9 if "key" in text.split() else 0.5
    return first, (1 - first) / 2, (1 - first) / 2


def test_the_word_that_matters_goes_first_and_random_words_seldom_hit_it() -> None:
    classifier = FakeClassifier(key_word)
    explanations = [explain(classifier, text, method="occlusion") for text in TEXTS]
    curve = deletion_curve(classifier, explanations, counts=(1, 2, 8), n_draws=400)
    assert [found.value for found in curve.ranked] == pytest.approx([0.4, 0.4, 0.4])
    expected = [0.4 * np.mean([min(1, k / len(text.split())) for text in TEXTS]) for k in (1, 2, 8)]
    assert [found.value for found in curve.random] == pytest.approx(expected, abs=0.02)
    assert curve.random[2].value == pytest.approx(0.4)  # no text has more than eight words
    assert curve.ranked_area.value == pytest.approx(0.4)
    assert curve.difference.value == pytest.approx(curve.ranked_area.value - curve.random_area.value)
    low, high = curve.difference.interval.low, curve.difference.interval.high
    assert 0 < low < curve.difference.value < high
    assert (curve.method, curve.n_texts, curve.n_draws, curve.counts) == (Method.OCCLUSION, 4, 400, (1, 2, 8))
    assert curve.to_dict()["counts"] == (1, 2, 8)


def test_the_same_seed_gives_the_same_curve() -> None:
    classifier = FakeClassifier(key_word)
    explanations = [explain(classifier, text, method="occlusion") for text in TEXTS]
    first, again, other = (deletion_curve(classifier, explanations, seed=seed) for seed in (1, 1, 2))
    assert first == again != other


def test_the_explained_aspect_is_watched() -> None:
    classifier = FakeClassifier(key_word)
    explanations = [explain(classifier, text, method="occlusion", aspect=ASPECTS[2]) for text in TEXTS]
    # The word speaks against this aspect, so that it goes last.
    assert [found.value for found in deletion_curve(classifier, explanations, counts=(1, 2)).ranked] == [0, 0]


def test_one_text_or_two_methods_are_refused() -> None:
    for options in ({"n_draws": 0}, {"counts": ()}, {"counts": (1, 0)}):
        with pytest.raises(InputError, match="at least one draw, and one count or more"):
            deletion_curve(FakeClassifier(key_word), [], **options)
    with pytest.raises(InputError, match="found 0 by none"):
        deletion_curve(FakeClassifier(key_word), [])
    with pytest.raises(InputError, match="found 1 by occlusion"):
        deletion_curve(
            FakeClassifier(key_word), [explain(FakeClassifier(key_word), "key a", method="occlusion")]
        )
