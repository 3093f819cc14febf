"""Rows of text tables as records, where a bad row stops none of those behind it.

`gotune.corpus.delimited` and `gotune.typed_json` tell what a row is. Where they refuse one, its first line is
rejected and reading begins anew with the line behind it: so a lone quote costs one line, not the file.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from gotune.corpus.delimited import csv_rows, separator_of, tsv_rows
from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.table_lines import LONGEST_LINE
from gotune.corpus.table_values import article_in, known
from gotune.errors import TableError
from gotune.scale.records import Record, Rejected, checked, problem_of
from gotune.typed_json import parse_json

ArticleOf = Callable[[Sequence[str]], str | None]
"""Tells which of the columns of a table says what a text is a part of."""


class Line(NamedTuple):
    r"""A line of a file: its number from 1, the byte with which it begins, and its text with ``\n``."""

    number: int
    offset: int
    text: str


def json_rows(lines: Iterator[Line], column: str, article_of: ArticleOf, file: str) -> Iterator[Record]:
    """Yield the records of JSON lines, but for blank ones.

    Args:
        lines: Of the file.
        column: The key of the texts.
        article_of: Tells the key of the article.
        file: Its name in the corpus.
    """
    named_key = article_of([])
    n_rows, has_key = 0, named_key is None
    for line in lines:
        if line.text.isspace():
            continue
        try:
            row = parse_json(line.text, finite=False)
        except ValueError as exc:
            row = None
            reason = problem_of(line.text) or f"expected JSON, found {exc}"
        else:
            reason = f"expected a JSON object, found {type(row).__name__}"
        if not isinstance(row, dict):
            yield Rejected.of(file, line.number, reason)
            continue
        n_rows, has_key = n_rows + 1, has_key or named_key in row
        article = article_of(list(row))
        named = article_in(row.get(article)) if article else ""
        yield checked(known(row.get(column)), named, file, line.number, line.offset)
    if n_rows and not has_key:
        yield Rejected.of(file, 1, f"expected the key {named_key!r} in some row, found it in none")


def delimited_rows(
    lines: Iterator[Line], column: str, article_of: ArticleOf, file: str, *, tabs: bool
) -> Iterator[Record]:
    """Yield the records of TSV or CSV, but for blank lines.

    Args:
        lines: Of the file.
        column: The column with the texts.
        article_of: Tells the column of the article.
        file: Its name in the corpus.
        tabs: Whether it is TSV.

    Raises:
        TableError: The first line has no such column, or a name twice.
    """
    first = next(lines, None)
    table = _Table(chain([] if first is None else [first], lines), file, first.text if first else "", tabs)
    columns = table.columns(column, article_of)
    text = columns.index(column)
    article = article_of(columns)
    label = None if article is None else columns.index(article)
    for line, cells in table.rows():
        if isinstance(cells, str):
            yield Rejected.of(file, line.number, cells)
        elif len(cells) == len(columns):
            named = "" if label is None else article_in(cells[label])
            yield checked(cells[text], named, file, line.number, line.offset)
        elif any(map(VISIBLE.search, cells)):
            reason = f"expected {len(columns)} cells, as in the first line, found {len(cells)}"
            yield Rejected.of(file, line.number, _first_problem(cells) or reason)


def _first_problem(cells: Sequence[str]) -> str | None:
    return next((problem for cell in cells if cell.strip() and (problem := problem_of(cell))), None)


_LEAST_ROW, _LEAST_QUOTED = 1 << 14, 1 << 10
"""Characters that a row of CSV may have, and those in which TSV looks for the end of a quote, in any case."""
_EARNED = 64
"""Characters that may be looked through in vain for each that was read: time is in proportion to a file."""


class _Table:
    """The rows of TSV or CSV, read anew from behind each that is refused.

    Odd quotes may make each line look for the end of its row as far as there are lines. So what is looked
    through in vain is paid for: `LONGEST_LINE` characters at first, more for what is read.
    """

    def __init__(self, lines: Iterator[Line], file: str, header: str, tabs: bool) -> None:
        self._lines = lines
        self._path = Path(file)
        self._separator = "\t" if tabs else separator_of(header)
        self._width = 0
        self._ahead: deque[Line] = deque()
        """Lines that were given to be read and are no row yet."""
        self._again: deque[Line] = deque()
        """Lines that are to be given once more."""
        self._credit = LONGEST_LINE

    def columns(self, column: str, article_of: ArticleOf) -> list[str]:
        """Return the names in the first row.

        Raises:
            TableError: One is twice, or those that are asked for are not there.
        """
        n_lines, names = next(self._read(self._given()), (0, list[str]()))
        self._width = len(names)
        for _ in range(n_lines):
            self._ahead.popleft()
        self._give_again()  # what was looked at for the end of an open quote
        wanted = {column, article_of(names) or column}
        double = sorted(name for name, times in Counter(names).items() if times > 1)
        if double or not wanted <= set(names):
            raise TableError(
                str(self._path),
                expected=f"distinct columns, {' and '.join(sorted(wanted))} among them",
                found=f"twice {double}" if double else ", ".join(names) or "none",
                do="Rename or name them.",
            )
        return names

    def rows(self) -> Iterator[tuple[Line, list[str] | str]]:
        """Yield each row with its first line, or a line that begins none with the reason."""
        while True:
            n_read = 0
            try:
                for last, cells in self._read(self._given()):
                    first = self._ahead[0]
                    for _ in range(last - n_read):
                        self._credit += _EARNED * len(self._ahead.popleft().text)
                    n_read = last
                    yield first, cells
            except TableError as exc:
                looked_through = sum(len(line.text) for line in self._ahead)
                self._credit = max(0, min(self._credit, LONGEST_LINE) - looked_through)
                yield self._ahead.popleft(), f"expected {exc.expected}, found {exc.found}"
                self._give_again()
            else:
                return

    def _give_again(self) -> None:
        self._again.extendleft(reversed(self._ahead))
        self._ahead.clear()

    def _given(self) -> Iterator[str]:
        while line := self._again.popleft() if self._again else next(self._lines, None):
            self._ahead.append(line)
            yield line.text

    def _read(self, texts: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
        most = min(self._credit, LONGEST_LINE)
        if self._separator == "\t":
            return tsv_rows(texts, self._path, longest=max(_LEAST_QUOTED, most), width=self._width)
        return csv_rows(texts, self._path, self._separator, longest=max(_LEAST_ROW, most))
