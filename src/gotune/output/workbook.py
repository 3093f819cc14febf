"""Excel workbook of a classified document: its sentences, and the share of each aspect with a native pie.

Nothing in the text becomes a formula, a link or a number, whatever it begins with.
"""

from __future__ import annotations

import io
import math
import re
from datetime import datetime
from typing import TYPE_CHECKING

from gotune.aspects import ASPECTS
from gotune.errors import InputError
from gotune.results import ClassifiedDocument

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

COLUMNS = ("sentence", "start", "end", "text", "aspect", *(aspect.value for aspect in ASPECTS))
"""Header of every table of sentences."""

MOST_ROWS = 1_048_576
"""Rows of an Excel sheet, the header included."""

_MOST_UNITS = 32_767
"""UTF-16 code units that an Excel cell holds; a character outside the basic plane takes two."""
_CUT = " [… cut: a cell holds no more]"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold, https://www.w3.org/TR/xml/#charsets."""
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_WIDTHS = (10, 9, 9, 90, 22, 20, 20, 20)
_LINE_CHARACTERS = 80
"""Of the 90 that the column of texts is wide, as lines end between words."""
_LINE_HEIGHT = 15
_MOST_HEIGHT = 408.75
"""Points; Excel has no higher rows."""
_TEXT_COLUMN = COLUMNS.index("text")
_PERCENT = "0.0%"
_CREATED = datetime(2000, 1, 1)
"""The same result gives the same bytes, so the workbook does not say when it was made."""
_TEXT_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_SHARES = "shares"


def render_workbook(document: ClassifiedDocument) -> bytes:
    """Return a document as .xlsx: the sheets ``sentences`` and ``shares``.

    Characters that a workbook cannot hold become U+FFFD; a text too long for a cell is cut and says so.

    Raises:
        InputError: More sentences than a sheet has rows.
    """
    # Imported late: only this function needs it.
    from xlsxwriter import Workbook

    if len(document.sentences) >= MOST_ROWS:
        raise InputError(
            document.name,
            expected=f"at most {MOST_ROWS - 1:,} sentences, as Excel has no more rows",
            found=f"{len(document.sentences):,}",
            do="Write .csv, .tsv, .parquet or .json.",
        )
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True, **_TEXT_OPTIONS}) as workbook:
        workbook.set_properties({"created": _CREATED})
        _add_sentences(workbook, document)
        _add_shares(workbook, document)
    return buffer.getvalue()


def cell_text(text: str) -> str:
    """Return ``text`` as one cell can hold it, with line feeds as the only line ends."""
    legal = _ILLEGAL.sub(_REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n"))
    encoded = legal.encode("utf-16-le")
    if len(encoded) <= 2 * _MOST_UNITS:
        return legal
    # A cut inside a pair of units leaves half a character, which is dropped.
    return encoded[: 2 * (_MOST_UNITS - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def _add_sentences(workbook: Workbook, document: ClassifiedDocument) -> None:
    sheet = workbook.add_worksheet("sentences")
    _write_header(workbook, sheet)
    top = workbook.add_format({"valign": "top"})
    wrapped = workbook.add_format({"valign": "top", "text_wrap": True, "align": "left", "indent": 1})
    aspect_format = workbook.add_format({"valign": "top", "align": "left", "indent": 1})
    percent = workbook.add_format({"valign": "top", "num_format": _PERCENT})
    for row, classified in enumerate(document.sentences, start=1):
        sentence, probabilities = classified.sentence, classified.probabilities
        for column, number in enumerate((row, sentence.start, sentence.end)):
            sheet.write_number(row, column, number, top)
        text = cell_text(sentence.text)
        sheet.write_string(row, _TEXT_COLUMN, text, wrapped)
        sheet.set_row(row, _row_height(text))
        sheet.write_string(row, _TEXT_COLUMN + 1, probabilities.aspect.value, aspect_format)
        for column, probability in enumerate(probabilities, start=_TEXT_COLUMN + 2):
            sheet.write_number(row, column, probability, percent)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(document.sentences), len(COLUMNS) - 1)
    # Printed on as many pages as it takes, but never wider than one.
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_header(workbook: Workbook, sheet: Worksheet) -> None:
    # Over numbers to the right, over texts to the left, as what stands below.
    left, right = _header_format(workbook), _header_format(workbook)
    left.set_align("left")
    left.set_indent(1)
    right.set_align("right")
    for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, left if name in {"text", "aspect"} else right)


def _row_height(text: str) -> float:
    """Return points for all lines of a wrapped text; not every program fits rows by itself."""
    lines = sum(max(1, math.ceil(len(line) / _LINE_CHARACTERS)) for line in text.split("\n"))
    return min(lines * _LINE_HEIGHT, _MOST_HEIGHT)


def _add_shares(workbook: Workbook, document: ClassifiedDocument) -> None:
    sheet = workbook.add_worksheet(_SHARES)
    header = _header_format(workbook)
    percent = workbook.add_format({"num_format": _PERCENT})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 18)
    sheet.write_string(0, 0, "aspect", header)
    sheet.write_string(0, 1, "mean probability", header)
    for row, aspect in enumerate(ASPECTS, start=1):
        sheet.write_string(row, 0, aspect.value)
        sheet.write_number(row, 1, document.mean[aspect], percent)
    _add_facts(sheet, document, workbook.add_format({"text_wrap": True, "valign": "top", "align": "left"}))
    _add_pie(workbook, sheet, len(document.sentences))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)


def _add_facts(sheet: Worksheet, document: ClassifiedDocument, wrapped: Format) -> None:
    row = len(ASPECTS) + 2
    sheet.write_string(row, 0, "document")
    sheet.write_string(row, 1, cell_text(document.name), wrapped)
    sheet.write_string(row + 1, 0, "sentences")
    sheet.write_number(row + 1, 1, len(document.sentences))
    sheet.write_string(row + 2, 0, "read only in part")
    sheet.write_number(row + 2, 1, document.truncated)


def _add_pie(workbook: Workbook, sheet: Worksheet, sentences: int) -> None:
    chart = workbook.add_chart({"type": "pie"})
    last = len(ASPECTS)
    chart.add_series(
        {
            "name": [_SHARES, 0, 1],
            "categories": [_SHARES, 1, 0, last, 0],
            "values": [_SHARES, 1, 1, last, 1],
            "points": [{"fill": {"color": aspect.colour}} for aspect in ASPECTS],
            # Outside the slices, where black on white is legible beside any colour.
            "data_labels": {"percentage": True, "num_format": _PERCENT, "position": "outside_end"},
        }
    )
    chart.set_title({"name": f"Mean probability per aspect (n = {sentences:,})", "name_font": {"size": 13}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 520, "height": 380})
    sheet.insert_chart(0, 3, chart, {"description": "Pie chart of the mean probability of each aspect"})


def _header_format(workbook: Workbook) -> Format:
    return workbook.add_format({"bold": True, "bottom": 1, "valign": "top"})
