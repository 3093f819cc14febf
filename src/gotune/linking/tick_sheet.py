"""A workbook in which a curator ticks which suggestions are right; `gotune.linking.ticked` reads it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gotune.corpus.reading import Reading, as_read
from gotune.errors import InputError
from gotune.lines import one_line
from gotune.linking.results import AnnotatedDocument
from gotune.ontology.terms import term_page
from gotune.records import Role
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
    """The words mean the term."""
    WRONG = "wrong"
    """They mean no term."""
    OTHER = "other term"
    """They mean another one, which is named."""
    UNSURE = "unsure"


class _Marked(NamedTuple):
    """A text in which a stretch is bold."""

    text: str
    start: int
    end: int


_Cell = str | int | float | _Marked | None
"""None is for the curator to fill."""

SHEET = "suggestions"
"""Name of the sheet to tick."""

COLUMNS = {
    "document": 20, "section": 26, "sentence": 72, "surface": 22, "go_id": 13, "name": 28, "aspect": 19,
    "score": 7, "context": 12, "decision": 12, "other term": 13, "note": 26,
    "article": 0, "number": 0, "start": 0, "end": 0, "release": 0,
}  # fmt: skip
"""Columns of the sheet to tick with their widths; those of none are hidden, and lead back to the text."""

_TERM_COLUMNS = {"document": 30, "go_id": 13, "name": 50, "aspect": 19, "places": 8, "score": 8}
_NUMBERS = frozenset(("places", "score"))
_OFFERS = {
    "decision": {
        "validate": "list",
        "source": [verdict.value for verdict in Verdict],
        "input_title": "Do the bold words mean the term?",
        "input_message": "right, wrong (they mean no term), other term (name it beside), or unsure",
        "error_title": "No such decision",
        "error_message": "Choose right, wrong, other term or unsure, or leave the cell empty.",
    },
    "other term": {
        "validate": "any",
        "input_title": "If the decision is: other term",
        "input_message": "Its id, such as GO:0006915",
    },
}
"""What a spreadsheet program offers in a cell."""
_FILLED = 0.88
"""Of a column's width that lines of text fill, as they end between words."""
_MOST_LINKS = 65_530
"""Of a sheet, as Excel reads no more; ids in the rows below are text."""


def wording(surface: str) -> str:
    """Return the words of a place as they are read, on one line."""
    return one_line(as_read(surface))


@contextmanager
def open_tick_sheet(path: Path) -> Iterator[Callable[[AnnotatedDocument], None]]:
    """Open a workbook for the suggestions of documents, one document after the other.

    The sheet to tick has a row for each place that names a term, with the sentence around it. A second sheet,
    ``terms``, has the terms of each document, the surest first.

    Yields:
        What writes a document.

    Raises:
        OSError: The file cannot be written.
        InputError: There are more suggestions than a sheet has rows.
    """
    # Imported late: only this function needs it.
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    # Rows that are written wait in files beside the workbook.
    options = {"constant_memory": True, "tmpdir": str(path.parent), **TEXT_OPTIONS}
    try:
        with Workbook(str(path), options) as workbook:
            workbook.set_properties(CREATED)
            formats = _Formats(workbook)
            places = _Sheet(workbook, SHEET, COLUMNS, formats)
            terms = _Sheet(workbook, "terms", _TERM_COLUMNS, formats)

            def write(document: AnnotatedDocument) -> None:
                for cells in _place_rows(document):
                    places.write(cells)
                for cells in _term_rows(document):
                    terms.write(cells)

            yield write
            places.finish()
            terms.finish()
    except FileCreateError as exc:
        for sheet in workbook.worksheets():
            sheet.row_data_fh.close()
        raise OSError(str(exc)) from exc


def _place_rows(document: AnnotatedDocument) -> Iterator[tuple[_Cell, ...]]:
    """Yield a row for each annotation, in the order of `COLUMNS`."""
    sections = _sections(document)
    for number, of_sentence in groupby(document.annotations, key=attrgetter("sentence")):
        reading = Reading(document.text, document.sentences[number - 1].spans)
        for one in of_sentence:
            place = reading.find(one.start, one.end)
            yield (
                document.name,
                sections[number - 1],
                _Marked(reading.text, *place) if place else reading.text,
                wording(one.surface),
                one.go_id,
                one.name,
                one.aspect.value,
                one.score,
                ", ".join(one.contexts),
                *(None, None, None),
                document.article or document.name,
                number,
                one.start,
                one.end,
                document.release,
            )


def _sections(document: AnnotatedDocument) -> list[str]:
    """Return the last heading before each sentence, or "" where there is none."""
    found, heading = [], ""
    for sentence in document.sentences:
        found.append(heading)
        if sentence.role is Role.HEADING:
            heading = sentence.text
    return found


def _term_rows(document: AnnotatedDocument) -> Iterator[tuple[_Cell, ...]]:
    for term in document.terms:
        yield document.name, term.go_id, term.name, term.aspect.value, len(term.places), term.score


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

    def write(self, cells: Sequence[_Cell]) -> None:
        """Write a row below the others."""
        self._row += 1
        if self._row >= MOST_ROWS:
            raise InputError(
                "workbook",
                expected=f"at most {MOST_ROWS - 1:,} rows, as Excel has no more",
                found="more suggestions",
                do="Write a workbook for some documents at a time, or write .tsv or .jsonl.",
            )
        lines = 1
        for column, ((title, width), cell) in enumerate(zip(self._columns.items(), cells, strict=True)):
            lines = max(lines, self._write_cell(column, title, cell, width))
        self._sheet.set_row(self._row, row_height(lines))

    def _write_cell(self, column: int, title: str, cell: _Cell, width: int) -> int:
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
                return self._write_text(at, _Marked(cell, 0, 0), width)
            case _:
                return self._write_text(at, cell, width)
        return 1

    def _write_text(self, at: tuple[int, int], marked: _Marked, width: int) -> int:
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

    def finish(self) -> None:
        """Write what needs to know the last row."""
        sheet = self._sheet
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, self._row, len(self._columns) - 1)
        for column, title in enumerate(self._columns):
            if title in _OFFERS:
                sheet.data_validation(1, column, max(self._row, 1), column, _OFFERS[title])
        # Printed on as many pages as it takes, but never wider than one.
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
