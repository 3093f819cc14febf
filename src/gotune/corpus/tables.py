"""Adding columns to a user's table of texts, whatever its size, without touching the rest of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeGuard

import pyarrow as pa

from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.table_sources import TableSource, open_source, table_kind
from gotune.corpus.table_targets import ColumnType, Value, open_target
from gotune.corpus.table_values import check_tsv_cells, column_of
from gotune.errors import SaveError, TableError
from gotune.files import atomic_file
from gotune.protocols import Track, untracked

Annotate = Callable[[Sequence[str]], Mapping[str, Sequence[float | str]]]


def annotate_table(
    source: Path,
    target: Path,
    *,
    text_column: str,
    columns: Mapping[str, ColumnType],
    annotate: Annotate,
    rows_at_once: int = 4096,
    track: Track = untracked,
) -> int:
    """Copy a table and add columns of numbers or text about its texts.

    Both tables are TSV, CSV, JSON lines (each also with ``.gz``) or Parquet, by the suffix of their
    names. Every row and column is kept, in order, and every value as it is: the cells of TSV and CSV are
    text, whatever they look like; from Parquet to Parquet types and metadata stay. TSV has no quoting,
    so a tab or line break on the way into one is refused. Where a text format receives numbers, lists or
    dates from JSON or Parquet it holds them as JSON writes them; a JSON column of mixed or nested values
    becomes text in Parquet. The new numbers have 6 decimals in text formats, all of float64 in Parquet.

    The source is read to its end before anything is computed, so that a bad row in it shows at once.
    Memory depends on ``rows_at_once``, not on the size of the table.

    Args:
        source: The table.
        target: Where to write; it may be ``source``.
        text_column: The column with the texts. Rows where it is empty, blank or null are kept, and have
            nothing in the new columns.
        columns: Names of the new columns, each with the type of its values: float or str.
        annotate: Gives texts their values, by column. It sees each text once.
        rows_at_once: Rows held in memory.
        track: Shows how far the batches are.

    Returns:
        The number of rows.

    Raises:
        TableError: The source cannot be read, lacks the text column or has no text in it, or already has
            a column of a new name; or the target's format cannot hold its values.
        SaveError: The target cannot be written; what was there is untouched.
    """
    if target.is_dir():
        raise SaveError(str(target), expected="a file", found="a folder", do="Name a file in it.")
    to_tsv = table_kind(target) == ".tsv"
    table = open_source(source)
    _check_text_column(table.schema, text_column, str(source))
    _check_new_columns(table.schema.names, list(columns), str(source))
    rows = _survey(table, source, text_column, rows_at_once=rows_at_once, to_tsv=to_tsv)
    batches = track(
        table.batches(rows_at_once),
        description="Reading texts",
        total=math.ceil(rows / rows_at_once),
    )
    with atomic_file(target) as file, open_target(file, target, table.schema, columns) as write:
        for batch in batches:
            added = _annotated(column_of(batch, text_column), annotate, list(columns))
            if to_tsv:
                check_tsv_cells([{name: value} for name in added for value in added[name]], "the new columns")
            write(batch, added)
    return rows


def _survey(table: TableSource, source: Path, text_column: str, *, rows_at_once: int, to_tsv: bool) -> int:
    """Read the whole table once to find what is wrong with it; return the number of rows."""
    rows = n_texts = 0
    for batch in table.batches(rows_at_once):
        texts = column_of(batch, text_column)
        for number, text in enumerate(texts, rows + 1):
            _check_text(text, f"{source}, row {number}, column {text_column!r}")
        n_texts += sum(map(_has_text, texts))
        if to_tsv:
            check_tsv_cells(batch, str(source))
        rows += len(texts)
    if not n_texts:
        raise TableError(
            f"{source}, column {text_column!r}",
            expected="at least one text",
            found=f"{rows:,} rows without any",
            do="Name the column that has the texts.",
        )
    return rows


def _check_text_column(schema: pa.Schema, name: str, where: str) -> None:
    if name in schema.names:
        return
    raise TableError(
        where,
        expected=f"a column {name!r}",
        found=f"the columns {', '.join(schema.names)}",
        do="Name one of them.",
    )


def _check_new_columns(present: Sequence[str], added: Sequence[str], where: str) -> None:
    if double := [name for name in present if name in added]:
        raise TableError(
            where,
            expected=f"a table without the columns to add ({', '.join(added)})",
            found=", ".join(double),
            do="Rename or drop them; nothing is overwritten.",
        )


def _check_text(text: object, where: str) -> None:
    if text is not None and not isinstance(text, str):
        raise TableError(
            where,
            expected="text or null",
            found=f"a {type(text).__name__}",
            do="Name a column that has texts, or turn its values into text.",
        )


def _has_text(text: str | None) -> TypeGuard[str]:
    return text is not None and VISIBLE.search(text) is not None


def _annotated(
    texts: Sequence[str | None], annotate: Annotate, columns: Sequence[str]
) -> dict[str, list[Value]]:
    """Annotate the texts that are there; the others get None."""
    given = {place: text for place, text in enumerate(texts) if _has_text(text)}
    found = annotate(list(given.values())) if given else dict.fromkeys(columns, ())
    filled: dict[str, list[Value]] = {name: [None] * len(texts) for name in columns}
    for name, values in filled.items():
        for place, value in zip(given, found[name], strict=True):
            values[place] = value
    return filled
