"""Classified documents as tables: one row a sentence."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

from gotune.corpus.delimited import tsv_cell
from gotune.errors import InputError
from gotune.files import atomic_file, check_file
from gotune.lines import encodable, one_line
from gotune.named import TERM_COLUMNS, joined_terms
from gotune.records import ClassifiedDocument
from gotune.render.wording import NONE
from gotune.render.workbook import COLUMNS
from gotune.typed_json import json_text

if TYPE_CHECKING:
    import pandas as pd

Write = Callable[[ClassifiedDocument], None]

DOCUMENT = "document"
"""First column of a table of several documents: the name of each."""

_ROW_GROUP_ROWS = 65_536


def document_frame(document: ClassifiedDocument) -> pd.DataFrame:
    """Return the sentences in order, with their numbers from 1.

    Offsets count characters of the document. Half a surrogate pair, which no file can hold, becomes
    U+FFFD; every other character is kept as it is.

    Returns:
        The columns sentence, start, end, role (sentence, heading, caption, reference, other), text (as it is
        read, see `gotune.corpus.reading`), aspects (names of those that the sentence carries, with
        "," between them, or "none"), the probability of each aspect under its name, and doubt (why the model
        may be out of its depth, empty if nothing tells so); if terms were looked for, also go_ids and terms
        (ids and names of those that it names, the surest first, with "|" between them). What the
        probabilities mean, ``document.model.head`` tells.
    """
    import pandas as pd

    rows = [
        {
            "sentence": number,
            **sentence.to_dict(),
            "text": encodable(sentence.sentence.text),
            "aspects": ",".join(sentence.aspects) or NONE,
            "doubt": ", ".join(sentence.doubts),
        }
        for number, sentence in enumerate(document.sentences, start=1)
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    if document.named:
        joined = map(joined_terms, document.named.of_sentences)
        frame[list(TERM_COLUMNS)] = pd.DataFrame(joined, columns=list(TERM_COLUMNS))
    return frame


def _frame(document: ClassifiedDocument, several: bool) -> pd.DataFrame:
    frame = document_frame(document)
    if several:
        frame.insert(0, DOCUMENT, encodable(document.name))
    return frame


@contextmanager
def _csv(path: Path, several: bool) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="") as file:

        def write(document: ClassifiedDocument) -> None:
            # Unquoted, a carriage return inside a sentence would end the row for some readers.
            _append(_frame(document, several), file, ",", csv.QUOTE_NONNUMERIC)

        yield write


@contextmanager
def _tsv(path: Path, several: bool) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="") as file:

        def write(document: ClassifiedDocument) -> None:
            frame = _frame(document, several)
            for name in {DOCUMENT, "text"} & set(frame):
                frame[name] = [tsv_cell(one_line(text)) for text in frame[name]]
            _append(frame, file, "\t", csv.QUOTE_NONE)

        yield write


def _append(frame: pd.DataFrame, file: TextIO, separator: str, quoting: Literal[2, 3]) -> None:
    header = not file.tell()
    frame.to_csv(file, sep=separator, index=False, header=header, lineterminator="\n", quoting=quoting)


@contextmanager
def _parquet(path: Path, several: bool) -> Iterator[Write]:
    import pandas as pd
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    waiting: list[pd.DataFrame] = []
    n_rows = 0
    with ExitStack() as stack:
        writers: list[ParquetWriter] = []

        def flush() -> None:
            nonlocal n_rows
            table = pa.Table.from_pandas(pd.concat(waiting), preserve_index=False)
            if not writers:
                writers.append(stack.enter_context(ParquetWriter(path, table.schema)))
            writers[0].write_table(table)
            waiting.clear()
            n_rows = 0

        def write(document: ClassifiedDocument) -> None:
            nonlocal n_rows
            waiting.append(_frame(document, several))
            n_rows += len(waiting[-1])
            # Each call of the writer makes a row group, and small ones make a slow file.
            if n_rows >= _ROW_GROUP_ROWS:
                flush()

        yield write
        if waiting:
            flush()


@contextmanager
def _json_lines(path: Path, several: bool) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="\n") as file:

        def write(document: ClassifiedDocument) -> None:
            for number, row in enumerate(document.rows(), start=1):
                row = {"sentence": number, **row}
                if several:
                    row = {DOCUMENT: document.name, **row}
                file.write(json_text(row, ascii_only=False) + "\n")

        yield write


@contextmanager
def _json(path: Path, several: bool) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="\n") as file:

        def write(document: ClassifiedDocument) -> None:
            text = json_text(document.to_dict(), indent=2, ascii_only=False)
            file.write(("" if not several else ",\n" if file.tell() else "[\n") + text)

        yield write
        file.write("\n]\n" if several else "\n")


TABLES: Mapping[str, Callable[[Path, bool], AbstractContextManager[Write]]] = {
    ".csv": _csv,
    ".tsv": _tsv,
    ".parquet": _parquet,
    ".jsonl": _json_lines,
    ".json": _json,
}
"""What opens a table of each suffix: of one document or, with its second argument, of several."""


def write_document(document: ClassifiedDocument, path: Path | str) -> None:
    """Write a document as a table, a workbook, a page or a picture, by the suffix of ``path``.

    ``.csv`` is UTF-8 with every text in quotes, and reads back exactly. ``.tsv`` has a row a line: runs of
    blanks in a text, line breaks among them, are one blank there; the offsets lead to the original. Quotes
    are around a text only if it would be read as another one without them (`gotune.corpus.delimited`). Excel
    takes a CSV cell that begins with ``=`` for a formula and guesses the encoding: give people who use Excel
    the ``.xlsx``, in which text stays text. ``.parquet`` has the same columns, and ``.jsonl`` an object a
    sentence. ``.json`` is the whole result, with the model and the shares, as is the ``.xlsx``. ``.html`` is
    the page of `gotune.render.document_page`; ``.png`` and ``.svg`` are the shares as a picture.

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
