"""What the terminal shows: progress on standard error, results on standard output."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import Console
from rich.markup import escape

from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    from rich.text import Text

    from gotune.render.tables import TextTable

T = TypeVar("T")

_EVERY = 10.0
"""Seconds from line to line of progress where there is no terminal."""
_MINUTE = 60


def printable(text: str) -> str:
    """Return text without what would steer the terminal, such as escape codes, or turn letters round."""
    return "".join(
        " " if character.isspace() and character != "\n" else character
        for character in text
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf")
    )


class Screen:
    """Standard output and standard error of one command.

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
        self._out = Console(highlight=False)
        self._err = Console(stderr=True, highlight=False)
        self._live = self._err.is_terminal and not quiet

    @property
    def track(self) -> Track:
        """A progress bar a loop, on a terminal; elsewhere a line every ten seconds; nothing when quiet."""
        if self._quiet:
            return untracked
        return self._bar if self._live else self._lines

    def doing(self, what: str) -> AbstractContextManager[object]:
        """Show what takes a while and cannot be counted."""
        return self._err.status(f"{_plain(what)} …") if self._live else nullcontext()

    def say(self, line: str) -> None:
        """Print a line of the summary, never broken, so that paths can be copied."""
        if not self._silent:
            self._out.print(_plain(line), soft_wrap=True)

    def explain(self, text: str) -> None:
        """Print sentences of the summary, broken at the width of the terminal."""
        if not self._silent:
            self._out.print(_plain(text))

    def warn(self, line: str) -> None:
        """Print a line on standard error, also when quiet."""
        self._err.print(_plain(line), soft_wrap=True)

    def show_text(self, text: Text) -> None:
        """Print coloured text, broken at the width of the terminal."""
        if not self._silent:
            self._out.print(text)

    def show(self, *tables: TextTable) -> None:
        """Print tables of the summary, each in a shape that fits the terminal."""
        from gotune.cli.tables import draw_table, fit_table

        if self._silent:
            return
        width = self._out.width
        for table in tables:
            if table.title:
                self._out.print(_plain(table.title), style="bold")
            for part in fit_table(_printable_table(table), width):
                self._out.print(draw_table(part, width))

    def show_rows(self, header: Sequence[str], rows: Iterable[Sequence[str]], title: str = "") -> None:
        """Print rows of the summary as a table."""
        from gotune.render.tables import TextTable

        self.show(TextTable(title, tuple(header), tuple(map(tuple, rows))))

    def result(self, value: Mapping[str, Any] | Sequence[Any]) -> None:
        """Print the result as JSON, if that was asked for."""
        if self.as_json:
            # Unescaped half surrogates would break the output, so everything beyond ASCII is escaped.
            self._out.file.write(json.dumps(value, indent=2) + "\n")

    def _bar(self, items: Iterable[T], *, description: str, total: int | None = None) -> Iterator[T]:
        from rich.progress import Progress

        with Progress(console=self._err, transient=True) as progress:
            yield from progress.track(items, description=_plain(description), total=total)

    def _lines(self, items: Iterable[T], *, description: str, total: int | None = None) -> Iterator[T]:
        """Print how far a loop is when an item is done and ten seconds have passed since the last line."""
        start = told = self._clock()
        for done, item in enumerate(items):
            now = self._clock()
            if done and now - told >= _EVERY:
                told = now
                self.warn(_progress(description, done, total, now - start))
            yield item


def _progress(description: str, done: int, total: int | None, seconds: float) -> str:
    """Return ``Reading texts: 1,200 of 5,000, 40.0 a second, 0:01:35 left``."""
    rate = done / seconds
    speed = f"{rate:,.1f} a second" if rate >= 1 else f"{rate * _MINUTE:,.1f} a minute"
    if total is None:
        return f"{description}: {done:,}, {speed}"
    left = timedelta(seconds=round((total - done) / rate))
    return f"{description}: {done:,} of {total:,}, {speed}, {left} left"


def _printable_table(table: TextTable) -> TextTable:
    from gotune.render.tables import TextTable

    rows = (tuple(printable(cell).replace("\n", " ") for cell in row) for row in (table.header, *table.rows))
    return TextTable(table.title, next(rows), tuple(rows))


def _plain(text: str) -> str:
    return escape(printable(text))
