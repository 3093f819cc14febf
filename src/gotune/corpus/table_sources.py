"""Reading tables batch by batch: TSV, CSV, JSON lines (each also gzipped) and Parquet."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, reduce
from itertools import islice
from pathlib import Path
from sys import getsizeof
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gotune.corpus.delimited import csv_rows, separator_of, tsv_rows
from gotune.corpus.plain_text import VISIBLE, Problem, not_utf8
from gotune.corpus.table_lines import LONGEST_LINE, table_blocks, table_lines
from gotune.corpus.table_values import Batch, Row, check_arrow, kind_of, rows_of, type_of_kinds
from gotune.errors import TableError
from gotune.typed_json import parse_json
from gotune.unpacking import LINE, check_unpacked

SUFFIXES = (".tsv", ".csv", ".jsonl", ".tsv.gz", ".csv.gz", ".jsonl.gz", ".parquet")
WORKBOOKS = (".xlsx", ".xls", ".ods")
"""Tables that only spreadsheet programs read."""

_OF_WORKBOOKS = "Save the sheet as .csv in your spreadsheet program (CSV UTF-8), and give that file."

_MOST_CELLS = 1 << 20
"""Tabs, or commas, in a line; the cells between them take more memory than the line."""

_HELD = 1 << 24
"""Bytes of rows that are held at once, about, whatever their number."""

_MOST_KEYS = 10_000
_CELL = 16
"""Bytes that a cell takes beside what is in it, at least."""

_PARQUET_ROWS = 4096
_VALUE = 8
"""Bytes of a value of Parquet, unless it is longer."""
_PARQUET_BUFFER = 1 << 20  # bytes read at once; without it whole column chunks are
_TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)


class TableSource(Protocol):
    """A table that can be read again and again.

    Attributes:
        schema: What its columns are in Arrow.
        n_blank: Blank lines that were passed over when it was last read to its end.
    """

    schema: pa.Schema
    n_blank: int

    def batches(self, rows_at_once: int) -> Iterator[Batch]:
        """Yield the rows in order, so many at once."""
        ...

    def numbered_rows(self) -> Iterator[tuple[str, Row]]:
        """Yield each row in order with its place for messages, such as ``line 7``."""
        ...


def open_source(path: Path) -> TableSource:
    """Open a table by the suffix of its name.

    Raises:
        TableError: The suffix is unknown, or the file is missing or not what its name says, or unfolds too
            far (see `gotune.unpacking`); or it is a pipe, which could be read once only.
    """
    with _reading(path):
        is_file = path.is_file() or path.is_dir() or not path.exists()
    if not is_file:
        raise TableError(
            str(path),
            expected="a file, as a table is read more than once",
            found="a pipe or a device",
            do="Write what comes into a file first.",
        )
    match table_kind(path):
        case ".parquet":
            return ParquetSource(path)
        case ".jsonl":
            return JsonLinesSource(path)
        case kind:
            return DelimitedSource(path, tabs=kind == ".tsv")


def table_kind(path: Path) -> str:
    """Return the suffix of a table without ``.gz``, in lower case.

    Raises:
        TableError: It is none that gotune reads and writes.
    """
    name = path.name.lower()
    for suffix in SUFFIXES:
        if name.endswith(suffix):
            return suffix.removesuffix(".gz")
    if path.is_dir():
        inside = [file for file in sorted(path.iterdir()) if file.name.lower().endswith(SUFFIXES)]
        do = f"Name a file in it, such as {inside[0]}." if inside else "Name a file."
        raise TableError(str(path), expected="a table", found="a folder", do=do)
    raise TableError(
        str(path),
        expected=f"a name that ends in {', '.join(SUFFIXES)}",
        found=f"{path.suffix!r}" if path.suffix else "no suffix",
        do=_OF_WORKBOOKS if path.suffix.lower() in WORKBOOKS else "Convert or rename the table.",
    )


class DelimitedSource:
    """TSV or CSV, as `gotune.corpus.delimited` reads them.

    Every cell is text. A line with nothing in it is passed over, but in a table of one column, where it is an
    empty cell.
    """

    def __init__(self, path: Path, *, tabs: bool) -> None:
        self.n_blank = 0
        self._path = path
        with _reading(path):
            self._separator = "\t" if tabs else separator_of(next(_lines(path, b","), ""))
            self._columns = next(self._numbered_cells(), (0, list[str]()))[1]
        if not any(self._columns):
            raise TableError(str(path), expected="a line of column names", found="none", do="Add one.")
        if double := sorted(name for name, n in Counter(self._columns).items() if n > 1):
            raise TableError(
                str(path), expected="distinct column names", found=f"twice {double}", do="Rename them."
            )
        self.schema = pa.schema([(name, pa.string()) for name in self._columns])

    def batches(self, rows_at_once: int) -> Iterator[Batch]:
        """Yield the rows in order, so many at once, or fewer where they are large."""
        return _grouped(self._weighed_rows(), rows_at_once)

    def numbered_rows(self) -> Iterator[tuple[str, Row]]:
        """Yield each row in order with the number of its last line."""
        return ((f"line {number}", row) for number, row, _ in self._weighed_rows())

    def _weighed_rows(self) -> Iterator[_WeighedRow]:
        self.n_blank = 0
        with _reading(self._path):
            for number, cells in islice(self._numbered_cells(), 1, None):
                if len(cells) != len(self._columns):
                    if not any(map(VISIBLE.search, cells)):
                        self.n_blank += 1
                        continue
                    raise TableError(
                        f"{self._path}, line {number}",
                        expected=f"{len(self._columns)} cells, as in the first line",
                        found=str(len(cells)),
                        do="Mend that line, or the quotes before it.",
                    )
                yield number, dict(zip(self._columns, cells, strict=True)), sum(map(getsizeof, cells))

    def _numbered_cells(self) -> Iterator[tuple[int, list[str]]]:
        """Give each row with the number of its last line."""
        lines = _lines(self._path, self._separator.encode())
        if self._separator == "\t":
            return tsv_rows(lines, self._path, longest=LONGEST_LINE)
        return csv_rows(lines, self._path, self._separator, longest=LONGEST_LINE)


class JsonLinesSource:
    """JSON lines: one object a line, whose keys may differ; blank lines are passed over."""

    def __init__(self, path: Path) -> None:
        self.n_blank = 0
        self._path = path
        kinds: dict[str, set[str]] = {}
        for place, row in self.numbered_rows():
            for name, value in row.items():
                kinds.setdefault(name, set()).add(kind_of(value))
            if len(kinds) > _MOST_KEYS:
                raise TableError(
                    f"{path}, {place}",
                    expected=f"at most {_MOST_KEYS:,} different keys in all lines, which are columns",
                    found="more",
                    do="Write what differs from line to line as a value.",
                )
        if not kinds:
            raise TableError(str(path), expected="a JSON object a line", found="none", do="Check the file.")
        self.schema = pa.schema([(name, type_of_kinds(found)) for name, found in kinds.items()])

    def batches(self, rows_at_once: int) -> Iterator[Batch]:
        """Yield the rows in order, so many at once, or fewer where they are large."""
        return _grouped(self._weighed_rows(), rows_at_once)

    def numbered_rows(self) -> Iterator[tuple[str, Row]]:
        """Yield each row in order with the number of its line."""
        return ((f"line {number}", row) for number, row, _ in self._weighed_rows())

    def _weighed_rows(self) -> Iterator[_WeighedRow]:
        self.n_blank = 0
        with _reading(self._path):
            for number, line in enumerate(_lines(self._path, b","), 1):
                if line.isspace():
                    self.n_blank += 1
                else:
                    row = self._row(line, f"{self._path}, line {number}")
                    yield number, row, getsizeof(line) + _CELL * line.count(",")

    def _row(self, line: str, where: str) -> Row:
        try:
            row = parse_json(line, finite=False)
            if "\\u" in line:
                # An escape can stand for half a character, which no text file can hold.
                json.dumps(row, ensure_ascii=False).encode()
        except ValueError as exc:
            raise TableError(where, expected="JSON", found=str(exc), do="Mend that line.") from exc
        if not isinstance(row, dict):
            raise TableError(
                where, expected="a JSON object", found=type(row).__name__, do='Write {"text": ...} a line.'
            )
        return row


class ParquetSource:
    """Parquet; its types and metadata are kept."""

    n_blank = 0

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._opened() as file:
            self.schema = file.schema_arrow
            about = file.metadata
            self.n_rows: int = about.num_rows
            unpacked_size = sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
            size = unpacked_size + LINE * about.num_rows + _size_of_nested(about)
            check_unpacked(path.stat().st_size, size, str(path), TableError)
        if len(set(self.schema.names)) < len(self.schema.names):
            raise TableError(
                str(path), expected="distinct column names", found="some twice", do="Rename them."
            )

    def batches(self, rows_at_once: int) -> Iterator[Batch]:
        """Yield the rows in order, so many at once, or fewer where they are large."""
        first = 1
        for batch in self.unchecked(rows_at_once):
            check_arrow(batch, first, str(self._path))
            first += len(batch)
            yield batch

    def unchecked(self, rows_at_once: int, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield all columns, or some, of rows of which not each has to be what their types say."""
        with self._opened() as file:
            yield from file.iter_batches(batch_size=min(rows_at_once, self._most_rows), columns=columns)

    def numbered_rows(self) -> Iterator[tuple[str, Row]]:
        """Yield each row in order with its number, from 1."""
        rows = (row for batch in self.batches(_PARQUET_ROWS) for row in rows_of(batch))
        yield from ((f"row {number}", row) for number, row in enumerate(rows, 1))

    def check_whole(self) -> None:
        """Refuse a file whose rows cannot all be held at once.

        Raises:
            TableError: They take too much.
        """
        total, _, _ = self._text_sizes
        check_unpacked(self._path.stat().st_size, total, str(self._path), TableError)

    @cached_property
    def _text_sizes(self) -> tuple[int, int, int]:
        """Bytes of the texts in all rows, in the most at once, and in one row.

        A text may stand once in the file and in each of its rows.
        """
        texts = [field.name for field in self.schema if _is_text(field.type)]
        total, most, longest = 0, 0, 1
        with self._opened(read_dictionary=texts) as file:
            for batch in file.iter_batches(batch_size=_PARQUET_ROWS, columns=texts):
                sizes = reduce(pc.add, map(_sizes, batch.columns), pa.scalar(0))
                size = pc.sum(sizes).as_py() or 0
                total, most = total + size, max(most, size)
                longest = max(longest, pc.max(sizes).as_py() or 0)
        return total, most, longest

    @cached_property
    def _most_rows(self) -> int:
        """Rows that can be held at once."""
        _, most, longest = self._text_sizes
        by_cells = _HELD // (_CELL * max(1, len(self.schema.names)))
        return max(1, min(by_cells, _PARQUET_ROWS if most <= _HELD else _HELD // longest))

    @contextmanager
    def _opened(self, **options: Any) -> Iterator[Any]:  # noqa: ANN401 (those of pyarrow)
        with (
            _reading(self._path),
            pq.ParquetFile(self._path, buffer_size=_PARQUET_BUFFER, **options) as file,
        ):
            yield file


def _size_of_nested(about: pq.FileMetaData) -> int:
    """Return the bytes of the values of which a row can have many, or long ones, by what the file tells."""
    size = 0
    for number in range(about.num_columns):
        column = about.schema.column(number)
        if column.max_repetition_level or column.length:
            count = sum(about.row_group(n).column(number).num_values for n in range(about.num_row_groups))
            size += count * max(column.length, _VALUE)
    return size


def _is_text(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return any(is_kind(inner) for is_kind in _TEXTS)


def _sizes(column: pa.DictionaryArray) -> pa.Array:
    """Return the bytes of each value of a column of texts, of which each is held once."""
    sizes = pc.cast(pc.binary_length(column.dictionary), pa.int64())
    return pc.fill_null(sizes.take(column.indices), 0)


_WeighedRow = tuple[int, Row, int]
"""The number of a row's last line, the row, and about how many bytes it takes."""


def _grouped(rows: Iterator[_WeighedRow], rows_at_once: int) -> Iterator[list[Row]]:
    held: list[Row] = []
    size = 0
    for _, row, weight in rows:
        held.append(row)
        size += weight
        if len(held) == rows_at_once or size > _HELD:
            yield held
            held, size = [], 0
    if held:
        yield held


def _lines(path: Path, separator: bytes) -> Iterator[str]:
    r"""Give the lines of a UTF-8 file with their ``\n``, decompressed if need be, without its mark."""
    with path.open("rb") as file:
        for number, _, line in table_lines(table_blocks(file, path), str(path), LONGEST_LINE):
            if line is None:
                problem = Problem("a longer one", "Check that it is a table of texts.")
                raise _not_a_table(
                    f"{path}, line {number}", problem, f"lines of at most {LONGEST_LINE:,} bytes"
                )
            if line.count(separator) > _MOST_CELLS:
                problem = Problem("more", "Check that it is a table of texts.")
                raise _not_a_table(f"{path}, line {number}", problem, f"at most {_MOST_CELLS:,} cells")
            try:
                yield line.decode()
            except UnicodeDecodeError as exc:
                raise _not_a_table(f"{path}, line {number}", not_utf8(exc)) from exc


def _not_a_table(where: str, problem: Problem, expected: str = "a table in UTF-8") -> TableError:
    return TableError(where, expected=expected, found=problem.found, do=problem.do)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turn what goes wrong below gotune while ``path`` is read into a `TableError`."""
    try:
        yield
    except FileNotFoundError as exc:
        raise TableError(str(path), expected="a table", found="nothing", do="Check the name.") from exc
    except (OSError, EOFError, zlib.error, pa.ArrowException, UnicodeError) as exc:
        # The last is what pyarrow says of names, of files and of columns, that are not UTF-8.
        raise TableError(
            str(path),
            expected=f"a readable {table_kind(path).removeprefix('.')} file",
            found=str(exc),
            do="Check that it is whole and what its name says.",
        ) from exc
