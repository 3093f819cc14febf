from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gotune.aspects import ASPECTS
from gotune.errors import InputError
from gotune.evaluation.reliability import Reliability, ReliabilityBin
from gotune.evaluation.sentences.report import plot_reliability, plot_risk_coverage
from gotune.evaluation.sentences.results import RiskCoverage

BEFORE = Reliability(((ReliabilityBin(0.1, 0.3, 40), ReliabilityBin(0.9, 0.7, 60)),) * 3, (), 0.2)
AFTER = Reliability(((ReliabilityBin(0.28, 0.3, 40), ReliabilityBin(0.72, 0.7, 60)),) * 3, (), 0.02)
CURVE = RiskCoverage((0.99, 0.9, 0.6), (0.25, 0.5, 1.0), (0.0, 0.01, 0.08))


def test_reliability_before_and_after(texts_of: Callable[[Figure], list[str]]) -> None:
    figure = plot_reliability(BEFORE, AFTER)
    texts = texts_of(figure)
    assert "Calibration error 0.200 before, 0.020 after" in texts
    assert {f"{aspect.words}\nn = 100" for aspect in ASPECTS} <= set(texts)
    for aspect, axes in zip(ASPECTS, figure.axes, strict=True):
        _, before, after = axes.lines
        assert np.asarray(before.get_xdata()).tolist() == [0.1, 0.9]
        assert np.asarray(after.get_ydata()).tolist() == [0.3, 0.7]
        assert after.get_color() == aspect.colour


def test_an_aspect_that_nobody_has_judged_has_no_curve(texts_of: Callable[[Figure], list[str]]) -> None:
    process, _, function = AFTER.aspects
    figure = plot_reliability(None, Reliability((process, (), function), (), 0.02))
    assert "cellular component\nnot judged" in texts_of(figure)
    assert [len(np.asarray(axes.lines[1].get_xydata())) for axes in figure.axes] == [2, 0, 2]


def test_no_curve_can_run_under_the_key(draw: Callable[[Figure], FigureCanvasAgg]) -> None:
    figure = plot_reliability(BEFORE, AFTER)
    draw(figure)
    (key,) = figure.legends
    assert [text.get_text() for text in key.get_texts()] == ["before", "after"]
    box = key.get_window_extent()
    assert not any(box.overlaps(axes.get_window_extent()) for axes in figure.axes)


def test_reliability_alone(texts_of: Callable[[Figure], list[str]]) -> None:
    figure = plot_reliability(None, AFTER, texts="definitions")
    texts = texts_of(figure)
    assert "Calibration error 0.020" in texts
    assert "share of definitions with the aspect" in texts
    assert "mean probability; a dot is a bin of equally many definitions" in texts
    assert "before" not in texts
    assert [len(axes.lines) for axes in figure.axes] == [2, 2, 2]


def test_risk_against_coverage(texts_of: Callable[[Figure], list[str]]) -> None:
    figure = plot_risk_coverage(CURVE)
    curve, mark = figure.axes[0].lines
    assert np.asarray(curve.get_xdata()).tolist() == [0.25, 0.5, 1.0]
    assert (np.asarray(mark.get_xdata()).item(), np.asarray(mark.get_ydata()).item()) == (0.5, 0.01)
    assert not mark.get_clip_on()  # without an error it stands on the axis
    texts = texts_of(figure)
    assert "Without abstention 8.0% of the decisions are wrong" in texts
    assert "certainty of at least 0.90:\n50% kept, 1.0% wrong" in texts


def test_nothing_is_marked_where_the_risk_is_never_so_low() -> None:
    assert len(plot_risk_coverage(CURVE, target=-1.0).axes[0].lines) == 1


def test_a_curve_without_points_is_refused() -> None:
    with pytest.raises(InputError, match="expected at least one point"):
        plot_risk_coverage(RiskCoverage((), (), ()))


def test_nothing_is_clipped(assert_fits: Callable[[Figure], None]) -> None:
    assert_fits(plot_reliability(BEFORE, AFTER))
    assert_fits(plot_risk_coverage(CURVE))
