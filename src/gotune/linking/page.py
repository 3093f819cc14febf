"""Documents as one HTML page: their texts with the places that name terms marked, and the terms of each."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from gotune.corpus.roles import find_blocks
from gotune.linking.results import AnnotatedDocument, Annotation
from gotune.ontology.terms import term_page
from gotune.records import Role
from gotune.render.pages import page_of_parts, render_part
from gotune.render.wording import counted


@contextmanager
def write_page(path: Path) -> Iterator[Callable[[AnnotatedDocument], None]]:
    """Write a page of documents, of which one at a time is held; their parts wait in a file beside it.

    Yields:
        What adds a document.
    """
    totals = _Totals()
    with page_of_parts(path, "terms", title="Terms named in {}", totals=totals) as add:

        def write(document: AnnotatedDocument) -> None:
            totals.add(document)
            add(_part_of(document, len(totals.documents)))

        yield write


@dataclass(frozen=True, slots=True)
class _Entry:
    """A document in the list of all."""

    name: str
    n_places: int
    n_terms: int


@dataclass(slots=True)
class _Totals:
    """What the head of the page tells of all documents."""

    release: str = ""
    documents: list[_Entry] = field(default_factory=list)
    terms: set[str] = field(default_factory=set)
    of_aspects: Counter[str] = field(default_factory=Counter)
    n_in_context: int = 0
    least: float = 1.0

    def add(self, document: AnnotatedDocument) -> None:
        places = document.annotations
        terms = {one.go_id for one in places}
        self.release = document.release
        self.documents.append(_Entry(document.name, len(places), len(terms)))
        self.terms |= terms
        self.of_aspects.update(one.aspect.short for one in places)
        self.n_in_context += sum(bool(one.contexts) for one in places)
        self.least = min([self.least, *(math.floor(one.score * 100) / 100 for one in places)])

    @property
    def n_places(self) -> int:
        return self.of_aspects.total()

    @property
    def title(self) -> str:
        is_one = len(self.documents) == 1
        return self.documents[0].name if is_one else counted(len(self.documents), "document")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch of a place.

    Attributes:
        number: Of the place in its document, from 1.
        rank: Of its term there, from 1.
        place: What is named.
        end: Where the stretch ends.
    """

    number: int
    rank: int
    place: Annotation
    end: int


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Text that the same marks cover.

    Attributes:
        start: Where it begins.
        text: As it was.
        marks: From the outermost to the innermost; mostly none or one.
        is_title: Whether it is the name of a section that begins a paragraph.
    """

    start: int
    text: str
    marks: tuple[_Mark, ...]
    is_title: bool


@dataclass(frozen=True, slots=True)
class _Paragraph:
    role: Role
    stretches: list[_Stretch]


def _part_of(document: AnnotatedDocument, number: int) -> str:
    terms = document.terms
    ranks = {term.go_id: rank for rank, term in enumerate(terms, start=1)}
    firsts = {one.go_id: place for place, one in reversed([*enumerate(document.annotations, start=1)])}
    return render_part(
        "annotated_document.html.j2",
        id=f"d{number}",
        document=document,
        paragraphs=_paragraphs(document, ranks),
        terms=[(term, firsts[term.go_id], term_page(term.go_id)) for term in terms],
        counted=counted,
    )


def _paragraphs(document: AnnotatedDocument, ranks: Mapping[str, int]) -> list[_Paragraph]:
    """Return the whole text in its order; what stands amid a paragraph, such as a page's foot, parts it."""
    text = document.text
    roles = {start: block.role for block in find_blocks(text) for start, _ in block.spans}
    titles = {
        one.start: one.end
        for one in document.sentences
        if one.role is Role.HEADING and roles.get(one.start) not in (None, Role.HEADING)
    }
    # Blanks before the first go with it, as those behind each do.
    roles[0] = roles.pop(min(roles, default=0), Role.OTHER)
    opened = _marks_by_start(document, ranks)
    ends = {mark.end for marks in opened.values() for mark in marks}
    cuts = sorted({*roles, *opened, *ends, *titles, *titles.values(), len(text)})
    found: list[_Paragraph] = []
    marks: list[_Mark] = []
    title_end = 0
    for start, end in pairwise(cuts):
        marks = [*(mark for mark in marks if mark.end > start), *opened.get(start, ())]
        title_end = titles.get(start, title_end)
        if start in roles:
            found.append(_Paragraph(roles[start], []))
        found[-1].stretches.append(_Stretch(start, text[start:end], tuple(marks), start < title_end))
    return found


def _marks_by_start(document: AnnotatedDocument, ranks: Mapping[str, int]) -> Mapping[int, list[_Mark]]:
    """Return the stretches of all places by where they begin, the longest first."""
    found: dict[int, list[_Mark]] = defaultdict(list)
    for number, place in enumerate(document.annotations, start=1):
        for start, end in place.spans:
            found[start].append(_Mark(number, ranks[place.go_id], place, end))
    for marks in found.values():
        marks.sort(key=lambda mark: -mark.end)
    return found
