"""Writing tables batch by batch, with columns added: the kinds that `table_sources` reads."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from gotune.corpus.delimited import tsv_cell
from gotune.corpus.table_sources import table_kind
from gotune.corpus.table_values import Batch, arrow_of, as_json, as_text, rows_of
from gotune.unpacking import open_text

Value: TypeAlias = "float | int | str | None"
ColumnType: TypeAlias = "type[float] | type[int] | type[str]"
Added = Mapping[str, Sequence[Value]]
Write = Callable[[Batch, Added], None]

_ARROW: Mapping[ColumnType, pa.DataType] = {float: pa.float64(), int: pa.int64(), str: pa.string()}
_DECIMALS = 6
_ROW_GROUP_ROWS = 65_536
_ROW_GROUP_BYTES = 64_000_000


@contextmanager
def open_target(
    path: Path, named: Path, schema: pa.Schema, added: Mapping[str, ColumnType]
) -> Iterator[Write]:
    """Open a table to write.

    Args:
        path: The file to write.
        named: The name that says the kind of table by its suffix.
        schema: Columns of the source.
        added: Names of the columns behind them, with the type of their values.

    Yields:
        A function that writes a batch with its added columns.
    """
    match table_kind(named):
        case ".parquet":
            with _parquet(path, schema, added) as write:
                yield write
        case kind:
            with open_text(path, packed=named.suffix.lower() == ".gz") as file:
                if kind == ".jsonl":
                    yield _json_lines(file)
                else:
                    yield _delimited(file, schema.names, list(added), tabs=kind == ".tsv")


def _delimited(file: IO[str], columns: Sequence[str], added: Sequence[str], *, tabs: bool) -> Write:
    csv_writer = csv.writer(file)

    def write_row(cells: Sequence[str]) -> None:
        if tabs:
            file.write("\t".join(map(tsv_cell, cells)) + "\n")
        else:
            csv_writer.writerow(cells)

    def write(batch: Batch, values_by_name: Added) -> None:
        by_row = zip(*values_by_name.values(), strict=True)
        for row, values in zip(rows_of(batch), by_row, strict=True):
            write_row([*(as_text(row.get(name)) for name in columns), *map(_cell, values)])

    write_row([*columns, *added])
    return write


def _json_lines(file: IO[str]) -> Write:
    def write(batch: Batch, added: Added) -> None:
        for row, values in zip(rows_of(batch), zip(*added.values(), strict=True), strict=True):
            file.write(as_json({**row, **dict(zip(added, map(_rounded, values), strict=True))}) + "\n")

    return write


def _cell(value: Value) -> str:
    return f"{value:.{_DECIMALS}f}" if isinstance(value, float) else as_text(value)


def _rounded(value: Value) -> Value:
    return round(float(value), _DECIMALS) if isinstance(value, float) else value


@contextmanager
def _parquet(path: Path, schema: pa.Schema, added: Mapping[str, ColumnType]) -> Iterator[Write]:
    whole = schema
    types = {name: _ARROW[kind] for name, kind in added.items()}
    for name, kind in types.items():
        whole = whole.append(pa.field(name, kind))
    with pq.ParquetWriter(path, whole) as writer:
        pending: list[pa.RecordBatch] = []
        n_rows = n_bytes = 0

        def flush() -> None:
            nonlocal n_rows, n_bytes
            writer.write_table(pa.Table.from_batches(pending, schema=whole))
            pending.clear()
            n_rows = n_bytes = 0

        def write(batch: Batch, columns: Added) -> None:
            nonlocal n_rows, n_bytes
            kept = arrow_of(batch, schema).columns
            new = [pa.array(columns[name], type=kind) for name, kind in types.items()]
            part = pa.RecordBatch.from_arrays([*kept, *new], schema=whole)
            pending.append(part)
            n_rows += part.num_rows
            n_bytes += part.nbytes
            # Each call of the writer makes a row group, and small ones make a slow file.
            if n_rows >= _ROW_GROUP_ROWS or n_bytes >= _ROW_GROUP_BYTES:
                flush()

        yield write
        if pending:
            flush()
