from __future__ import annotations

from collections.abc import Callable

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, Wedge

from gotune.aspects import ASPECTS
from gotune.records import ClassifiedDocument
from gotune.render.figures import INK
from gotune.render.plots import plot_shares
from gotune.render.wording import NONE_COLOUR

BP, CC, MF = ASPECTS
MakeDocument = Callable[..., ClassifiedDocument]
TextsOf = Callable[[Figure], list[str]]


SINGLE = "One of the three aspects is chosen for every text: the probabilities add up to one (single head)."
MULTI = "Each aspect is judged by itself: a text may carry none, one or several (multi head)."


def test_shares(tagged: ClassifiedDocument, texts_of: TextsOf) -> None:
    figure = plot_shares(tagged)
    wedges = [patch for patch in figure.axes[0].patches if isinstance(patch, Wedge)]
    assert [to_hex(wedge.get_facecolor()).upper() for wedge in wedges] == [a.colour for a in ASPECTS]
    angles = [abs(wedge.theta2 - wedge.theta1) / 360 for wedge in wedges]
    assert angles == pytest.approx([0.25, 0.25, 0.5], abs=1e-6)
    texts = texts_of(figure)
    assert "paper.txt\naspects of 4 sentences" in texts
    assert "share among the sentences\nthat carry an aspect (n = 2)" in texts
    assert "cellular component: 25.0%\n95 % interval 0.0% to 50.0%" in texts
    assert MULTI in texts
    assert [text.get_text() for text in figure.axes[0].texts if text.get_text()] == [
        "25.0%",
        "25.0%",
        "50.0%",
    ]


def test_a_bar_shows_how_many_sentences_carry_none(make_document: MakeDocument, texts_of: TextsOf) -> None:
    figure = plot_shares(make_document(*"abcdefghij", carried=[(BP,), *[()] * 9]))
    bar = figure.axes[-1]
    widths = [patch.get_width() for patch in bar.patches if isinstance(patch, Rectangle)]
    assert widths == pytest.approx([0.1, 0.9])
    assert [to_hex(patch.get_facecolor()) for patch in bar.patches] == [INK, NONE_COLOUR]
    # The short part has no room for its name.
    assert [text.get_text() for text in bar.texts] == ["none"]
    assert "carry none: 90.0% of 10 sentences (95 % interval 70.0% to 100.0%)" in texts_of(figure)


def test_a_single_head_has_no_bar(document: ClassifiedDocument, texts_of: TextsOf) -> None:
    figure = plot_shares(document)
    texts = texts_of(figure)
    assert SINGLE in texts
    assert not [text for text in texts if "none" in text]
    assert not [patch for axes in figure.axes for patch in axes.patches if isinstance(patch, Rectangle)]


def test_a_document_that_carries_nothing_has_no_pie(make_document: MakeDocument, texts_of: TextsOf) -> None:
    figure = plot_shares(make_document("One.", "Two.", carried=((),)))
    assert not figure.findobj(Wedge)
    texts = texts_of(figure)
    assert "no sentence carries an aspect" in texts
    assert "carry none: 100.0% of 2 sentences (95 % interval 34.2% to 100.0%)" in texts


def test_a_thin_slice_has_its_percentage_in_the_legend_only(
    make_document: MakeDocument, texts_of: TextsOf
) -> None:
    figure = plot_shares(make_document(*["One."] * 50, carried=[(CC,), *[(BP,)] * 49]))
    assert [text.get_text() for text in figure.axes[0].texts if text.get_text()] == ["98.0%"]
    texts = texts_of(figure)
    assert any(text.startswith("cellular component: 2.0%\n") for text in texts)
    assert "molecular function: 0.0%\n95 % interval 0.0% to 7.1%" in texts


def test_a_pie_of_one_aspect_has_no_edge_in_it(make_document: MakeDocument) -> None:
    wedges = plot_shares(make_document("One.", rows=((0.0, 1.0, 0.0),))).axes[0].patches
    assert [wedge.get_linewidth() for wedge in wedges] == [0, 0, 0]


@pytest.mark.parametrize(
    "name", ["$x_1^2$ and \\frac{", "酵母のキナーゼ 🧬", "half \ud83d", "\x00\x1b[0m", "", "w" * 500]
)
def test_odd_document_names_are_drawn_without_a_warning(
    name: str, make_document: MakeDocument, texts_of: TextsOf
) -> None:
    texts = texts_of(plot_shares(make_document("One.", name=name)))
    assert any(text.endswith("\naspects of 1 sentence") for text in texts)


def test_nothing_is_clipped(make_document: MakeDocument, assert_fits: Callable[[Figure], None]) -> None:
    assert_fits(plot_shares(make_document("One.", name="W酵" * 500)))
    assert_fits(plot_shares(make_document("One.", "Two.", carried=((CC,), ()))))
    assert_fits(plot_shares(make_document("One.", carried=((),))))
