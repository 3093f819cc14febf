"""Pictures of how far a tagger's probabilities can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from gotune.aspects import ASPECTS
from gotune.errors import InputError
from gotune.output.figures import INK, new_figure
from gotune.results.tagging import Reliability, ReliabilityBin, RiskCoverage

_PALE = "#8C8C8C"
_TICKS = (0, 0.25, 0.5, 0.75, 1)


def plot_reliability(before: Reliability | None, after: Reliability, *, texts: str = "sentences") -> Figure:
    """Draw the reliability of each aspect; on the diagonal it is perfect.

    Args:
        before: Before calibration; None leaves it out.
        after: After it.
        texts: What the texts are called.
    """
    figure = new_figure(10.5, 4.3)
    panels = figure.subplots(1, len(ASPECTS), sharex=True, sharey=True)
    for aspect, axes in zip(ASPECTS, panels, strict=True):
        axes.plot((0, 1), (0, 1), color=INK, linewidth=0.8, linestyle="dotted")
        if before is not None:
            _draw_bins(axes, before.aspects[aspect.label], _PALE, filled=False, label="before")
        _draw_bins(axes, after.aspects[aspect.label], aspect.colour, filled=True, label="after")
        count = sum(found.count for found in after.aspects[aspect.label])
        axes.set_title(f"{aspect.words}\nn = {count:,}", size=11)
        axes.set_xticks(_TICKS)
        axes.set_yticks(_TICKS)
        axes.set_aspect("equal")
        if before is not None:
            axes.legend(loc="lower right", fontsize=9, frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel(f"share of {texts} with the aspect")
    figure.supxlabel(f"mean probability; a dot is a bin of equally many {texts}", size=10)
    errors = f"{after.calibration_error:.3f}"
    if before is not None:
        errors = f"{before.calibration_error:.3f} before, {errors} after"
    figure.suptitle(f"Calibration error {errors}", weight="bold")
    return figure


def plot_risk_coverage(curve: RiskCoverage, target: float = 0.02) -> Figure:
    """Draw the share of wrong decisions against the share of sentences kept, the most certain first.

    Args:
        curve: At least one point.
        target: Share of wrong decisions whose point is marked, if it can be reached.

    Raises:
        InputError: The curve has no point.
    """
    if not curve.coverage:
        raise InputError(
            "risk-coverage curve", expected="at least one point", found="none", do="Take some sentences."
        )
    figure = new_figure(6.8, 4.3)
    axes = figure.subplots()
    axes.plot(curve.coverage, curve.risk, color=INK, linewidth=1.8)
    if (point := curve.within(target)) is not None:
        _mark(axes, curve, point)
    axes.set_xlim(0, 1)
    # Room above the highest point for the words at the mark.
    axes.set_ylim(0, 1.25 * max(*curve.risk, 0.01))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    axes.set_xlabel("sentences kept, the most certain first")
    axes.set_ylabel("wrong decisions among them")
    axes.set_title(f"Without abstention {curve.risk[-1]:.1%} of the decisions are wrong", weight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _draw_bins(axes: Axes, bins: Sequence[ReliabilityBin], colour: str, *, filled: bool, label: str) -> None:
    axes.plot(
        [found.predicted for found in bins],
        [found.observed for found in bins],
        color=colour,
        marker="o",
        markersize=5,
        markerfacecolor=colour if filled else "white",
        linewidth=1.4,
        linestyle="solid" if filled else "dashed",
        label=label,
    )


def _mark(axes: Axes, curve: RiskCoverage, point: int) -> None:
    coverage, risk = curve.coverage[point], curve.risk[point]
    axes.plot([coverage], [risk], marker="o", color="#B00020", linestyle="none")
    half = 0.5
    axes.annotate(
        f"certainty of at least {curve.certainty[point]:.2f}:\n{coverage:.0%} kept, {risk:.1%} wrong",
        (coverage, risk),
        xytext=(-10 if coverage > half else 10, 14),
        textcoords="offset points",
        ha="right" if coverage > half else "left",
        color=INK,
        size=10,
    )
