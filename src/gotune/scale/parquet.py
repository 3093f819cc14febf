"""Rows of Parquet as records, where a bad value costs its row and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from gotune.corpus.table_sources import ParquetSource
from gotune.corpus.table_values import article_in, column_of, known
from gotune.errors import TableError
from gotune.scale.records import Record, Rejected, checked
from gotune.scale.rows import ArticleOf

_ROWS_AT_ONCE = 500


def parquet_rows(
    path: Path, column: str, article_of: ArticleOf, file: str
) -> Iterator[tuple[float, list[Record]]]:
    """Yield the records of Parquet, some at once, with the share of the rows before them.

    Args:
        path: The file.
        column: The column with the texts.
        article_of: Tells the column of the article.
        file: Its name in the corpus.

    Raises:
        TableError: It cannot be read, unfolds too far, or has not one such column.
    """
    source = ParquetSource(path)
    names = source.schema.names
    article = article_of(names)
    wanted = [column] if article is None else [column, article]
    if missing := [name for name in wanted if names.count(name) != 1]:
        raise TableError(
            file,
            expected=f"one column {missing[0]!r}",
            found=f"the columns {', '.join(names)}",
            do="Name one of them.",
        )
    first = 1
    for batch in source.unchecked(_ROWS_AT_ONCE, list(dict.fromkeys(wanted))):
        yield (
            (first - 1) / max(source.n_rows, 1),
            list(_records(_decoded(batch), first, column, article, file)),
        )
        first += len(batch)


def _decoded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch without dictionaries: one bad value in them would be one of every row."""
    columns = [
        column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _records(
    batch: pa.RecordBatch, first: int, column: str, article: str | None, file: str
) -> Iterator[Record]:
    try:
        batch.validate(full=True)
        texts = column_of(batch, column)
        named = list(map(article_in, column_of(batch, article))) if article else [""] * len(batch)
    except (TableError, ValueError) as exc:
        if len(batch) == 1:
            found = exc.found if isinstance(exc, TableError) else exc
            yield Rejected.of(file, first, f"expected a text and an article that can be read, found {found}")
            return
        for row in range(len(batch)):
            yield from _records(batch.take(pa.array([row])), first + row, column, article, file)
    else:
        for row, (text, label) in enumerate(zip(texts, named, strict=True), first):
            yield checked(known(text), label, file, row, None)
