"""Values of table cells: as text, as JSON, and the Arrow types that hold them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import pyarrow as pa

from gotune.errors import TableError
from gotune.typed_json import json_text

Row = dict[str, Any]
Rows = list[Row]
Batch: TypeAlias = "Rows | pa.RecordBatch"
"""Some rows of a table. Those from Parquet stay Arrow, so that Parquet to Parquet loses no type."""

_EXACT_IN_FLOAT = 2**53
_LARGEST_INT64 = 2**63 - 1


def rows_of(batch: Batch) -> Rows:
    """Return a batch as one dictionary a row."""
    rows: Rows = batch if isinstance(batch, list) else batch.to_pylist()
    return rows


def column_of(batch: Batch, name: str) -> list[Any]:
    """Return one column of a batch, None where a row lacks it."""
    if isinstance(batch, list):
        return [row.get(name) for row in batch]
    values: list[Any] = batch.column(name).to_pylist()
    return values


def slice_of(batch: Batch, start: int, end: int) -> Batch:
    """Return the rows of a batch from ``start`` on and before ``end``."""
    return batch[start:end] if isinstance(batch, list) else batch.slice(start, end - start)


def taken(batch: Batch, rows: Sequence[int], name: str, values: Sequence[str | None]) -> Batch:
    """Return rows of a batch, some of them several times, with other values in one of its text columns.

    Args:
        batch: The rows to take from.
        rows: Which are taken.
        name: The column.
        values: What each row has in it; None leaves what is there.
    """
    if isinstance(batch, list):
        return [
            batch[row] if value is None else {**batch[row], name: value}
            for row, value in zip(rows, values, strict=True)
        ]
    several = batch.take(pa.array(rows, pa.int64()))
    place = several.schema.get_field_index(name)
    field = several.schema.field(place)
    mixed = [
        there if value is None else value
        for there, value in zip(several.column(place).to_pylist(), values, strict=True)
    ]
    return several.set_column(place, field, pa.array(mixed, type=field.type))


def arrow_of(batch: Batch, schema: pa.Schema) -> pa.RecordBatch:
    """Return a batch in Arrow; what is not text goes into a text column as `as_text` writes it."""
    if isinstance(batch, pa.RecordBatch):
        return batch
    arrays = [pa.array(_fitting(batch, field), type=field.type) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def as_text(value: object) -> str:
    """Return a value as a cell of TSV or CSV: text as it is, null empty, the rest as in JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(value)  # also one that is no number, which JSON does not have
    if isinstance(value, bool | int | list | dict):
        return as_json(value)
    return _plain(value)


def as_json(value: object) -> str:
    """Return a value as JSON on one line; dates, durations and decimal numbers become strings."""
    return json_text(value, ascii_only=False, default=_plain)


def kind_of(value: object) -> str:
    """Return what a column needs to hold a JSON value: null, bool, int, long, float or text."""
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case float():
            return "float"
        case int() if abs(value) <= _EXACT_IN_FLOAT:
            return "int"
        case int() if abs(value) <= _LARGEST_INT64:
            return "long"
        case _:
            return "text"


def type_of_kinds(kinds: set[str]) -> pa.DataType:
    """Return the Arrow type that holds values of these kinds exactly; text where no other does."""
    kinds = kinds - {"null"}
    if kinds == {"bool"}:
        return pa.bool_()
    if kinds and kinds <= {"int", "long"}:
        return pa.int64()
    if kinds and kinds <= {"int", "float"}:
        return pa.float64()
    return pa.string()


def check_tsv_cells(batch: Batch, where: str) -> None:
    """Refuse cells that TSV cannot hold, since changing them would be a silent loss.

    Raises:
        TableError: A cell or column name has a tab or a line break.
    """
    for row in rows_of(batch):
        for name, value in row.items():
            if any(character in cell for cell in (name, as_text(value)) for character in "\t\n\r"):
                raise TableError(
                    where,
                    expected="cells without tabs and line breaks, as TSV has no quoting",
                    found=f"one in column {name!r}",
                    do="Write .csv, .jsonl or .parquet instead.",
                )


def _fitting(rows: Rows, field: pa.Field) -> list[Any]:
    values = [row.get(field.name) for row in rows]
    if pa.types.is_string(field.type):
        return [None if value is None else as_text(value) for value in values]
    return values


def _plain(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta | Decimal | UUID):
        return str(value)
    raise TableError(
        "the table",
        expected="values that text can hold",
        found=f"a value of type {type(value).__name__}",
        do="Write .parquet instead, or drop that column.",
    )
