"""Workbooks as curators give them back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from gotune.linking.results import AnnotatedDocument
from gotune.linking.tick_sheet import COLUMNS
from gotune.linking.writing import open_terms

NAMES = list(COLUMNS)


def tick(
    path: Path, decide: Callable[[dict[str, Any]], dict[str, Any]], sheet_name: str = "suggestions"
) -> Path:
    """Fill in cells of each row, by what stands in it, and save the workbook as another program would."""
    book = openpyxl.load_workbook(path)
    header, *rows = book[sheet_name].iter_rows()
    names = [cell.value for cell in header]
    for row in rows:
        cells = dict(zip(names, row, strict=True))
        for name, value in decide({name: cell.value for name, cell in cells.items()}).items():
            cells[name].value = value
    book.save(path)
    return path


def ticked(
    path: Path, documents: list[AnnotatedDocument], decide: Callable[[dict[str, Any]], dict[str, Any]]
) -> Path:
    """Write the suggestions of documents, and fill them in."""
    with open_terms(path) as write:
        for document in documents:
            write(document)
    return tick(path, decide)
