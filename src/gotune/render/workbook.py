"""Excel workbook of a classified document: its sentences, and the shares of the aspects with a native pie."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gotune.aspects import ASPECTS, Head
from gotune.errors import InputError
from gotune.estimates import Estimate
from gotune.named import NamedTerm
from gotune.records import ClassifiedDocument, ClassifiedSentence
from gotune.render.cells import (
    CREATED,
    ILLEGAL,
    MOST_ROWS,
    MOST_UNITS,
    TEXT_OPTIONS,
    cell_text,
    header_format,
    is_long,
    lines_of,
    row_height,
)
from gotune.render.wording import (
    EQUAL_PARTS,
    NONE,
    NONE_COLOUR,
    NOTHING_CARRIED,
    count_sentences,
    describe_doubts,
    describe_named,
    describe_probabilities,
    describe_unfit,
    join_names,
    name_term,
)

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from gotune.records import DocumentShares

COLUMNS = (
    "sentence", "start", "end", "role", "text", "aspects", *(aspect.value for aspect in ASPECTS), "doubt",
)  # fmt: skip
"""Header of every table of sentences."""

_TERMS = "terms"
"""Header of the column behind them, where terms were looked for."""
_TERMS_WIDTH, _TERM_CHARACTERS = 50, 44
"""Of that column, and of its lines, as these end between words."""

_LISTED = 10
"""Sentences that are named of those that do not fit."""

_WIDTHS = (10, 9, 9, 11, 90, 24, 20, 20, 20, 19)
_LINE_CHARACTERS = 80
"""Of the 90 that the column of texts is wide, as lines end between words."""
_TEXT_COLUMN = COLUMNS.index("text")
_OF_TEXT = frozenset(("role", "text", "aspects", "doubt", _TERMS))
_PERCENT = "0.0%"
_SHARES = "shares"
_NONE_ROW = len(ASPECTS) + 3
"""On the sheet of shares, apart from the aspects: its share is one of all sentences."""
_FACT_CHARACTERS = 66
"""Of the 74 that three columns of that sheet are wide."""
_PIE_COLUMN = 5


def render_workbook(document: ClassifiedDocument) -> bytes:
    """Return a document as .xlsx: the sheets ``sentences`` and ``shares``.

    Characters that a workbook cannot hold become U+FFFD; a text too long for a cell is cut and says so. Which
    sentences that concerns stands on the second sheet, as `describe_losses` tells it.

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
            do="Write .csv, .tsv, .jsonl, .json or .parquet.",
        )
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True, **TEXT_OPTIONS}) as workbook:
        workbook.set_properties(CREATED)
        _add_sentences(workbook, document)
        _add_shares(workbook, document)
    return buffer.getvalue()


def describe_losses(document: ClassifiedDocument) -> str:
    """Return which texts a workbook does not hold whole; "" if it holds all as they are."""
    texts = [(number, found.sentence.text) for number, found in enumerate(document.sentences, start=1)]
    long = [number for number, text in texts if is_long(text.replace("\r\n", "\n"))]
    illegal = [number for number, text in texts if ILLEGAL.search(text)]
    cut = f"Longer than the {MOST_UNITS:,} characters of a cell, and cut: {_listed(long)}."
    replaced = f"With characters that a workbook cannot hold, replaced by U+FFFD: {_listed(illegal)}."
    return " ".join([cut] * bool(long) + [replaced] * bool(illegal))


def _listed(numbers: Sequence[int]) -> str:
    """Return numbers of sentences: ``2 sentences (3, 17)``."""
    more = f" and {len(numbers) - _LISTED:,} more" if len(numbers) > _LISTED else ""
    return f"{count_sentences(len(numbers))} ({', '.join(map(str, numbers[:_LISTED]))}{more})"


def _add_sentences(workbook: Workbook, document: ClassifiedDocument) -> None:
    sheet = workbook.add_worksheet("sentences")
    named = document.named.of_sentences if document.named else None
    columns = dict(zip(COLUMNS, _WIDTHS, strict=True)) | ({_TERMS: _TERMS_WIDTH} if named else {})
    _write_header(workbook, sheet, columns)
    plain, grey = _RowFormats(workbook, {}), _RowFormats(workbook, {"font_color": NONE_COLOUR})
    for row, classified in enumerate(document.sentences, start=1):
        formats = plain if classified.aspects else grey
        terms = _list_terms(named[row - 1]) if named else ""
        lines = _write_sentence(sheet, row, classified, formats)
        if terms:
            sheet.write_string(row, len(COLUMNS), terms, formats.text)
        sheet.set_row(row, row_height(max(lines, lines_of(terms, _TERM_CHARACTERS))))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(document.sentences), len(columns) - 1)
    # Printed on as many pages as it takes, but never wider than one.
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


class _RowFormats:
    """Formats of the cells of one sentence."""

    def __init__(self, workbook: Workbook, font: dict[str, str]) -> None:
        top = {"valign": "top", **font}
        self.number = workbook.add_format(top)
        self.text = workbook.add_format({**top, "text_wrap": True, "align": "left", "indent": 1})
        self.percent = workbook.add_format({**top, "num_format": _PERCENT, "align": "right"})


def _list_terms(terms: Sequence[NamedTerm]) -> str:
    """Return terms below each other, the surest first."""
    return cell_text("\n".join(f"{term.go_id} {name_term(term)}" for term in terms))


