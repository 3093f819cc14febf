"""Workbooks in which a curator ticks what is right, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gotune.errors import InputError
from gotune.ontology.terms import term_page
from gotune.render.cells import (
    CREATED,
    MOST_ROWS,
    SCORE,
    TEXT_OPTIONS,
    cell_text,
    header_format,
    lines_of,
    row_height,
)

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook


class Verdict(StrEnum):
    """What a curator says of a suggestion."""

    RIGHT = "right"
    WRONG = "wrong"
    OTHER = "other term"
    """Another one is right, which is named."""
    UNSURE = "unsure"


class Marked(NamedTuple):
    """A text in which a stretch is bold."""

    text: str
    start: int
    end: int


Cell = str | int | float | Marked | None
"""None is for the curator to fill."""

TO_FILL = {"decision": 12, "other term": 13, "note": 26}
"""Columns that the curator fills, with their widths."""

_NUMBERS = frozenset(("places", "score"))
_OTHER = {
    "validate": "any",
    "input_title": "If the decision is: other term",
    "input_message": "Its id, such as GO:0006915",
}
_FILLED = 0.88
"""Of a column's width that lines of text fill, as they end between words."""
_MOST_LINKS = 65_530
"""Of a sheet, as Excel reads no more; ids in the rows below are text."""


@contextmanager
def open_tick_sheets(
    path: Path, sheets: Mapping[str, Mapping[str, int]], question: str, answers: str
) -> Iterator[Callable[[str, Sequence[Cell]], None]]:
    """Open a workbook whose rows are written one after the other.

    Args:
        path: The workbook.
        sheets: Columns of each sheet, with their widths; those of none are hidden. A column ``go_id`` links
            to the term, ``decision`` and ``other term`` say what to fill in.
        question: What is decided.
        answers: What the decisions mean, in at most 255 characters.

    Yields:
        What writes a row of a sheet.

    Raises:
        OSError: The file cannot be written.
        InputError: There are more rows than a sheet has.
    """
    # Imported late: only this function needs it.
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    decision = {
        "validate": "list",
        "source": [verdict.value for verdict in Verdict],
        "input_title": question,
        "input_message": answers,
        "error_title": "No such decision",
        "error_message": "Choose right, wrong, other term or unsure, or leave the cell empty.",
    }
    # Rows that are written wait in files beside the workbook.
    options = {"constant_memory": True, "tmpdir": str(path.parent), **TEXT_OPTIONS}
    try:
        with Workbook(str(path), options) as workbook:
            workbook.set_properties(CREATED)
            formats = _Formats(workbook)
            made = {name: _Sheet(workbook, name, columns, formats) for name, columns in sheets.items()}

            def write(sheet: str, cells: Sequence[Cell]) -> None:
                made[sheet].write(cells)

            yield write
            for sheet in made.values():
                sheet.finish({"decision": decision, "other term": _OTHER})
    except FileCreateError as exc:
        for unfinished in workbook.worksheets():
            unfinished.row_data_fh.close()
        raise OSError(str(exc)) from exc


class _Formats:
    """Formats of cells."""

    def __init__(self, workbook: Workbook) -> None:
        top: dict[str, object] = {"valign": "top"}
        text = {**top, "text_wrap": True, "align": "left", "indent": 1}
        self.text = workbook.add_format(text)
        self.bold = workbook.add_format({**text, "bold": True})
        self.to_fill = workbook.add_format(
            {**text, "bg_color": "#FFF8DC", "border": 1, "border_color": "#D9D9D9"}
        )
        self.count = workbook.add_format(top)
        self.score = workbook.add_format({**top, "num_format": SCORE})
        self.link = workbook.add_format({**text, "font_color": "#0563C1", "underline": 1})


class _Sheet:
    """A sheet that is written row by row, below a header that stays in sight."""

    def __init__(self, workbook: Workbook, name: str, columns: Mapping[str, int], formats: _Formats) -> None:
        self._sheet, self._columns, self._formats = workbook.add_worksheet(name), columns, formats
        self._row = 0
        left, right = header_format(workbook), header_format(workbook)
        left.set_align("left")
        left.set_indent(1)
        right.set_align("right")
        for column, (title, width) in enumerate(columns.items()):
            self._sheet.set_column(column, column, width or None, None, {"hidden": not width})
            self._sheet.write_string(0, column, title, right if title in _NUMBERS else left)

    def write(self, cells: Sequence[Cell]) -> None:
        """Write a row below the others."""
        self._row += 1
        if self._row >= MOST_ROWS:
            raise InputError(
                "workbook",
                expected=f"at most {MOST_ROWS - 1:,} rows, as Excel has no more",
                found="more suggestions",
                do="Write a workbook for a part at a time, or write .tsv or .jsonl.",
            )
        lines = 1
        for column, ((title, width), cell) in enumerate(zip(self._columns.items(), cells, strict=True)):
            lines = max(lines, self._write_cell(column, title, cell, width))
        self._sheet.set_row(self._row, row_height(lines))

    def _write_cell(self, column: int, title: str, cell: Cell, width: int) -> int:
        """Write a cell, and return the lines that it takes."""
        at = (self._row, column)
        match cell:
            case None:
                self._sheet.write_blank(*at, None, self._formats.to_fill)
            case int():
                self._sheet.write_number(*at, cell, self._formats.count)
            case float():
                self._sheet.write_number(*at, cell, self._formats.score)
            case str() if title == "go_id" and self._row <= _MOST_LINKS:
                self._sheet.write_url(*at, term_page(cell), self._formats.link, cell)
            case str():
                return self._write_text(at, Marked(cell, 0, 0), width)
            case _:
                return self._write_text(at, cell, width)
        return 1

    def _write_text(self, at: tuple[int, int], marked: Marked, width: int) -> int:
        text, start, end = cell_text(marked.text), marked.start, marked.end
        bold = self._formats.bold
        tokens = [*filter(None, [text[:start]]), bold, text[start:end], *filter(None, [text[end:]])]
        if start == end:
            self._sheet.write_string(*at, text, self._formats.text)
        elif len(tokens) == 2:  # all of it
            self._sheet.write_string(*at, text, bold)
        else:
            self._sheet.write_rich_string(*at, *tokens, self._formats.text)
        return lines_of(text, int(_FILLED * width)) if width else 1

    def finish(self, offers: Mapping[str, Mapping[str, object]]) -> None:
        """Write what needs to know the last row.

        Args:
            offers: What a spreadsheet program offers in the cells of a column.
        """
        sheet = self._sheet
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, self._row, len(self._columns) - 1)
        for column, title in enumerate(self._columns):
            if title in offers:
                sheet.data_validation(1, column, max(self._row, 1), column, offers[title])
        # Printed on as many pages as it takes, but never wider than one.
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
