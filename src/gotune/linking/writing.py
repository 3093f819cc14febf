"""Writing the places of documents that name terms: TSV, JSON lines, BioC JSON, a page, a workbook to tick."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any

from gotune.corpus.delimited import tsv_line
from gotune.files import atomic_file, check_file
from gotune.lines import encodable
from gotune.linking.page import write_page
from gotune.linking.results import AnnotatedDocument, Annotation
from gotune.linking.tick_sheet import open_tick_sheet
from gotune.typed_json import json_text

COLUMNS = (
    *("document", "sentence", "start", "end", "surface", "go_id", "name", "aspect", "score", "context"),
    "article",
)
Write = Callable[[AnnotatedDocument], None]


@contextmanager
def open_terms(path: Path) -> Iterator[Write]:
    """Open a file for the annotations of documents, one after the other.

    ``.tsv`` has a row an annotation, with the columns `COLUMNS`; runs of blanks are one, and the offsets lead
    to the original. ``.jsonl`` has the same, with the ``spans`` of names that something divides, ``contexts``
    as a list, and the ``release``. ``.bioc.json`` has the documents with their texts, as BioC (Comeau et al.
    2013, doi:10.1093/database/bat064). ``.html`` shows the texts with the places marked; ``.xlsx`` is a
    workbook for a curator, see `open_tick_sheet`. Offsets count code points.

    Yields:
        What writes a document.

    Raises:
        InputError: Another suffix.
        SaveError: The file cannot be written; an old one is untouched.
    """
    check_file(path, WRITERS, do="Rename it, for example to terms.tsv.")
    suffix = next(suffix for suffix in WRITERS if path.name.lower().endswith(suffix))
    with atomic_file(path) as temporary, WRITERS[suffix](temporary) as write:
        yield write


def _text(path: Path) -> IO[str]:
    return path.open("w", encoding="utf-8", newline="\n")


@contextmanager
def _tsv(path: Path) -> Iterator[Write]:
    def write(document: AnnotatedDocument) -> None:
        for row in _rows(document):
            row["context"] = ", ".join(row["contexts"])
            file.write(tsv_line(str(row[column]) for column in COLUMNS))

    with _text(path) as file:
        file.write(tsv_line(COLUMNS))
        yield write


@contextmanager
def _json_lines(path: Path) -> Iterator[Write]:
    def write(document: AnnotatedDocument) -> None:
        for row in _rows(document):
            file.write(json_text(row, ascii_only=False) + "\n")

    with _text(path) as file:
        yield write


def _rows(document: AnnotatedDocument) -> Iterator[dict[str, Any]]:
    for one in document.annotations:
        yield {
            "document": document.name,
            **one.to_dict(),
            "score": round(one.score, 3),
            "article": document.article,
            "release": document.release,
        }


@contextmanager
def _bioc(path: Path) -> Iterator[Write]:
    n_written = 0

    def write(document: AnnotatedDocument) -> None:
        nonlocal n_written
        file.write(",\n" if n_written else "")
        file.write(json_text(_bioc_document(document), ascii_only=False))
        n_written += 1

    head = {"source": "gotune", "date": date.today().isoformat(), "key": "gotune.key", "infons": {}}
    with _text(path) as file:
        file.write(json_text(head, ascii_only=False).removesuffix("}") + ', "documents": [\n')
        yield write
        file.write("\n]}\n")


def _bioc_document(document: AnnotatedDocument) -> dict[str, Any]:
    passage = {
        "infons": {"release": document.release},
        "offset": 0,
        "text": encodable(document.text),
        "sentences": [],
        "annotations": [
            _bioc_annotation(number, one) for number, one in enumerate(document.annotations, start=1)
        ],
        "relations": [],
    }
    return {
        "id": encodable(document.name),
        "infons": {"article": encodable(document.article)} if document.article else {},
        "passages": [passage],
        "annotations": [],
        "relations": [],
    }


def _bioc_annotation(number: int, one: Annotation) -> dict[str, Any]:
    return {
        "id": f"T{number}",
        "infons": {
            "type": one.aspect.value,
            "identifier": one.go_id,
            "name": one.name,
            "score": f"{one.score:.3f}",
            "context": ", ".join(one.contexts),
        },
        "text": encodable(one.surface),
        "locations": [{"offset": start, "length": end - start} for start, end in one.spans],
    }


WRITERS: Mapping[str, Callable[[Path], AbstractContextManager[Write]]] = {
    ".tsv": _tsv,
    ".jsonl": _json_lines,
    ".bioc.json": _bioc,
    ".html": write_page,
    ".xlsx": open_tick_sheet,
}
"""What writes documents into the file of a path, by its suffix."""
