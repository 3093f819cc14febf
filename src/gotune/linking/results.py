"""What search and annotation find."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import Any

from gotune.aspects import Aspect
from gotune.linking.labels import Kind


@dataclass(frozen=True, slots=True)
class Match:
    """A term that a query may mean.

    Attributes:
        go_id: The term.
        name: Its name.
        aspect: Its aspect.
        score: Probability that the query means it, as far as synonyms tell that the search had not seen.
        label: Its label that is nearest to the query.
        kind: What that is of the term.
    """

    go_id: str
    name: str
    aspect: Aspect
    score: float
    label: str
    kind: Kind

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON."""
        return {**asdict(self), "aspect": self.aspect.value, "kind": self.kind.value}


@dataclass(frozen=True, slots=True)
class Annotation:
    """A place in a document that names a term.

    Attributes:
        sentence: Number of the sentence, from 1.
        start: Code point of the document's text at which it begins.
        end: The one behind it.
        surface: What stands there.
        go_id: The term.
        name: Its name.
        aspect: Its aspect.
        score: Probability that these words mean the term, from annotated papers.
    """

    sentence: int
    start: int
    end: int
    surface: str
    go_id: str
    name: str
    aspect: Aspect
    score: float

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON."""
        return {**asdict(self), "aspect": self.aspect.value}


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """A term that a document names.

    Attributes:
        go_id: The term.
        name: Its name.
        aspect: Its aspect.
        score: Probability that it is named at all: that not all of its places mean something else. Words that
            come again are one witness.
        places: The annotations, in order.
    """

    go_id: str
    name: str
    aspect: Aspect
    score: float
    places: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A document with the places that name terms.

    Attributes:
        name: Of the document.
        text: Its text, to which the offsets belong.
        release: Of GO.
        annotations: In order of their start.
    """

    name: str
    text: str
    release: str
    annotations: tuple[Annotation, ...]

    @property
    def terms(self) -> tuple[FoundTerm, ...]:
        """The terms that are named, the surest first, and of these the one with most places."""
        places: dict[str, list[Annotation]] = defaultdict(list)
        for one in self.annotations:
            places[one.go_id].append(one)
        found = [
            FoundTerm(first.go_id, first.name, first.aspect, _any_right(of_term), tuple(of_term))
            for of_term in places.values()
            for first in of_term[:1]
        ]
        return tuple(sorted(found, key=lambda term: (-term.score, -len(term.places), term.go_id)))

    def of_aspect(self, aspect: Aspect) -> AnnotatedDocument:
        """Return the same with the terms of one aspect alone."""
        return replace(self, annotations=tuple(one for one in self.annotations if one.aspect is aspect))


def _any_right(places: list[Annotation]) -> float:
    wrong = 1.0
    for score in {place.surface.casefold(): place.score for place in places}.values():
        wrong *= 1 - score
    return 1 - wrong
