from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, Wedge

from gotune.aspects import ASPECTS, Aspect
from gotune.datasets.word_cloud import plot_aspect_counts, plot_definition_lengths
from gotune.errors import InputError
from gotune.evaluation.definitions.report import plot_confusion
from gotune.evaluation.definitions.results import ModelScores
from gotune.records import ClassifiedDocument
from gotune.render.figures import INK, tint
from gotune.render.plots import plot_shares
from gotune.render.wording import NONE_COLOUR

BP, CC, MF = ASPECTS
MakeDocument = Callable[..., ClassifiedDocument]
TextsOf = Callable[[Figure], list[str]]


def test_no_picture_needs_pyplot() -> None:
    code = (
        "import sys; from gotune.aspects import Aspect; from gotune.render.plots import plot_aspect_counts; "
        "import gotune.render.term_graph.pictures, gotune.datasets.word_cloud; "
        "plot_aspect_counts({Aspect.MOLECULAR_FUNCTION: 1}); sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


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


def test_confusion(scores: ModelScores, texts_of: TextsOf) -> None:
    figure = plot_confusion(scores)
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts] == [
        "80\n80.0%", "15\n15.0%", "5\n5.0%",
        "0\n-", "0\n-", "0\n-",
        "1\n0.5%", "2\n1.0%", "197\n98.5%",
    ]  # fmt: skip
    assert [text.get_fontweight() for text in axes.texts] == ["bold", *["normal"] * 3] * 2 + ["bold"]
    cells = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_fill()]
    wrong = "#CC79A7"  # of no aspect
    assert [to_hex(cell.get_facecolor()) for cell in cells] == [
        tint(BP.colour, 0.8), tint(wrong, 0.15**0.5), tint(wrong, 0.05**0.5),
        "#ffffff", "#ffffff", "#ffffff",
        tint(wrong, 0.005**0.5), tint(wrong, 0.01**0.5), tint(MF.colour, 0.985),
    ]  # fmt: skip
    frames = [patch for patch in axes.patches if not patch.get_fill()]
    assert [frame.get_center().tolist() for frame in frames if isinstance(frame, Rectangle)] == [
        pytest.approx([row, row]) for row in range(3)
    ]
    # The first row stands on top, and rows are the truth.
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    assert axes.get_ylabel() == "true aspect"
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "biological\nprocess\nn = 100",
        "cellular\ncomponent\nn = 0",
        "molecular\nfunction\nn = 200",
    ]
    texts = texts_of(figure)
    assert 'model "mini_$LM$_^2"\naccuracy 0.934 (95 % interval 0.907 to 0.955), n = 300' in texts
    note = "Framed: right. Per cent: of the definitions of that true aspect, so that a row adds up to 100 %."
    assert note in texts


def test_a_long_name_keeps_its_quotes(scores: ModelScores, texts_of: TextsOf) -> None:
    texts = texts_of(plot_confusion(replace(scores, model="case study of November, " * 9)))
    (title,) = (text.splitlines()[0] for text in texts if text.startswith("model"))
    assert title == 'model "case study of November, case study of November, case…"'


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


def test_nothing_is_clipped(
    make_document: MakeDocument, scores: ModelScores, draw: Callable[[Figure], Any]
) -> None:
    figures = [
        plot_shares(make_document("One.", name="W酵" * 500)),
        plot_shares(make_document("One.", "Two.", carried=((CC,), ()))),
        plot_shares(make_document("One.", carried=((),))),
        plot_confusion(scores),
        plot_aspect_counts({BP: 28_429, CC: 4_183, MF: 11_177}),
        plot_definition_lengths([1, 2, 300], [3, 4, 500], ASPECTS, 128),
    ]
    for figure in figures:
        canvas = draw(figure)
        inside = figure.get_tightbbox(canvas.get_renderer())
        width, height = figure.get_size_inches()
        assert inside.x0 >= 0
        assert inside.y0 >= 0
        assert inside.x1 <= width
        assert inside.y1 <= height
