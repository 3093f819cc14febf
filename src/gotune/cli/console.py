"""What the terminal shows: progress on standard error, results on standard output."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from gotune.errors import SaveError
from gotune.lines import printable, shortened
from gotune.protocols import Track, untracked
from gotune.render.tables import TextTable
from gotune.typed_json import json_text

if TYPE_CHECKING:
    from rich.table import Table

T = TypeVar("T")

_EVERY = 10.0
"""Seconds from line to line of progress where there is no terminal."""
_MINUTE = 60
_NARROWEST = 20
"""Columns that are written to whatever a terminal says that it has."""


class Screen:
    """Standard output and standard error of one command.

    Nothing in the lines and cells that it is given steers the terminal, see `gotune.lines.printable`.

    Args:
        quiet: Show no progress and no summary; results asked for with ``as_json`` are still printed.
        as_json: Print the result as JSON and nothing else.
        clock: Gives the time in seconds, from any start.
    """

    def __init__(
        self, *, quiet: bool = False, as_json: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.as_json = as_json
        self._clock = clock
        self._quiet = quiet
        self._silent = quiet or as_json
        self._out, self._err = _console(stderr=False), _console(stderr=True)
        self._live = self._err.is_terminal and not quiet

    @property
    def track(self) -> Track:
        """A progress bar a loop, on a terminal; elsewhere a line every ten seconds; nothing when quiet."""
        if self._quiet:
            return untracked
        return self._bar if self._live else self._lines

    def doing(self, what: str) -> AbstractContextManager[object]:
        """Show what takes a while and cannot be counted."""
        return self._err.status(Text(f"{printable(what)} …")) if self._live else nullcontext()

    @contextmanager
    def meter(self, description: str) -> Iterator[Callable[[int, float], None]]:
        """Show how far work is whose items nobody has counted, like `track`.

        Yields:
            What shows how many items are done, and which share of the work that is.
        """
        if self._quiet:
            yield lambda done, share: None
        elif self._live:
            from rich.progress import BarColumn, Progress, TextColumn

            with Progress(
                TextColumn("{task.description}", markup=False), BarColumn(), console=self._err
            ) as bar:
                task = bar.add_task(printable(description), total=1.0)
                tell = _Meter(description, self._clock)
                yield lambda done, share: bar.update(task, description=tell(done, share), completed=share)
        else:
            yield self._metered(_Meter(description, self._clock))

    def _metered(self, tell: _Meter) -> Callable[[int, float], None]:
        told = self._clock()

        def show(done: int, share: float) -> None:
            nonlocal told
            line = tell(done, share)
            if self._clock() - told >= _EVERY:
                told = self._clock()
                self.warn(line)

        return show

    def say(self, line: str) -> None:
        """Print a line of the summary, never broken, so that paths can be copied."""
        if not self._silent:
            self._out.print(Text(printable(line)), soft_wrap=True)

    def explain(self, text: str) -> None:
        """Print sentences of the summary, broken at the width of the terminal."""
        if not self._silent:
            self._out.print(Text(printable(text)))

    def warn(self, line: str) -> None:
        """Print a line on standard error, also when quiet."""
        self._err.print(Text(shortened(printable(line))), soft_wrap=True)

    def show_text(self, text: Text) -> None:
        """Print coloured text, broken at the width of the terminal."""
        if not self._silent:
            self._out.print(text)

    def show(self, *tables: TextTable) -> None:
        """Print tables of the summary, each in a shape that fits the terminal."""
        if self._silent:
            return
        width = self._out.width
        for table in tables:
            if table.title:
                self._out.print(Text(printable(table.title)), style="bold")
            for part in fit_table(_printable_table(table), width):
                self._out.print(draw_table(part, width))

    def show_rows(self, header: Sequence[str], rows: Iterable[Sequence[str]], title: str = "") -> None:
        """Print rows of the summary as a table."""
        self.show(TextTable(title, tuple(header), tuple(map(tuple, rows))))

    def result(self, value: Mapping[str, Any] | Sequence[Any]) -> None:
        """Print the result as JSON, if that was asked for."""
        if self.as_json and sys.stdout is None:
            raise SaveError(
                "standard output",
                expected="a place for the result",
                found="none, it is closed",
                do="Open it.",
            )
        if self.as_json:
            self._out.file.write(json_text(value, indent=2) + "\n")

    def _bar(self, items: Iterable[T], *, description: str, total: int | None = None) -> Iterator[T]:
        from rich.progress import Progress, TextColumn

        _, *others = Progress.get_default_columns()  # the first would take markup in a description
        columns = (TextColumn("{task.description}", markup=False), *others)
        with Progress(*columns, console=self._err, transient=True) as progress:
            yield from progress.track(items, description=printable(description), total=total)

    def _lines(self, items: Iterable[T], *, description: str, total: int | None = None) -> Iterator[T]:
        """Print how far a loop is when an item is done and ten seconds have passed since the last line."""
        start = told = self._clock()
        for done, item in enumerate(items):
            now = self._clock()
            if done and now - told >= _EVERY:
                told = now
                self.warn(_progress(description, done, total, now - start))
            yield item


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False)
    if console.width < _NARROWEST:  # rich prints nothing at all where COLUMNS is 0
        console.width = _NARROWEST
    return console


def _progress(description: str, done: int, total: int | None, seconds: float) -> str:
    """Return ``Reading texts: 1,200 of 5,000, 40.0 a second, 0:01:35 left``."""
    rate = done / seconds
    speed = f"{rate:,.1f} a second" if rate >= 1 else f"{rate * _MINUTE:,.1f} a minute"
    if total is None:
        return f"{description}: {done:,}, {speed}"
    left = timedelta(seconds=round((total - done) / rate))
    return f"{description}: {done:,} of {total:,}, {speed}, {left} left"


class _Meter:
    """Tells how far work is by its share, from the first time on that it is asked."""

    def __init__(self, description: str, clock: Callable[[], float]) -> None:
        self._description = description
        self._clock = clock
        self._first: tuple[float, int, float] | None = None

    def __call__(self, done: int, share: float) -> str:
        """Return ``Working on texts: 1,200, 24.0 %, 40.0 a second, 0:01:35 left``."""
        now = self._clock()
        start, before, at_first = self._first = self._first or (now, done, share)
        line = f"{self._description}: {done:,}, {share:.1%}"
        if now == start or share == at_first:
            return line
        left = timedelta(seconds=round((1 - share) * (now - start) / (share - at_first)))
        return f"{line}, {(done - before) / (now - start):,.1f} a second, {left} left"


def _printable_table(table: TextTable) -> TextTable:
    rows = (tuple(map(printable, row)) for row in (table.header, *table.rows))
    return TextTable(table.title, next(rows), tuple(rows))


_FRAME, _EDGE = 3, 1
"""Columns of the terminal that each column of a table needs beside its text, and the table once more."""
_LONGEST, _SHORTEST = 3, 16
"""Part of the width that a word may have, such as the path of a model, and letters that are left of it."""
_FIGURE = re.compile(r"[-+<>]?\d.*|-|")
_NUMBERS = re.compile(r"[-+<>(]*\d[\d.,%–]*\)?")  # noqa: RUF001


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
