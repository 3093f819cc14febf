"""What the terminal shows: progress on standard error, results on standard output."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import Console
from rich.markup import escape

from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    from rich.console import JustifyMethod
    from rich.text import Text

    from gotune.render.tables import TextTable

T = TypeVar("T")


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
    """

    def __init__(self, *, quiet: bool = False, as_json: bool = False) -> None:
        self.as_json = as_json
        self._silent = quiet or as_json
        self._out = Console(highlight=False)
        self._err = Console(stderr=True, highlight=False)
        self._live = self._err.is_terminal and not quiet

    @property
    def track(self) -> Track:
        """A progress bar a loop, on a terminal; nothing elsewhere."""
        return self._bar if self._live else untracked

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
        """Print tables of the summary."""
        from rich.table import Table

        if self._silent:
            return
        for content in tables:
            table = Table(title=_plain(content.title), title_justify="left", title_style="bold")
            for number, name in enumerate(content.header):
                justify: JustifyMethod = "left" if number == 0 else "right"
                table.add_column(_plain(name), justify=justify, overflow="fold")
            for row in content.rows:
                table.add_row(*map(_plain, row))
            self._out.print(table)

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


def _plain(text: str) -> str:
    return escape(printable(text))
