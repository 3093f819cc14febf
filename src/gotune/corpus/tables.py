"""Tables of texts: reading their cells, and adding columns to them, whatever their size."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeGuard

import pyarrow as pa

from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.table_sources import SUFFIXES, TableSource, open_source, table_kind
from gotune.corpus.table_targets import ColumnType, Value, Write, open_target
from gotune.corpus.table_values import (
    Batch,
    article_in,
    check_text_cells,
    column_of,
    is_plain,
    known,
    slice_of,
    taken,
)
from gotune.errors import SaveError, TableError
from gotune.files import atomic_file, check_place, saving
from gotune.protocols import Track, untracked

ARTICLE_COLUMNS = ("article", "pmid")
"""Columns, in any case, that say which rows belong together unless another is named; the first counts."""

LONGEST_TEXT = 1_000_000
"""Characters in a cell; more are no abstract but a book, or what an open quote has swallowed."""

ROWS_AT_ONCE = 4096
"""Rows that are held in memory."""

_REMEMBERED = 100_000
"""Articles of which it is noticed that they come again."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of a table.

    Attributes:
        row: The number of its row, from 1.
        text: As it stands there.
        article: What it is from, so that it belongs with other rows; "" where that is unknown.
    """

    row: int
    text: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class NewRow:
    """What a text of a table becomes: one row, or several if it is divided.

    Attributes:
        values: Those of the new columns, in order.
        text: The part of the text that stands in the row; None leaves the whole there.
    """

    values: tuple[Value, ...]
    text: str | None = None


Answer = Callable[[Sequence[Cell]], Sequence[Sequence[NewRow]]]
"""Gives the rows of each text."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """A user's table that has been read to its end once and found to have texts.

    Attributes:
        path: The file.
        source: What reads it again.
        text_column: The column with the texts.
        article_column: The column that says which rows belong together, if there is one.
        n_rows: All rows.
        n_texts: Those with a text.
    """

    path: Path
    source: TableSource
    text_column: str
    article_column: str | None
    n_rows: int
    n_texts: int

    def texts(self) -> Iterator[tuple[str, Cell]]:
        """Yield the place of each text, such as ``line 7``, and the text."""
        for number, (place, row) in enumerate(self.source.numbered_rows(), start=1):
            yield from ((place, cell) for cell in self.cells([row], number) if cell is not None)

    def cells(self, batch: Batch, first: int) -> list[Cell | None]:
        """Return the texts of a batch whose first row has this number, None for rows without one."""
        found = zip(column_of(batch, self.text_column), self.articles(batch), strict=True)
        return [
            Cell(number, text, article) if _has_text(text) else None
            for number, (text, article) in enumerate(found, start=first)
        ]

    def articles(self, batch: Batch) -> list[str]:
        """Return the article of each row of a batch, "" where it is unknown."""
        if self.article_column is None:
            return [""] * len(batch)
        return list(map(article_in, column_of(batch, self.article_column)))

    def without_articles(self) -> TextTable:
        """Return the table as if no column said which rows belong together."""
        return replace(self, article_column=None)


def article_column_of(names: Sequence[str], *, text_column: str | None = None) -> str | None:
    """Return which of the columns of a table says which rows belong together, if one but its texts does."""
    by_name = {name.lower(): name for name in reversed(names) if name != text_column}
    return next((by_name[name] for name in ARTICLE_COLUMNS if name in by_name), None)


def open_table(path: Path, *, text_column: str, article_column: str | None = None) -> TextTable:
    """Read a table to its end, so that a bad row in it shows at once.

    Args:
        path: TSV, CSV, JSON lines (each also with ``.gz``) or Parquet, by its suffix.
        text_column: The column with the texts.
        article_column: The column that says which rows belong together; None takes the first of
            `ARTICLE_COLUMNS` that the table has.

    Raises:
        TableError: The table cannot be read, lacks a column, or has no text; or one of its texts is none, or
            longer than `LONGEST_TEXT`.
    """
    source = open_source(path)
    columns = source.schema.names
    for name in (text_column, article_column or text_column):
        if name not in columns:
            raise TableError(
                str(path),
                expected=f"a column {name!r}",
                found=f"the columns {', '.join(columns)}",
                do="Name one of them.",
            )
    n_rows = n_texts = 0
    for batch in source.batches(ROWS_AT_ONCE):
        texts = list(map(known, column_of(batch, text_column)))
        for number, text in enumerate(texts, n_rows + 1):
            if not _is_readable(text):
                raise _bad_text(text, f"{path}, row {number}, column {text_column!r}")
        n_texts += sum(map(_has_text, texts))
        n_rows += len(texts)
    if not n_texts:
        raise TableError(
            f"{path}, column {text_column!r}",
            expected="at least one text",
            found=f"{n_rows:,} rows without any",
            do="Name the column that has the texts.",
        )
    article = article_column or article_column_of(columns, text_column=text_column)
    return TextTable(path, source, text_column, article, n_rows, n_texts)


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied.

    Attributes:
        n_rows: Rows that were written.
        n_scattered: Articles whose rows could not all be asked about together, of the first 100,000.
    """

    n_rows: int
    n_scattered: int


