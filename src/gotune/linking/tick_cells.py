"""Reading workbooks that curators ticked, which anybody may have made.

Nothing is computed: of a formula, the value is read that the spreadsheet program has saved with it. openpyxl
reads row by row and only the columns that are asked for, while calamine makes room for all cells up to the
last one, wherever a file says that this is.
"""

from __future__ import annotations

import os
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

from gotune.corpus.plain_text import VISIBLE
from gotune.datasets.label_cells import BadCellError, BadCells
from gotune.errors import GotuneError, TableError
from gotune.lines import one_line
from gotune.linking.labels import as_id
from gotune.render.cells import MOST_ROWS
from gotune.render.tick_sheets import Verdict
from gotune.unpacking import LINE, blocks_of, check_unpacked

if TYPE_CHECKING:
    from gotune.linking.index import TermIndex

_MOST_COLUMNS = 100
"""Of a sheet that are looked at; a curator may have added some."""
_MOST_OFFSET = 1 << 40
_LONGEST_SHOWN = 40
_MERGED = b"<mergeCell "
_VERDICTS = {verdict.value: verdict for verdict in Verdict}
_ESCAPED = re.compile("_(?:x005F_)+")
"""What programs write, some twice, for ``_`` where it would begin an escape; openpyxl leaves it as it is."""
T = TypeVar("T")
Row = Mapping[str, object]
"""Cells by their columns."""


def has_sheet(path: Path, sheet: str) -> bool:
    """Return whether a workbook has a sheet of a name.

    Raises:
        TableError: It is no workbook, or unfolds too far (see `gotune.unpacking`).
    """
    with _opened(path) as book:
        return sheet in book.sheetnames


def ticked_rows(
    path: Path,
    sheet: str,
    needed: Sequence[str],
    read: Callable[[Row], T],
    *,
    command: str,
    optional: Sequence[str] = (),
) -> tuple[T, ...]:
    """Return what the rows of a sheet say that are not empty.

    Args:
        path: The workbook. Rows may have been sorted, hidden or deleted, columns moved or added.
        sheet: Name of the sheet that was ticked.
        needed: Columns that it has to have.
        read: Gives what a row says, or raises `BadCellError`.
        command: What writes it.
        optional: Columns that it may have.

    Raises:
        TableError: It is no such workbook, or unfolds too far (see `gotune.unpacking`); or a cell is bad.
            Lists examples with their rows.
    """
    problems, found = BadCells(), []
    for number, row in _rows(path, sheet, needed, optional, command):
        try:
            found.append(read(row))
        except BadCellError as exc:
            problems.add(exc, f"row {number}")
    problems.check(str(path))
    return tuple(found)


