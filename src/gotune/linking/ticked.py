"""Reading back what curators ticked in workbooks of `gotune.linking.tick_sheet`, which anybody may have made.

Nothing is computed: of a formula, the value is read that the spreadsheet program has saved with it. openpyxl
reads row by row and only the columns that are asked for, while calamine makes room for all cells up to the
last one, wherever a file says that this is.
"""

from __future__ import annotations

import os
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from gotune.corpus.plain_text import VISIBLE
from gotune.datasets.label_cells import BadCellError, BadCells
from gotune.errors import GotuneError, TableError
from gotune.lines import one_line
from gotune.linking.labels import as_id
from gotune.linking.tick_sheet import SHEET, Verdict
from gotune.render.cells import MOST_ROWS
from gotune.unpacking import LINE, blocks_of, check_unpacked

if TYPE_CHECKING:
    from gotune.linking.index import TermIndex

_NEEDED = (
    "document", "sentence", "surface", "go_id", "decision", "other term", "article", "number", "start", "end",
    "release",
)  # fmt: skip
_MOST_COLUMNS = 100
"""Of a sheet that are looked at; a curator may have added some."""
_MOST_OFFSET = 1 << 40
_LONGEST_SHOWN = 40
_VERDICTS = {verdict.value: verdict for verdict in Verdict}
_ESCAPED = re.compile("_(?:x005F_)+")
"""What programs write, some twice, for ``_`` where it would begin an escape; openpyxl leaves it as it is."""
_Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ticked:
    """A suggestion, and what a curator says of it.

    Attributes:
        article: What the document is a part of; its own name if it stands by itself.
        document: Name of the document.
        number: Number of the sentence, from 1.
        text: The sentence as it is read, on one line.
        start: Code point of the document's text where the place begins.
        end: The one behind its last.
        surface: What stands there.
        go_id: The term that was suggested.
        verdict: What the curator says; None if nothing.
        other: The term that is meant, if it is another one.
    """

    article: str
    document: str
    number: int
    text: str
    start: int
    end: int
    surface: str
    go_id: str
    verdict: Verdict | None
    other: str | None


def read_ticked(path: Path | str, index: TermIndex) -> tuple[Ticked, ...]:
    """Read a workbook that a curator ticked, in the order of its rows.

    Rows may have been sorted, hidden or deleted, columns moved or added.

    Args:
        path: The workbook.
        index: The terms of the release that the suggestions are of.

    Raises:
        TableError: It is no such workbook, or unfolds too far (see `gotune.unpacking`); it is of another
            release; a decision is unknown, or an id none of the release. Lists examples with their rows.
    """
    path = Path(path)
    problems, found = BadCells(), []
    for number, row in _rows(path):
        try:
            found.append(_ticked(row, index))
        except BadCellError as exc:
            problems.add(exc, f"row {number}")
    problems.check(str(path))
    return tuple(found)


def _rows(path: Path) -> Iterator[tuple[int, _Row]]:
    """Yield the rows that are not empty, each with its number and the cells that are needed."""
    with _reading(path), path.open("rb") as file:
        _check_size(file, str(path))
        # Imported late: only this function needs it.
        from openpyxl import load_workbook

        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            if SHEET not in book.sheetnames:
                raise TableError(
                    str(path),
                    expected=f"a sheet {SHEET!r}",
                    found=", ".join(map(repr, book.sheetnames)),
                    do="Give a workbook that `gotune annotate -o terms.xlsx` wrote.",
                )
            rows = book[SHEET].iter_rows(max_row=MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True)
            columns = _columns(path, next(rows, ()))
            for number, cells in enumerate(rows, start=2):
                row = {name: cells[column] for name, column in columns.items()}
                if any(cell is not None for cell in row.values()):
                    yield number, row
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
                for block in blocks_of(stream):
                    size += len(block) + LINE * block.count(b"<")
                    check_unpacked(packed, size, where, TableError)


def _columns(path: Path, header: tuple[object, ...]) -> dict[str, int]:
    """Return where each column that is needed stands."""
    names = [_text(cell).strip() for cell in header]
    if missing := [name for name in _NEEDED if names.count(name) != 1]:
        raise TableError(
            f"{path}, sheet {SHEET!r}",
            expected=f"each of the columns {', '.join(_NEEDED)} once, the hidden ones too",
            found=f"{missing[0]} {'twice' if missing[0] in names else 'nowhere'}",
            do="Bring the column back; `gotune annotate` writes the sheet anew.",
        )
    return {name: names.index(name) for name in _NEEDED}


def _ticked(row: _Row, index: TermIndex) -> Ticked:
    """Return what a row says.

    Raises:
        BadCellError: A cell is not what its column holds.
    """
    _check_release(_text(row["release"]).strip(), index)
    go_id = _term("go_id", row["go_id"], index)
    verdict = _verdict(row["decision"])
    document = _filled(row, "document")
    ticked = Ticked(
        article=_text(row["article"]).strip() or document,
        document=document,
        number=_whole(row, "number"),
        text=one_line(_filled(row, "sentence")),
        start=_whole(row, "start"),
        end=_whole(row, "end"),
        surface=_filled(row, "surface"),
        go_id=go_id,
        verdict=verdict,
        other=_other(row["other term"], verdict, index),
    )
    if ticked.other == go_id:
        raise BadCellError(
            expected="in the column 'other term': another term than the suggested one",
            found=go_id,
            do="Decide 'right', or name the other term.",
        )
    return ticked


def _check_release(release: str, index: TermIndex) -> None:
    if release != index.info.release:
        raise BadCellError(
            expected=f"suggestions of GO release {index.info.release}, which the index is of",
            found=repr(release),
            do="Name the index that the sheet was made with: --index.",
        )


def _verdict(cell: object) -> Verdict | None:
    said = one_line(_text(cell)).casefold()
    if said and said not in _VERDICTS:
        raise BadCellError(
            expected=f"in the column 'decision': {', '.join(_VERDICTS)}, or nothing",
            found=_shown(cell),
            do="Mend these cells.",
        )
    return _VERDICTS.get(said)


def _other(cell: object, verdict: Verdict | None, index: TermIndex) -> str | None:
    """Return the other term, which is there if and only if the decision says so."""
    said = _text(cell).strip()
    if bool(said) != (verdict is Verdict.OTHER):
        raise BadCellError(
            expected="an id in the column 'other term' where the decision is 'other term', and only there",
            found=f"{_shown(cell)} beside {verdict.value if verdict else 'no decision'!r}",
            do="Write the id (`gotune search` finds it), or mend the decision.",
        )
    return _term("other term", cell, index) if said else None


def _term(column: str, cell: object, index: TermIndex) -> str:
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


def _filled(row: _Row, column: str) -> str:
    text = _text(row[column])
    if not VISIBLE.search(text):
        raise BadCellError(
            expected=f"something in the column {column!r} of each row",
            found="nothing",
            do="Bring it back, or delete these rows.",
        )
    return text


def _whole(row: _Row, column: str) -> int:
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


def _text(cell: object) -> str:
    return "" if cell is None else _ESCAPED.sub("_", str(cell))


def _shown(cell: object) -> str:
    text = _text(cell)
    return repr(text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…") if text else "nothing"
