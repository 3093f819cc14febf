"""A comparison of two models as tables of text."""

from __future__ import annotations

from gotune.evaluation.comparison.results import Comparison
from gotune.render.tables import TextTable, estimate_cell

_LEAST_SHOWN_P = 0.001


_FEW_UNITS = 40


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
                    estimate_cell(row.difference, sign="+"),
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


def _p_value(value: float) -> str:
    return f"{value:.3f}" if value >= _LEAST_SHOWN_P else f"<{_LEAST_SHOWN_P}"
