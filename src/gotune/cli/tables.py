"""Tables that fit the width of a terminal: no word broken, and no figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from gotune.render.tables import TextTable

if TYPE_CHECKING:
    from rich.table import Table

_FRAME, _EDGE = 3, 1
"""Columns of the terminal that each column of a table needs beside its text, and the table once more."""
_LONGEST, _SHORTEST = 3, 16
"""Part of the width that a word may have, such as the path of a model, and letters that are left of it."""
_FIGURE = re.compile(r"[-+<]?\d.*|-|")
_NUMBERS = re.compile(r"[-+<(]*\d[\d.,%–]*\)?")  # noqa: RUF001


def fit_table(table: TextTable, width: int) -> list[TextTable]:
    """Return a table as it is if it fits, else in a shape that does.

    Else it is turned; else long words, but no numbers, lose their middle; else it is cut into several, each
    with the first column.

    Args:
        table: Its cells are printable and of one line.
        width: Of the terminal.
    """
    shapes = [table, *(_shortened(table, longest) for longest in range(width // _LONGEST, _SHORTEST, -1))]
    for shape in shapes:
        for fitting in (shape, _turned(shape)):
            if column_widths(fitting, width) is not None:
                return [fitting]
    return _cut(shapes[-1], width)


def column_widths(table: TextTable, width: int) -> list[int] | None:
    """Return how wide each column gets, or None if words would have to be broken.

    Cells come before headers, and the first column, which names the rows, before the others.
    """
    columns = list(zip(table.header, *table.rows, strict=True))
    widths = [max(cell_len(word) for cell in column for word in (*cell.split(), "")) for column in columns]
    spare = width - _EDGE - _FRAME * len(columns) - sum(widths)
    if spare < 0:
        return None
    for cells in ([column[1:] for column in columns], columns):
        wanted = [max((*map(cell_len, column), least)) for column, least in zip(cells, widths, strict=True)]
        order = sorted(range(len(columns)), key=lambda one: (one > 0, wanted[one] - widths[one]))
        for left, column in zip(range(len(columns), 0, -1), order, strict=True):
            share = spare if column == 0 else spare // left
            added = min(share, wanted[column] - widths[column])
            widths[column] += added
            spare -= added
    return widths


def draw_table(table: TextTable, width: int) -> Table:
    """Return a table for `rich`, of at most this width if `fit_table` made it."""
    from rich.table import Table
    from rich.text import Text

    drawn = Table()
    widths: Sequence[int | None] = column_widths(table, width) or [None] * len(table.header)
    for number, (name, *cells) in enumerate(zip(table.header, *table.rows, strict=True)):
        figures = number > 0 and all(map(_FIGURE.fullmatch, cells))
        drawn.add_column(
            Text(name), justify="right" if figures else "left", width=widths[number], overflow="fold"
        )
    for row in table.rows:
        drawn.add_row(*map(Text, row))
    return drawn


def _turned(table: TextTable) -> TextTable:
    """Return the table with its rows as columns; what was the name of its first column names nothing now."""
    header, *rows = zip(table.header, *table.rows, strict=True)
    return TextTable(table.title, ("", *header[1:]), tuple(rows))


def _shortened(table: TextTable, longest: int) -> TextTable:
    def shorten(cell: str) -> str:
        return re.sub(r"\S+", lambda word: _shorten_word(word[0], longest), cell)

    rows = (tuple(map(shorten, row)) for row in (table.header, *table.rows))
    return TextTable(table.title, next(rows), tuple(rows))


def _shorten_word(word: str, longest: int) -> str:
    """Return a word without its middle if it is longer, so that names that differ at either end still do."""
    if cell_len(word) <= longest or _NUMBERS.fullmatch(word):
        return word
    tail = longest // 2
    start = set_cell_size(word, longest - tail - 1).rstrip()
    return f"{start}…{set_cell_size(word[::-1], tail).rstrip()[::-1]}"


def _cut(table: TextTable, width: int) -> list[TextTable]:
    """Return tables of as many columns as fit, at least two, each with the first one."""
    parts: list[TextTable] = []
    taken = [0]
    for column in range(1, len(table.header)):
        if len(taken) > 1 and column_widths(_columns(table, [*taken, column]), width) is None:
            parts.append(_columns(table, taken))
            taken = [0]
        taken.append(column)
    return [*parts, _columns(table, taken)]


def _columns(table: TextTable, wanted: Sequence[int]) -> TextTable:
    rows = (tuple(row[column] for column in wanted) for row in (table.header, *table.rows))
    return TextTable(table.title, next(rows), tuple(rows))
