"""Classified documents as files; the suffix decides what is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from gotune.errors import InputError
from gotune.files import atomic_file, check_file
from gotune.records import ClassifiedDocument
from gotune.render.document_table import TABLES, Write


def write_document(document: ClassifiedDocument, path: Path | str) -> None:
    """Write a document as a table, a workbook, a page or a picture, by the suffix of ``path``.

    ``.csv`` is UTF-8 with every text in quotes, and reads back exactly. ``.tsv`` is without quotes, a row a
    line: runs of blanks in a text, line breaks among them, are one blank there; the offsets lead to the
    original. Excel takes a CSV cell that begins with ``=`` for a formula and guesses the encoding: give
    people who use Excel the ``.xlsx``, in which text stays text. ``.parquet`` has the same columns, and
    ``.jsonl`` an object a sentence. ``.json`` is the whole result, with the model and the shares, as is the
    ``.xlsx``. ``.html`` is the page of `gotune.render.document_page`; ``.png`` and ``.svg`` are the shares as
    a picture.

    Raises:
        InputError: Another suffix, or more sentences than an Excel sheet has rows.
        SaveError: The file cannot be written; an old one is untouched.
    """
    with open_documents(Path(path)) as write:
        write(document)


@contextmanager
def open_documents(path: Path, *, several: bool = False) -> Iterator[Write]:
    """Open a file for one document, or for several one after the other.

    A table of several documents has the name of each in a first column ``document``, and ``.json`` is a list.

    Yields:
        What writes a document.

    Raises:
        InputError: Another suffix, or one whose kind holds one document only.
        SaveError: The file cannot be written; an old one is untouched.
    """
    check_document_file(path, several=several)
    suffix = path.suffix.lower()
    with atomic_file(path) as temporary:
        if suffix in TABLES:
            with TABLES[suffix](temporary, several) as write:
                yield write
        else:
            yield lambda document: _SINGLE[suffix](document, temporary)


def check_document_file(path: Path, *, several: bool = False) -> None:
    """Refuse a name that `open_documents` cannot write, before any work is done.

    Raises:
        InputError: Another suffix, or one whose kind holds one document only.
        SaveError: It cannot be written there.
    """
    check_file(path, (*_SINGLE, *TABLES), do="Rename it, for example to sentences.csv.")
    if several and path.suffix.lower() in _SINGLE:
        raise InputError(
            str(path),
            expected=f"a file that holds several documents ({', '.join(TABLES)})",
            found=f"{path.suffix}, which holds one",
            do="Name one document, or write another kind.",
        )


def _write_workbook(document: ClassifiedDocument, path: Path) -> None:
    from gotune.render.workbook import render_workbook

    path.write_bytes(render_workbook(document))


def _write_page(document: ClassifiedDocument, path: Path) -> None:
    from gotune.render.document_page import render_document_report

    path.write_text(render_document_report(document), encoding="utf-8")


def _write_picture(document: ClassifiedDocument, path: Path) -> None:
    from gotune.render.figures import draw_figure
    from gotune.render.plots import plot_shares

    draw_figure(plot_shares(document), path, path.suffix.lower())


_SINGLE: Mapping[str, Callable[[ClassifiedDocument, Path], None]] = {
    ".xlsx": _write_workbook,
    ".html": _write_page,
    ".png": _write_picture,
    ".svg": _write_picture,
}
