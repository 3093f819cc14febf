"""Measures of a tagger as tables of text and as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from gotune.aspects import ASPECTS
from gotune.errors import InputError
from gotune.estimates import Estimate
from gotune.evaluation.reliability import Reliability, ReliabilityBin
from gotune.evaluation.sentences.results import (
    AspectTagging,
    RiskCoverage,
    TaggingEvaluation,
    TaggingScores,
)
from gotune.render.figures import INK, new_figure
from gotune.render.tables import TextTable, estimate_cell, render_markdown
from gotune.render.wording import describe_few, describe_judged, name_model

_TARGET_RISKS = (0.02, 0.01)


def render_tagging(evaluation: TaggingEvaluation) -> str:
    """Return an evaluation on sentences as a Markdown page."""
    return f"""# Evaluation on sentences

{describe_tagging(evaluation)}

{render_markdown(tagging_tables(evaluation))}"""


def describe_tagging(evaluation: TaggingEvaluation) -> str:
    """Return what was measured and how, in a few sentences."""
    n, n_alone = evaluation.n_articles, evaluation.n_groups - evaluation.n_articles
    drawn = "over articles."
    if n_alone:
        drawn = f"over {'articles and the ' if n else ''}{n_alone:,} sentences of which none is named: "
        drawn += "too narrow where several of these are of one article."
    drawn += describe_few(evaluation.n_groups, "they are too narrow")
    return (
        f"{evaluation.n_sentences:,} sentences of {f'{n:,}' if n else 'unknown'} articles. "
        f"{evaluation.split} In brackets: 95 % bootstrap intervals {drawn} A sentence may carry no aspect, "
        "one or several. One-aspect accuracy is the balanced accuracy on sentences that carry exactly one, "
        "with the most probable aspect as the answer. Profile correlations are Spearman's: across articles, "
        "whether those with more of an aspect get more of it; inside articles, whether the three aspects "
        "come in the right order. Calibration error is the expected one in bins of equal mass, the mean over "
        "the aspects. What nobody has judged counts nowhere: the figures of an aspect are of the sentences "
        "judged on it, means are over the aspects that have figures, and one-aspect accuracy is of sentences "
        "judged on two aspects or three, of which one has to be chosen."
    )


def tagging_tables(evaluation: TaggingEvaluation) -> tuple[TextTable, ...]:
    """Return the models side by side, figure by figure, then the aspects of the model itself."""
    rows = evaluation.rows
    judged = describe_judged(evaluation.judged)
    return (
        TextTable(
            f"Ranking and decisions ({judged})",
            ("model", "macro ROC-AUC", "macro average precision", "macro F1", "one-aspect accuracy"),
            tuple(
                _row(row, row.macro_auroc, row.macro_average_precision, row.macro_f1, row.balanced_accuracy)
                for row in rows
            ),
        ),
        TextTable(
            f"Profiles of articles and calibration ({judged})",
            ("model", "correlation across articles", "inside articles", "calibration error"),
            tuple(
                _row(row, row.profile_correlation, row.within_correlation, row.calibration_error)
                for row in rows
            ),
        ),
        _aspect_table(evaluation.model),
        _abstention_table(evaluation.risk_coverage, judged),
    )


def _aspect_table(scores: TaggingScores) -> TextTable:
    figures = {
        "ROC-AUC": [aspect_cell(row, row.auroc) for row in scores.aspects],
        "average precision": [aspect_cell(row, row.average_precision) for row in scores.aspects],
        "F1": [aspect_cell(row, row.f1) for row in scores.aspects],
        "precision": [aspect_cell(row, row.precision) for row in scores.aspects],
        "recall": [aspect_cell(row, row.recall) for row in scores.aspects],
        "threshold": [f"{row.threshold:.3f}" for row in scores.aspects],
        "support": [f"{row.support:,}" for row in scores.aspects],
        "judged": [f"{row.judged:,}" for row in scores.aspects],
    }
    rows = tuple((name, *cells) for name, cells in figures.items())
    header = ("figure", *(aspect.words for aspect in ASPECTS))
    return TextTable(f"Aspects, {name_model(scores.model)}", header, rows)


def aspect_cell(row: AspectTagging, figure: Estimate | None) -> str:
    """Return a figure of an aspect for a cell; where nobody has judged, that is said."""
    return estimate_cell(figure) if row.judged else "not judged"


def _abstention_table(curve: RiskCoverage, judged: str) -> TextTable:
    rows = [("all sentences", "-", f"{curve.coverage[-1]:.1%}", f"{curve.risk[-1]:.2%}")]
    for target in _TARGET_RISKS:
        point = curve.within(target)
        cells = (
            ("-", "0.0%", "-")
            if point is None
            else (f"{curve.certainty[point]:.3f}", f"{curve.coverage[point]:.1%}", f"{curve.risk[point]:.2%}")
        )
        rows.append((f"at most {target:.0%} wrong", *cells))
    return TextTable(
        "Abstaining: each aspect decided at .5, and only where max(p, 1 - p) of all reaches a certainty, "
        f"chosen on these sentences ({judged})",
        ("wanted", "least certainty", "sentences kept", "wrong decisions"),
        tuple(rows),
    )


def _row(scores: TaggingScores, *figures: Estimate | None) -> tuple[str, ...]:
    return (scores.model, *map(estimate_cell, figures))


_PALE = "#8C8C8C"
_TICKS = (0, 0.25, 0.5, 0.75, 1)


def plot_reliability(
    before: Reliability | None,
    after: Reliability,
    *,
    texts: str = "sentences",
    true: str = "with the aspect",
) -> Figure:
    """Draw the reliability of each aspect; on the diagonal it is perfect.

    Args:
        before: Before calibration; None leaves it out.
        after: After it.
        texts: What the probabilities are of.
        true: Which of them are true.
    """
    figure = new_figure(10.5, 4.3)
    panels = figure.subplots(1, len(ASPECTS), sharex=True, sharey=True)
    for aspect, axes in zip(ASPECTS, panels, strict=True):
        axes.plot((0, 1), (0, 1), color=INK, linewidth=0.8, linestyle="dotted")
        if before is not None:
            _draw_bins(axes, before.aspects[aspect.label], _line(_PALE, filled=False))
        _draw_bins(axes, after.aspects[aspect.label], _line(aspect.colour))
        count = sum(found.count for found in after.aspects[aspect.label])
        axes.set_title(f"{aspect.words}\n{f'n = {count:,}' if count else 'not judged'}", size=11)
        axes.set_xticks(_TICKS)
        axes.set_yticks(_TICKS)
        axes.set_aspect("equal")
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel(f"share of {texts} {true}")
    figure.supxlabel(f"mean probability; a dot is a bin of equally many {texts}", size=10)
    errors = f"{after.calibration_error:.3f}"
    if before is not None:
        errors = f"{before.calibration_error:.3f} before, {errors} after"
        # Curves of a few sentences go anywhere, so no corner of a panel is free for it.
        key = [
            Line2D([], [], label="before", **_line(_PALE, filled=False)),
            Line2D([], [], label="after", **_line(INK)),
        ]
        figure.legend(handles=key, loc="outside lower right", fontsize=9, frameon=False, ncols=2)
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


def _draw_bins(axes: Axes, bins: Sequence[ReliabilityBin], line: dict[str, Any]) -> None:
    axes.plot([found.predicted for found in bins], [found.observed for found in bins], **line)


def _line(colour: str, *, filled: bool = True) -> dict[str, Any]:
    """Return how the line of a curve looks, on the curve and in the key."""
    return {
        "color": colour,
        "marker": "o",
        "markersize": 5,
        "markerfacecolor": colour if filled else "white",
        "linewidth": 1.4,
        "linestyle": "solid" if filled else "dashed",
    }


def _mark(axes: Axes, curve: RiskCoverage, point: int) -> None:
    coverage, risk = curve.coverage[point], curve.risk[point]
    axes.plot([coverage], [risk], marker="o", color="#B00020", linestyle="none", clip_on=False, zorder=3)
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
