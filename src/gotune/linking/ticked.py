"""Reading back what curators ticked in workbooks of `gotune.linking.tick_sheet`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gotune.errors import TableError
from gotune.lines import one_line
from gotune.linking.tick_cells import (
    Row,
    check_release,
    filled,
    other_term,
    term_in,
    text_in,
    ticked_rows,
    verdict_in,
    whole,
)
from gotune.linking.tick_sheet import SHEET
from gotune.render.tick_sheets import Verdict

if TYPE_CHECKING:
    from gotune.linking.index import TermIndex

_NEEDED = (
    "document", "sentence", "surface", "go_id", "decision", "other term", "article", "number", "start", "end",
    "release",
)  # fmt: skip


_PLACES = "places"


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
        n_places: How many places of the sentence had suggestions of the same aspect.
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
    n_places: int = 1


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
    rows = ticked_rows(
        Path(path),
        SHEET,
        _NEEDED,
        lambda row: _ticked(row, index),
        command="gotune annotate -o terms.xlsx",
        optional=(_PLACES,),
    )
    texts: dict[tuple[str, str, int], str] = {}
    for row in rows:
        place = (row.article, row.document, row.number)
        if texts.setdefault(place, row.text) != row.text:
            raise TableError(
                str(path),
                expected="the same text in all rows of a sentence",
                found=f"others in those of sentence {row.number} of {row.document}",
                do="If columns were sorted apart from the hidden ones, undo that: select all of them before.",
            )
    return rows


def _ticked(row: Row, index: TermIndex) -> Ticked:
    """Return what a row says.

    Raises:
        BadCellError: A cell is not what its column holds.
    """
    document = filled(row, "document")
    check_release(row, index)
    go_id = term_in(row, "go_id", index)
    verdict = verdict_in(row)
    return Ticked(
        article=text_in(row, "article").strip() or document,
        document=document,
        number=whole(row, "number"),
        text=one_line(filled(row, "sentence")),
        start=whole(row, "start"),
        end=whole(row, "end"),
        surface=filled(row, "surface"),
        go_id=go_id,
        verdict=verdict,
        other=other_term(row, verdict, go_id, index),
        n_places=whole(row, _PLACES) if _PLACES in row else 1,  # workbooks of old have no such column
    )