def add_columns(
    table: TextTable,
    targets: Sequence[Path],
    columns: Mapping[str, ColumnType],
    answer: Answer,
    *,
    rows_at_once: int = ROWS_AT_ONCE,
    track: Track = untracked,
) -> Copied:
    """Copy a table and add columns of numbers or text about its texts.

    The targets are tables of the kinds that are read, by the suffix of their names. Every row and column is
    kept, in order, and every value as it is, but for infinite numbers, which are null in JSON: the cells of
    TSV and CSV are text, whatever they look like; from Parquet to Parquet types and metadata stay. A cell of
    TSV has quotes where it would be read as another one without them (`gotune.corpus.delimited`). Where a
    text format receives numbers, lists or dates from JSON or Parquet it holds them as JSON writes them, and
    times in an unknown zone in UTC; a JSON column of mixed or nested values becomes text in Parquet. New
    fractions have 6 decimals in text formats, all of float64 in Parquet.

    Memory depends on ``rows_at_once``, not on the size of the table. Rows of one article that follow each
    other are asked about together, up to so many; rows that stand apart only if they happen to be among the
    same ``rows_at_once``. So a table should be sorted by article.

    Args:
        table: The table.
        targets: Where to write; the table itself may be one of them.
        columns: Names of the new columns, each with the type of its values.
        answer: Gives texts their rows. It sees each text once, and none that is empty, blank or null: rows
            without a text are kept, and have nothing in the new columns.
        rows_at_once: Rows held in memory; twice as many where articles are kept together.
        track: Shows how far the rows are.

    Raises:
        TableError: The table already has a column of a new name, or a target cannot hold its values.
        SaveError: A target cannot be written; what was there is untouched.
    """
    check_targets(table, targets, list(columns))
    groups = _Groups(table, rows_at_once)
    total = math.ceil(table.n_rows / rows_at_once)
    n_read = n_written = 0
    with _opened(targets, table.source.schema, columns) as writers:
        for group in track(groups, description="Reading texts", total=total):
            for batch, rows in _answered(group, n_read, table, answer, len(columns)):
                values = zip(*(row.values for row in rows), strict=True)
                added = dict(zip(columns, values, strict=True))
                for write in writers:
                    write(batch, added)
                n_written += len(rows)
            n_read += sum(map(len, group))
    return Copied(n_written, groups.n_scattered)


def check_targets(table: TextTable, targets: Sequence[Path], new: Sequence[str]) -> None:
    """Refuse what `add_columns` could not write, before any work is done.

    Raises:
        TableError: A name has another suffix, the table already has a column of a new name, or a value of
            Parquet is none that a text format holds.
        SaveError: A target is a folder, or cannot be written.
    """
    for target in targets:
        with saving(target):
            if target.is_dir():
                raise SaveError(str(target), expected="a file", found="a folder", do="Name a file in it.")
        if not target.name.lower().endswith(SUFFIXES):
            raise TableError(
                str(target),
                expected=f"a table, with a name that ends in {', '.join(SUFFIXES)}",
                found=f"{target.suffix!r}",
                do="Name one; workbooks, pages, pictures and .json are of documents.",
            )
        check_place(target)
    if double := [name for name in table.source.schema.names if name in new]:
        raise TableError(
            str(table.path),
            expected=f"a table without the columns to add ({', '.join(new)})",
            found=", ".join(double),
            do="Rename or drop them; nothing is overwritten.",
        )
    if any(table_kind(target) != ".parquet" for target in targets):
        _check_text(table)


