"""Values of table cells: as text, as JSON, and the Arrow types that hold them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import numpy as np
import pyarrow as pa

from gotune.errors import TableError
from gotune.typed_json import json_text

Row = dict[str, Any]
Rows = list[Row]
Batch: TypeAlias = "Rows | pa.RecordBatch"
"""Some rows of a table. Those from Parquet stay Arrow, so that Parquet to Parquet loses no type."""

_PLAIN = (pa.types.is_primitive, pa.types.is_null, pa.types.is_string, pa.types.is_large_string)
_WHOLE = re.compile(r"([0-9]+)\.0")
_EXACT_IN_FLOAT = 2**53
_LARGEST_INT64 = 2**63 - 1


def rows_of(batch: Batch) -> Rows:
    """Return a batch as one dictionary a row."""
    if isinstance(batch, list):
        return batch
    columns = map(_values, batch.columns)
    return [dict(zip(batch.schema.names, row, strict=True)) for row in zip(*columns, strict=True)]


def column_of(batch: Batch, name: str) -> list[Any]:
    """Return one column of a batch, None where a row lacks it."""
    if isinstance(batch, list):
        return [row.get(name) for row in batch]
    return _values(batch.column(name))


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
    """Return a value as a cell of TSV or CSV: text as it is, null and NaN empty, the rest as in JSON."""
    if known(value) is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(value)  # also an infinite one, which JSON does not have
    if isinstance(value, bool | int | list | tuple | dict):
        return as_json(value)
    return _plain(value)


def told_in(value: object) -> str:
    """Return the text of a cell, "" for nothing: empty, or the ``NA`` of R."""
    text = as_text(value)
    return "" if text.strip() == "NA" else text


def article_in(value: object) -> str:
    """Return what a cell says that a row is a part of, "" for nothing, as `told_in` has it.

    A column of numbers with gaps comes from pandas as ``12345678.0``.
    """
    text = told_in(value).strip()
    number = _WHOLE.fullmatch(text)
    return number[1] if number else text


def known(value: object) -> object:
    """Return a value, but None for NaN, as which pandas writes what is missing."""
    return None if isinstance(value, float) and math.isnan(value) else value


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


def check_text_cells(batch: pa.RecordBatch, first: int, where: str) -> None:
    """Refuse values that a text format cannot hold.

    Args:
        batch: Rows of Parquet.
        first: The number of the first of them.
        where: The table.

    Raises:
        TableError: There is one; says row and column.
    """
    for name, kind in zip(batch.schema.names, batch.schema.types, strict=True):
        if is_plain(kind):
            continue
        for number, value in enumerate(column_of(batch, name), first):
            try:
                as_text(value)
            except TableError as exc:
                place = f"{where}, row {number}, column {name!r}"
                raise TableError(place, expected=exc.expected, found=exc.found, do=exc.do) from None


def is_plain(kind: pa.DataType) -> bool:
    """Tell whether a text format holds all values of a type of Arrow."""
    return any(is_kind(kind) for is_kind in _PLAIN)


def check_arrow(batch: pa.RecordBatch, first: int, where: str) -> None:
    """Refuse rows of Parquet that are not what their types say, such as texts that are not UTF-8.

    Args:
        batch: The rows.
        first: The number of the first of them.
        where: The table.

    Raises:
        TableError: They are not; says row and column.
    """
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid as exc:
        columns = zip(batch.schema.names, batch.columns, strict=True)
        name, column = next((name, column) for name, column in columns if not _is_valid(column))
        rows = (row for row in range(len(column)) if not _is_valid(column.slice(row, 1)))
        raise TableError(
            f"{where}, row {first + next(rows, 0)}, column {name!r}",
            expected="a readable parquet file",
            found=str(exc),
            do="Write that column anew, or drop it.",
        ) from exc


def _is_valid(column: pa.Array) -> bool:
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


_UNREADABLE = (ArithmeticError, LookupError, ValueError)
"""What Python makes of a time that is too far away, or in a time zone that it does not know."""


def _values(column: pa.Array) -> list[Any]:
    """Return the values of a column; times that Python cannot hold, as text."""
    try:
        values: list[Any] = column.to_pylist()
    except _UNREADABLE:
        return list(map(_value, column))
    return values


def _value(scalar: pa.Scalar) -> Any:  # noqa: ANN401 (whatever stands there)
    try:
        return scalar.as_py()
    except _UNREADABLE:
        kind = scalar.type
        if pa.types.is_dictionary(kind):
            return _value(scalar.value)
        if pa.types.is_struct(kind):
            return {name: _value(inner) for name, inner in scalar.items()}
        if pa.types.is_nested(kind):
            return _values(scalar.values)
        if pa.types.is_duration(kind):
            return str(np.timedelta64(scalar.value, kind.unit))
        if pa.types.is_timestamp(kind):
            return str(np.datetime64(scalar.value, kind.unit)) + ("" if kind.tz is None else "+00:00")
        return str(np.datetime64(scalar.value, "D" if pa.types.is_date32(kind) else "ms"))


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