def _write_sentence(sheet: Worksheet, row: int, classified: ClassifiedSentence, formats: _RowFormats) -> int:
    """Write a row, and return the lines that it takes."""
    sentence = classified.sentence
    for column, number in enumerate((row, sentence.start, sentence.end)):
        sheet.write_number(row, column, number, formats.number)
    sheet.write_string(row, _TEXT_COLUMN - 1, sentence.role.value, formats.text)
    text = cell_text(sentence.text)
    sheet.write_string(row, _TEXT_COLUMN, text, formats.text)
    sheet.write_string(row, _TEXT_COLUMN + 1, join_names(classified.aspects), formats.text)
    for column, probability in enumerate(classified.probabilities, start=_TEXT_COLUMN + 2):
        sheet.write_number(row, column, probability, formats.percent)
    sheet.write(row, len(COLUMNS) - 1, ", ".join(classified.doubts) or None, formats.text)
    # The names of several aspects stand below each other.
    return max(lines_of(text, _LINE_CHARACTERS), len(classified.aspects))


def _write_header(workbook: Workbook, sheet: Worksheet, columns: Mapping[str, int]) -> None:
    # Over numbers to the right, over texts to the left, as what stands below.
    left, right = header_format(workbook), header_format(workbook)
    left.set_align("left")
    left.set_indent(1)
    right.set_align("right")
    for column, (name, width) in enumerate(columns.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, left if name in _OF_TEXT else right)


def _add_shares(workbook: Workbook, document: ClassifiedDocument) -> None:
    sheet = workbook.add_worksheet(_SHARES)
    sheet.set_column(0, 1, 26)
    sheet.set_column(2, 3, 24)
    shares = document.shares
    plain, grey = _RowFormats(workbook, {}), _RowFormats(workbook, {"font_color": NONE_COLOUR})
    _write_shares_header(workbook, sheet, 0, "share of those with any")
    for row, aspect in enumerate(ASPECTS, start=1):
        estimate = shares.aspects[aspect.label] if shares.aspects else None
        _write_share(sheet, row, aspect.value, estimate, plain)
    if document.model.head is Head.MULTI:
        _write_shares_header(workbook, sheet, _NONE_ROW - 1, "share of all")
        _write_share(sheet, _NONE_ROW, NONE, shares.none, grey)
    _add_facts(sheet, document, shares, plain)
    if shares.aspects:
        _add_pie(workbook, sheet, shares)
    else:
        sheet.write_string(0, _PIE_COLUMN, NOTHING_CARRIED)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)


def _write_shares_header(workbook: Workbook, sheet: Worksheet, row: int, share: str) -> None:
    left, right = header_format(workbook), header_format(workbook)
    right.set_align("right")
    sheet.write_string(row, 0, "sentences that carry", left)
    for column, name in enumerate((share, "95 % interval from", "to"), start=1):
        sheet.write_string(row, column, name, right)


def _write_share(
    sheet: Worksheet, row: int, name: str, estimate: Estimate | None, formats: _RowFormats
) -> None:
    sheet.write_string(row, 0, name, formats.number)
    if estimate is None:
        sheet.write_string(row, 1, "-", formats.percent)
        return
    sheet.write_number(row, 1, estimate.value, formats.percent)
    for column, figure in enumerate((estimate.interval.low, estimate.interval.high), start=2):
        sheet.write_number(row, column, figure, formats.percent)


def _add_facts(
    sheet: Worksheet, document: ClassifiedDocument, shares: DocumentShares, formats: _RowFormats
) -> None:
    texts = {
        "document": cell_text(document.name),
        "model": cell_text(str(document.model)),
        "probabilities": describe_probabilities(document.model),
    }
    if document.model.head is Head.MULTI:
        texts["shares"] = EQUAL_PARTS
    if unfit := describe_unfit(document.model, shares.n_sentences):
        texts["unfit"] = unfit
    if document.doubts:
        texts["doubtful"] = describe_doubts(document.doubts)
    if losses := describe_losses(document):
        texts["cut"] = losses
    if document.named:
        texts[_TERMS] = describe_named(document.named)
    numbers = {
        "sentences": shares.n_sentences,
        "sentences with an aspect": shares.n_carrying,
        "other pieces, not counted": document.n_uncounted,
        "read only in part": document.truncated,
    }
    for row, (name, text) in enumerate(texts.items(), start=_NONE_ROW + 2):
        sheet.write_string(row, 0, name, formats.number)
        sheet.merge_range(row, 1, row, 3, "", formats.text)
        sheet.write_string(row, 1, text, formats.text)
        sheet.set_row(row, row_height(lines_of(text, _FACT_CHARACTERS)))
    for row, (name, number) in enumerate(numbers.items(), start=_NONE_ROW + 2 + len(texts)):
        sheet.write_string(row, 0, name, formats.number)
        sheet.write_number(row, 1, number, formats.number)


def _add_pie(workbook: Workbook, sheet: Worksheet, shares: DocumentShares) -> None:
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
    title = f"Aspects of the sentences that carry any (n = {shares.n_carrying:,})"
    chart.set_title({"name": title, "name_font": {"size": 13}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 520, "height": 380})
    description = "Pie chart of the share of each aspect among the sentences that carry any"
    sheet.insert_chart(0, _PIE_COLUMN, chart, {"description": description})
