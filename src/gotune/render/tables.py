"""Tables of text, for the terminal, for pages and for Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gotune.aspects import ASPECTS
from gotune.estimates import Estimate
from gotune.lines import one_line

ASPECT_NAMES = tuple(aspect.words for aspect in ASPECTS)
"""Headers of the columns of the aspects, in label order."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table whose cells are text; the first column names the row."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def render_markdown(tables: Sequence[TextTable]) -> str:
    """Return tables as Markdown, each under its title."""
    return "\n".join(_markdown_table(table) for table in tables)


def _markdown_table(table: TextTable) -> str:
    rule = ("---",) * len(table.header)
    rows = "\n".join(
        f"| {' | '.join(map(markdown_cell, row))} |" for row in (table.header, rule, *table.rows)
    )
    return f"## {one_line(table.title)}\n\n{rows}\n"


def markdown_cell(text: str) -> str:
    """Return a text as a cell of a table in Markdown can hold it."""
    return one_line(text).replace("|", r"\|")


def estimate_cell(estimate: Estimate | None, decimals: int = 3, *, sign: str = "") -> str:
    """Return a figure with its interval for a cell, or a dash where the figure does not exist.

    Args:
        estimate: The figure.
        decimals: How many it gets.
        sign: ``+`` shows the sign of a positive figure too.
    """
    if estimate is None:
        return "-"
    figures = (estimate.value, estimate.interval.low, estimate.interval.high)
    value, low, high = (f"{figure:{sign}.{decimals}f}" for figure in figures)
    # Without a blank inside, so that a narrow terminal breaks before the interval and not in it.
    return f"{value} ({low}–{high})"  # noqa: RUF001
