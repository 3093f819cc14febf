from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from gotune.aspects import ASPECTS, Aspect
from gotune.datasets.word_cloud import plot_aspect_counts, plot_definition_lengths
from gotune.errors import InputError

BP, CC, MF = ASPECTS
TextsOf = Callable[[Figure], list[str]]


def test_aspect_counts(texts_of: TextsOf) -> None:
    figure = plot_aspect_counts({MF: 250, BP: 1750})
    bars = [bar for bar in figure.axes[0].patches if isinstance(bar, Rectangle)]
    assert [bar.get_width() for bar in bars] == [1750, 0, 250]
    assert [to_hex(bar.get_facecolor()).upper() for bar in bars] == [aspect.colour for aspect in ASPECTS]
    texts = texts_of(figure)
    assert "Definitions per aspect (n = 2,000)" in texts
    assert {"1,750 (87.5%)", "0 (0.0%)", "250 (12.5%)"} <= set(texts)


def test_aspect_counts_without_definitions() -> None:
    with pytest.raises(InputError, match="expected definitions, found none"):
        plot_aspect_counts({BP: 0})


def test_definition_lengths(texts_of: TextsOf) -> None:
    words = np.array([10, 20, 30, 40, 7])
    tokens = np.array([12, 24, 64, 65, 9])
    figure = plot_definition_lengths(words, tokens, [BP, BP, MF, MF, CC], max_tokens=64)
    texts = texts_of(figure)
    assert "Length of the definitions (n = 5)" in texts
    # 64 tokens are read whole, 65 are not.
    assert "64 tokens are read; 1 definitions (20.00%) are longer" in texts
    assert "biological\nprocess\nn = 2" in texts
    left, right = figure.axes
    assert left.get_ylabel() == "words per definition"
    assert right.get_ylabel() == "tokens per definition"
    assert [np.asarray(line.get_ydata())[0] for line in right.lines if line.get_linestyle() == "--"] == [64]
    assert right.get_ylim()[1] > 65
    assert [to_hex(patch.get_edgecolor()).upper() for patch in left.patches] == [a.colour for a in ASPECTS]


@pytest.mark.parametrize(
    ("words", "tokens", "aspects"), [([], [], []), ([1], [1, 2], [BP]), ([1, 2], [1, 2], [BP])]
)
def test_definition_lengths_must_belong_together(
    words: list[int], tokens: list[int], aspects: list[Aspect]
) -> None:
    with pytest.raises(InputError, match="words, tokens and aspects of the same definitions"):
        plot_definition_lengths(words, tokens, aspects, 64)


def test_nothing_is_clipped(assert_fits: Callable[[Figure], None]) -> None:
    assert_fits(plot_aspect_counts({BP: 28_429, CC: 4_183, MF: 11_177}))
    assert_fits(plot_definition_lengths([1, 2, 300], [3, 4, 500], ASPECTS, 128))