def _rows(
    path: Path, sheet: str, needed: Sequence[str], optional: Sequence[str], command: str
) -> Iterator[tuple[int, Row]]:
    """Yield the rows that are not empty, each with its number and the cells that are asked for."""
    with _opened(path) as book:
        if sheet not in book.sheetnames:
            raise TableError(
                str(path),
                expected=f"a sheet {sheet!r}",
                found=", ".join(map(repr, book.sheetnames)),
                do=f"Give a workbook that `{command}` wrote.",
            )
        rows = book[sheet].iter_rows(max_row=MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True)
        header = next(rows, ())
        there = [name for name in optional if name in map(_name_in, header)]
        columns = _columns(f"{path}, sheet {sheet!r}", [*needed, *there], header)
        for number, cells in enumerate(rows, start=2):
            row = {name: cells[column] for name, column in columns.items()}
            if any(cell is not None for cell in row.values()):
                yield number, row


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Give a workbook, for which openpyxl has no type."""
    with _reading(path), path.open("rb") as file:
        _check_size(file, str(path))
        # Imported late: only this function needs it.
        from openpyxl import load_workbook

        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            yield book
        finally:
            book.close()


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Report whatever keeps a workbook from being read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out, such as pictures
            yield
    except GotuneError:
        raise
    except Exception as exc:  # of zipfile, zlib, expat and openpyxl, which have many kinds
        is_there = path.is_file()
        raise TableError(
            str(path),
            expected="a workbook, .xlsx",
            found=(one_line(str(exc)) or type(exc).__name__) if is_there else "no file of that name",
            do="Save it anew in your spreadsheet program, as .xlsx." if is_there else "Check the name.",
        ) from exc


def _check_size(file: IO[bytes], where: str) -> None:
    """Refuse a workbook that unfolds too far; tags count more, as each becomes an object."""
    packed, size = file.seek(0, os.SEEK_END), 0
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as stream:
                end = b""
                for block in blocks_of(stream):
                    size += len(block) + LINE * block.count(b"<")
                    check_unpacked(packed, size, where, TableError)
                    if _MERGED in (whole := end + block):
                        raise TableError(
                            where,
                            expected="no cells that are merged: all but the first of them are empty",
                            found=f"some in {entry.filename}",
                            do="Unmerge them, and fill each.",
                        )
                    end = whole[-len(_MERGED) :]


def _columns(where: str, needed: Sequence[str], header: tuple[object, ...]) -> dict[str, int]:
    """Return where each column that is needed stands."""
    names = list(map(_name_in, header))
    if missing := [name for name in needed if names.count(name) != 1]:
        raise TableError(
            where,
            expected=f"each of the columns {', '.join(needed)} once, the hidden ones too",
            found=f"{missing[0]} {'twice' if missing[0] in names else 'nowhere'}",
            do="Bring the column back, or write the sheet anew.",
        )
    return {name: names.index(name) for name in needed}


def _name_in(cell: object) -> str:
    return _text(cell).strip()


def check_release(row: Row, index: TermIndex) -> None:
    """Refuse a row of another release than the index.

    All functions below raise `BadCellError` where a cell is not what its column holds.
    """
    release = text_in(row, "release").strip()
    if release != index.info.release:
        raise BadCellError(
            expected=f"suggestions of GO release {index.info.release}, which the index is of",
            found=repr(release),
            do="Name an index of that release, which `gotune index` makes: --index.",
        )


def verdict_in(row: Row) -> Verdict | None:
    """Return what is decided, None if nothing is."""
    cell = row["decision"]
    said = one_line(_text(cell)).casefold()
    if said and said not in _VERDICTS:
        raise BadCellError(
            expected=f"in the column 'decision': {', '.join(_VERDICTS)}, or nothing",
            found=_shown(cell),
            do="Mend these cells.",
        )
    return _VERDICTS.get(said)


def other_term(row: Row, verdict: Verdict | None, suggested: str, index: TermIndex) -> str | None:
    """Return the other term, which is there if and only if the decision says so."""
    cell = row["other term"]
    said = _text(cell).strip()
    if bool(said) != (verdict is Verdict.OTHER):
        raise BadCellError(
            expected="an id in the column 'other term' where the decision is 'other term', and only there",
            found=f"{_shown(cell)} beside {verdict.value if verdict else 'no decision'!r}",
            do="Write the id (`gotune search` finds it), or mend the decision.",
        )
    if not said:
        return None
    other = term_in(row, "other term", index)
    if other == suggested:
        raise BadCellError(
            expected="in the column 'other term': another term than the suggested one",
            found=suggested,
            do="Decide 'right', or name the other term.",
        )
    return other


def term_in(row: Row, column: str, index: TermIndex) -> str:
    """Return the id of a term to use."""
    cell = row[column]
    go_id = as_id(_text(cell))
    if go_id is not None and go_id in index.number_of:
        return go_id
    meant = [index.terms.ids[number] for number in index.of_id(go_id)] if go_id else []
    use = f", for which GO says to use {' or '.join(meant)}" if meant else ""
    raise BadCellError(
        expected=f"in the column {column!r}: ids of terms to use in GO release {index.info.release}",
        found=_shown(cell) + use,
        do="Mend these cells; `gotune search` finds terms.",
    )


def filled(row: Row, column: str) -> str:
    """Return a text that has to be there."""
    text = text_in(row, column)
    if not VISIBLE.search(text):
        raise BadCellError(
            expected=f"something in the column {column!r} of each row",
            found="nothing",
            do="Bring it back, or delete these rows.",
        )
    return text


def whole(row: Row, column: str) -> int:
    """Return a whole number."""
    cell = row[column]
    try:
        value = float(_text(cell))
    except ValueError:
        value = -1.0
    if not (value.is_integer() and 0 <= value < _MOST_OFFSET):
        raise BadCellError(
            expected=f"a whole number in the hidden column {column!r}",
            found=_shown(cell),
            do="Bring it back, or delete these rows.",
        )
    return int(value)


def text_in(row: Row, column: str) -> str:
    """Return what a cell says, "" if it is empty."""
    return _text(row[column])


def _text(cell: object) -> str:
    return "" if cell is None else _ESCAPED.sub("_", str(cell))


def _shown(cell: object) -> str:
    text = _text(cell)
    return repr(text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…") if text else "nothing"
