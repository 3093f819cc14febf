"""A workbook in which a curator ticks which suggestions are right; `gotune.linking.ticked` reads it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from gotune.corpus.reading import Reading, as_read
from gotune.lines import one_line
from gotune.linking.results import AnnotatedDocument, Annotation
from gotune.records import Role
from gotune.render.tick_sheets import TO_FILL, Cell, Marked, open_tick_sheets

SHEET = "suggestions"
"""Name of the sheet to tick."""

COLUMNS = {
    "document": 20, "section": 26, "sentence": 72, "surface": 22, "go_id": 13, "name": 28, "aspect": 19,
    "score": 7, "context": 12, **TO_FILL,
    "article": 0, "number": 0, "start": 0, "end": 0, "places": 0, "release": 0,
}  # fmt: skip
"""Columns of the sheet to tick with their widths; those of none are hidden, and lead back to the text."""

_TERMS = "terms"
_TERM_COLUMNS = {"document": 30, "go_id": 13, "name": 50, "aspect": 19, "places": 8, "score": 8}


def wording(one: Annotation) -> str:
    """Return the words of a place as they are read, on one line; "…" is what stands between parts of a name.

    "Cell growth and division" names cell division less surely than these two words do: it is another wording.
    """
    return one_line(" … ".join(one.parts or (as_read(one.surface),)))


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
    with open_tick_sheets(
        path,
        {SHEET: COLUMNS, _TERMS: _TERM_COLUMNS},
        "Do the bold words mean the term?",
        "right, wrong (they mean no term), other term (name it beside), or unsure",
    ) as write:

        def write_document(document: AnnotatedDocument) -> None:
            for cells in _place_rows(document):
                write(SHEET, cells)
            for cells in _term_rows(document):
                write(_TERMS, cells)

        yield write_document


def _place_rows(document: AnnotatedDocument) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each annotation, in the order of `COLUMNS`."""
    sections = _sections(document)
    for number, group in groupby(document.annotations, key=attrgetter("sentence")):
        of_sentence = list(group)
        reading = Reading(document.text, document.sentences[number - 1].spans)
        n_of_aspect = Counter(one.aspect for one in of_sentence)
        for one in of_sentence:
            place = reading.find(one.start, one.end)
            yield (
                document.name,
                sections[number - 1],
                Marked(reading.text, *place) if place else reading.text,
                wording(one),
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
                n_of_aspect[one.aspect],
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


def _term_rows(document: AnnotatedDocument) -> Iterator[tuple[Cell, ...]]:
    for term in document.terms:
        yield document.name, term.go_id, term.name, term.aspect.value, len(term.places), term.score