def _check_text(table: TextTable) -> None:
    """Refuse values of Parquet that no text format holds; all those of other kinds are plain."""
    first = 1
    if not all(map(is_plain, table.source.schema.types)):
        for batch in table.source.batches(ROWS_AT_ONCE):
            check_text_cells(batch, first, str(table.path))
            first += len(batch)


class _Groups:
    """The batches of a table, in groups that are asked about together.

    Rows of one article that follow each other are in one group if they are at most ``rows_at_once``.
    """

    def __init__(self, table: TextTable, rows_at_once: int) -> None:
        self._table = table
        self._rows_at_once = rows_at_once
        self._met: set[int] = set()
        self._met_again: set[int] = set()

    @property
    def n_scattered(self) -> int:
        """Articles that were in more than one group, of the first 100,000."""
        return len(self._met_again)

    def __iter__(self) -> Iterator[list[Batch]]:
        batches = self._table.source.batches(self._rows_at_once)
        if self._table.article_column is None:
            yield from ([batch] for batch in batches if len(batch))
            return
        held: list[Batch] = []
        n_left = self._table.n_rows
        for batch in batches:
            articles = self._table.articles(batch)
            n_left -= len(articles)
            start = _start_of_last(articles) if n_left else len(articles)
            if start == 0 and held and self._table.articles(held[0])[-1] == articles[-1]:
                start = len(articles)  # more rows of one article than can be held
            if group := held + _slices(batch, 0, start):
                yield self._noticed(group)
            held = _slices(batch, start, len(articles))

    def _noticed(self, group: list[Batch]) -> list[Batch]:
        """Note the articles of a group; their hashes take less memory."""
        found = {hash(article) for batch in group for article in self._table.articles(batch) if article}
        self._met_again |= found & self._met
        if len(self._met) < _REMEMBERED:
            self._met |= found
        return group


def _start_of_last(articles: Sequence[str]) -> int:
    """Return where the rows of the last article begin, which may go on in the next batch."""
    start = len(articles)
    while start and articles[-1] and articles[start - 1] == articles[-1]:
        start -= 1
    return start


def _slices(batch: Batch, start: int, end: int) -> list[Batch]:
    """Return a list with some rows of a batch, empty if they are none."""
    return [slice_of(batch, start, end)] if start < end else []


def _answered(
    group: Sequence[Batch], n_before: int, table: TextTable, answer: Answer, n_columns: int
) -> Iterator[tuple[Batch, list[NewRow]]]:
    """Yield each batch of a group, with its rows as they are to be written and what is new in each."""
    cells: list[Cell | None] = []
    for batch in group:
        cells += table.cells(batch, n_before + len(cells) + 1)
    given = [cell for cell in cells if cell is not None]
    answers = answer(given) if given else ()
    if len(answers) != len(given):
        raise ValueError(f"{len(given)} texts and {len(answers)} answers")
    found = iter(answers)
    by_row = [[NewRow((None,) * n_columns)] if cell is None else next(found) for cell in cells]
    start = 0
    for batch in group:
        rows = [
            (row, new) for row, several in enumerate(by_row[start : start + len(batch)]) for new in several
        ]
        start += len(batch)
        texts = [new.text for _, new in rows]
        if any(text is not None for text in texts):
            batch = taken(batch, [row for row, _ in rows], table.text_column, texts)
        yield batch, [new for _, new in rows]


@contextmanager
def _opened(
    targets: Sequence[Path], schema: pa.Schema, columns: Mapping[str, ColumnType]
) -> Iterator[list[Write]]:
    """Open all targets; each appears whole when the block ends well, or not at all."""
    with ExitStack() as stack:
        files = [(stack.enter_context(atomic_file(target)), target) for target in targets]
        yield [stack.enter_context(open_target(file, target, schema, columns)) for file, target in files]


def _is_readable(text: object) -> bool:
    return text is None or (isinstance(text, str) and len(text) <= LONGEST_TEXT)


def _bad_text(text: object, where: str) -> TableError:
    if isinstance(text, str):
        return TableError(
            where,
            expected=f"a text of at most {LONGEST_TEXT:,} characters",
            found=f"{len(text):,}",
            do="Check the quotes before it; give a book as a file of its own.",
        )
    return TableError(
        where,
        expected="text or null",
        found=f"a {type(text).__name__}",
        do="Name a column that has texts, or turn its values into text.",
    )


def _has_text(text: object) -> TypeGuard[str]:
    return isinstance(text, str) and VISIBLE.search(text) is not None
