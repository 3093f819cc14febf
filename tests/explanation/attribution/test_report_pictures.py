from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from gotune.aspects import ASPECTS
from gotune.estimates import Estimate, Interval
from gotune.explanation.attribution.report import AGAINST_COLOUR, plot_deletion, plot_explanation
from gotune.explanation.attribution.results import DeletionCurve, Method
from gotune.render.figures import save_figure, tint
from gotune.render.lettering import text_advance
from tests.explanation.explanations import make_explanation, make_occlusion

Draw = Callable[[Figure], FigureCanvasAgg]


def shown(figure: Figure) -> list[Text]:
    return [found for found in figure.findobj(Text) if isinstance(found, Text) and found.get_text()]


def words_of(figure: Figure) -> list[Text]:
    """Return the words of the text, without title, notes and legend."""
    return [text for text in shown(figure) if text.get_fontsize() == 12 and text.get_fontweight() != "bold"]


def test_words_have_the_tints_of_their_weights() -> None:
    figure = plot_explanation(make_explanation())
    colours = [to_hex(found.get_facecolor()) for found in figure.axes[0].patches]
    own = ASPECTS[2].colour
    expected = [tint(own, 0.8), tint(AGAINST_COLOUR, 0.4), tint(own, 0.2), tint(own, 0.8)]
    assert colours[5:9] == [colour.lower() for colour in expected]
    # Where the bars begin, below the word against the aspect, and in the legend.
    assert len(figure.axes[0].lines) == 3
    texts = [text.get_text() for text in shown(figure)]
    assert texts[0] == "Why molecular function"
    assert texts[1] == "Carries molecular function."
    assert texts[2] == "Molecular function: probability 0.750, carried from 0.750 on."
    assert texts[3:5] == [
        "Log-odds +1.75 = encoder +1.00, names +0.50, words +0.50, constant -0.25.",
        "Encoder +1.00 = masked text -2.50, words unmasked +3.50; completeness error 1.23%.",
    ]
    assert texts[5:15] == [
        "encoder", "+1.00", "names", "+0.50", "words", "+0.50", "constant", "-0.25", "score", "+1.75",
    ]  # fmt: skip
    assert texts[15:20] == [text.get_text() for text in words_of(figure)]
    assert texts[15:20] == ["Kinases", "bind", "cold", "ATP", "."]
    assert texts[20:] == ["for molecular function", "against it"]


def test_bars_of_witnesses_go_to_their_sides() -> None:
    bars = plot_explanation(make_explanation()).axes[0].patches[:5]
    assert all(isinstance(bar, Rectangle) for bar in bars)
    spans = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars if isinstance(bar, Rectangle)]
    longest = 1.5 / 1.75
    expected = [(0, 1), (0, 0.5), (0, 0.5), (-0.25, 0), (0, 1.75)]
    assert spans == [pytest.approx((3.2 + low * longest, 3.2 + high * longest)) for low, high in expected]
    alone = plot_explanation(make_occlusion())
    assert len(alone.axes[0].patches) == 6  # four words, two of the legend


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "phosphorylation of the " * 30,
        "a" * 400 + " b " + "W" * 400,
        "<script>alert(1)</script> $x^2$ \u05e9\u05dc\u05d5\u05dd \u202egnp \u200b \U0001f9ec",
    ],
)
def test_no_word_lies_on_another_or_leaves_the_picture(text: str, draw: Draw) -> None:
    figure = plot_explanation(make_explanation(text))
    renderer = draw(figure).get_renderer()  # type: ignore[no-untyped-call]
    boxes = [found.get_window_extent(renderer) for found in shown(figure)]
    assert all(figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 for box in boxes)
    assert all(figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1 for box in boxes)
    tints = [found.get_window_extent(renderer).padded(-0.1) for found in figure.axes[0].patches[:60]]
    assert not any(a.overlaps(b) for row, a in enumerate(tints) for b in tints[row + 1 :])


def lines_of(figure: Figure) -> list[str]:
    """Return the lines of the text, without the notes above it and the legend below."""
    lines: dict[float, list[Text]] = {}
    for word in words_of(figure):
        lines.setdefault(word.get_position()[1], []).append(word)
    return ["".join(word.get_text() for word in line) for line in lines.values()]


def test_marks_stay_with_their_words_on_a_line() -> None:
    lines = lines_of(plot_explanation(make_explanation("phosphorylated, (see [3]). " * 40)))
    assert len(lines) > 10
    assert {line[:3] for line in lines} <= {"pho", "(se", "[3]"}
    assert {line[-3:] for line in lines} <= {"ed,", "see", "]).", ")."}


def test_a_line_ends_behind_a_hyphen_but_not_behind_a_minus() -> None:
    text = " ".join(f"kinase/phosphatase-like at -80 {'x' * n}" for n in range(50))
    lines = lines_of(plot_explanation(make_explanation(text)))
    assert {line[-2:] for line in lines} == {"e/", "e-", "ke", "at", "80", "xx"}
    assert "".join(lines) == text.replace(" ", "")


def test_letters_stand_as_far_apart_as_in_print(draw: Draw) -> None:
    figure = plot_explanation(make_explanation("EC 3.1.3.5."))
    draw(figure)
    places = {text.get_text(): text.get_position()[0] for text in words_of(figure)[:2]}
    assert places == pytest.approx({"EC": 0.3, "3": 0.3 + text_advance("EC", size=12) + 0.07})
    pens = [text.get_position()[0] for text in words_of(figure)[1:8]]
    assert np.diff(pens) == pytest.approx([text_advance(mark, size=12) for mark in "3.1.3."])


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_picture_is_the_same_each_time(suffix: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_figure(plot_explanation(make_occlusion()), tmp_path / f"{name}{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_curves_of_both_methods_stand_side_by_side(draw: Draw) -> None:
    def estimate(value: float) -> Estimate:
        return Estimate(value, Interval(value - 0.05, value + 0.05))

    curve = DeletionCurve(
        method=Method.GRADIENTS,
        n_texts=1200,
        n_draws=5,
        counts=(1, 2),
        ranked=(estimate(0.3), estimate(0.5)),
        random=(estimate(0.1), estimate(0.2)),
        ranked_area=estimate(0.4),
        random_area=estimate(0.15),
        difference=estimate(0.25),
    )
    figure = plot_deletion([curve, replace(curve, method=Method.OCCLUSION)])
    draw(figure)
    assert [axes.get_title() for axes in figure.axes] == ["gradients, 1,200 texts", "occlusion, 1,200 texts"]
    assert [list(np.asarray(line.get_ydata())) for line in figure.axes[0].lines] == [[0.3, 0.5], [0.1, 0.2]]
