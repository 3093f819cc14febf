"""Measures of taggers and comparisons of models as tables of text."""

from __future__ import annotations

from gotune.aspects import ASPECTS
from gotune.output.reports import TextTable, render_markdown
from gotune.results.comparison import Comparison
from gotune.results.estimates import Estimate
from gotune.results.tagging import RiskCoverage, TaggingEvaluation, TaggingScores

_NO_FIGURE = "-"
_LEAST_SHOWN_P = 0.001
_TARGET_RISKS = (0.02, 0.01)
_FEW_UNITS = 40


def render_tagging(evaluation: TaggingEvaluation) -> str:
    """Return an evaluation on sentences as a Markdown page."""
    return f"""# Evaluation on sentences

{describe_tagging(evaluation)}

{render_markdown(tagging_tables(evaluation))}"""


def describe_tagging(evaluation: TaggingEvaluation) -> str:
    """Return what was measured and how, in a few sentences."""
    return (
        f"{evaluation.n_sentences:,} sentences of {evaluation.n_articles:,} articles. {evaluation.split} "
        "In brackets: 95 % bootstrap intervals over articles. A sentence may carry no aspect, one or "
        "several. One-aspect accuracy is the balanced accuracy on sentences that carry exactly one. Profile "
        "correlations are Spearman's: across articles, whether those with more of an aspect get more of it; "
        "inside articles, whether the three aspects come in the right order. Calibration error is the "
        "expected one in bins of equal mass, the mean over the aspects."
    )


def tagging_tables(evaluation: TaggingEvaluation) -> tuple[TextTable, ...]:
    """Return the models side by side, figure by figure, then the aspects of the model itself."""
    rows = evaluation.rows
    return (
        TextTable(
            "Ranking and decisions",
            ("model", "macro ROC-AUC", "macro average precision", "macro F1", "one-aspect accuracy"),
            tuple(
                _row(row, row.macro_auroc, row.macro_average_precision, row.macro_f1, row.balanced_accuracy)
                for row in rows
            ),
        ),
        TextTable(
            "Profiles of articles and calibration",
            ("model", "correlation across articles", "inside articles", "calibration error"),
            tuple(
                _row(row, row.profile_correlation, row.within_correlation, row.calibration_error)
                for row in rows
            ),
        ),
        _aspect_table(evaluation.model),
        _abstention_table(evaluation.risk_coverage),
    )


def comparison_tables(comparison: Comparison) -> tuple[TextTable, ...]:
    """Return the figures of both models with their differences, and the texts that one alone has right."""
    return (
        TextTable(
            f"Difference on {comparison.n_rows:,} texts",
            ("figure", comparison.first, comparison.second, "difference", "p"),
            tuple(
                (
                    row.figure,
                    f"{row.first:.3f}",
                    f"{row.second:.3f}",
                    _figure(row.difference, sign="+"),
                    _p_value(row.p_value),
                )
                for row in comparison.differences
            ),
        ),
        TextTable(
            "Texts that one model alone has right",
            ("test", comparison.first, comparison.second, "p"),
            (
                (
                    "McNemar, exact",
                    f"{comparison.only_first:,}",
                    f"{comparison.only_second:,}",
                    _p_value(comparison.mcnemar_p),
                ),
            ),
        ),
    )


def describe_comparison(comparison: Comparison) -> str:
    """Return how the models were compared, in a few sentences."""
    few = comparison.n_units < _FEW_UNITS
    return (
        "Neither model has learned from these texts. The difference is that of the second model to the "
        f"first. In brackets: 95 % intervals of a paired bootstrap by {comparison.unit} "
        f"({comparison.n_units:,} in all), which the upper p-values come from too. A text is right if "
        "everything decided about it is. McNemar's test takes texts as independent: where they are alike "
        f"inside one {comparison.unit}, its p is too small."
        + few
        * " There are so few to draw from that the upper p-values are somewhat too small as well."
    )


def _aspect_table(scores: TaggingScores) -> TextTable:
    figures = {
        "ROC-AUC": [_figure(row.auroc) for row in scores.aspects],
        "average precision": [_figure(row.average_precision) for row in scores.aspects],
        "F1": [_figure(row.f1) for row in scores.aspects],
        "precision": [_figure(row.precision) for row in scores.aspects],
        "recall": [_figure(row.recall) for row in scores.aspects],
        "threshold": [f"{row.threshold:.3f}" for row in scores.aspects],
        "support": [f"{row.support:,}" for row in scores.aspects],
    }
    rows = tuple((name, *cells) for name, cells in figures.items())
    return TextTable(f"Aspects, {scores.model}", ("figure", *(aspect.words for aspect in ASPECTS)), rows)


def _abstention_table(curve: RiskCoverage) -> TextTable:
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
        "Abstaining: deciding only where max(p, 1 - p) of every aspect reaches a certainty",
        ("wanted", "least certainty", "sentences kept", "wrong decisions"),
        tuple(rows),
    )


def _row(scores: TaggingScores, *figures: Estimate | None) -> tuple[str, ...]:
    return (scores.model, *map(_figure, figures))


def _figure(estimate: Estimate | None, *, sign: str = "") -> str:
    if estimate is None:
        return _NO_FIGURE
    low, high = estimate.interval.low, estimate.interval.high
    # Without a blank inside, so that a narrow terminal breaks before the interval and not in it.
    return f"{estimate.value:{sign}.3f} ({low:{sign}.3f}–{high:{sign}.3f})"  # noqa: RUF001


def _p_value(value: float) -> str:
    return f"{value:.3f}" if value >= _LEAST_SHOWN_P else f"<{_LEAST_SHOWN_P}"
