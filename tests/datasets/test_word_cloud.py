from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from gotune.datasets.word_cloud import TEMPLATE_WORDS, plot_word_cloud
from gotune.errors import InputError

DEFINITIONS = [
    "Any process that activates or increases the frequency, rate or extent of glycolysis.",
    "Catalysis of the reaction: ATP + glucose = ADP + glucose-6-phosphate.",
    "The chemical reactions and pathways involving glucose, a sugar. Glucose!",
    "A membrane that surrounds a nucleus.",
]


def words_of(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def test_words_of_whole_definitions_without_function_words() -> None:
    words = words_of(plot_word_cloud(DEFINITIONS))
    assert {"glycolysis", "membrane", "nucleus", "process", "Catalysis"} <= set(words)
    assert not {"the", "of", "The", "that", "or"} & set(words)


def test_stop_words_are_left_out_in_any_case() -> None:
    words = words_of(plot_word_cloud(DEFINITIONS, [*TEMPLATE_WORDS, "MEMBRANE"]))
    assert sorted(word.lower() for word in words) == [
        "adp", "atp", "glucose", "glycolysis", "nucleus", "phosphate", "sugar", "surrounds",
    ]  # fmt: skip


def test_the_most_frequent_word_is_largest() -> None:
    texts = plot_word_cloud(DEFINITIONS).axes[0].texts
    assert max(texts, key=lambda text: text.get_fontsize()).get_text() == "glucose"


def test_title_and_caption_say_what_is_shown(texts_of: Callable[[Figure], list[str]]) -> None:
    texts = texts_of(plot_word_cloud(DEFINITIONS, TEMPLATE_WORDS))
    assert "Words of 4 definitions" in texts
    assert any(f"and {len(TEMPLATE_WORDS)} chosen words" in text for text in texts)


def test_the_same_definitions_give_the_same_picture(draw: Callable[[Figure], Any]) -> None:
    one, two = (np.asarray(draw(plot_word_cloud(DEFINITIONS)).buffer_rgba()) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_words_lie_inside_and_apart(
    draw: Callable[[Figure], Any], assert_fits: Callable[[Figure], None]
) -> None:
    figure = plot_word_cloud(
        ["upward"] * 9 + ["hypoxia"] * 8 + ["jejunum quay"] * 7 + ["beta acid kinase"] * 4
    )
    axes = figure.axes[0]
    drawn = {}
    for text in axes.texts:
        others = [other for other in axes.texts if other is not text]
        for other in others:
            other.set_visible(False)
        drawn[text.get_text()] = np.asarray(draw(figure).buffer_rgba())[..., :3].min(axis=2) < 128
        for other in others:
            other.set_visible(True)
    assert len(drawn) == 7
    assert_fits(figure)
    frame = np.logical_and.reduce(list(drawn.values()))
    for one, two in combinations(drawn.values(), 2):
        assert not (one & two & ~frame).any()


@pytest.mark.parametrize("definitions", [[], [""], ["of the and", "a"]])
def test_no_word_left(definitions: list[str]) -> None:
    with pytest.raises(InputError, match="at least one word that is not a stop word"):
        plot_word_cloud(definitions)


def test_a_single_text_is_refused() -> None:
    with pytest.raises(InputError, match="a list of texts"):
        plot_word_cloud("one text")


def test_words_without_glyphs(draw: Callable[[Figure], Any]) -> None:
    draw(plot_word_cloud(["酵母菌 kinase βετα"]))
