"""What search and annotation find."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from math import prod
from typing import Any

from gotune.aspects import Aspect
from gotune.corpus.reading import as_read
from gotune.linking.context import Context
from gotune.linking.labels import Kind
from gotune.named import NamedTerm, NamedTerms
from gotune.records import Sentence, Span


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
        spans: Code points of the document's text, each start and the end behind it; several where something
            stands between the words of the name: "cell [growth and] division", or the foot of a page.
        surface: What stands there, with a blank where spans meet.
        go_id: The term.
        name: Its name.
        aspect: Its aspect.
        score: Probability that these words mean the term, from annotated papers.
        contexts: What the sentence says of it, see `gotune.linking.context`; empty if it just says it.
        parts: What stands there as it is read: a text, or two where something that is no part of the name
            stands between its words.
    """

    sentence: int
    spans: tuple[Span, ...]
    surface: str
    go_id: str
    name: str
    aspect: Aspect
    score: float
    contexts: tuple[Context, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def start(self) -> int:
        """The first code point."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """The one behind the last."""
        return self.spans[-1][1]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON."""
        return {
            "sentence": self.sentence,
            "start": self.start,
            "end": self.end,
            "spans": [list(span) for span in self.spans],
            "surface": self.surface,
            "go_id": self.go_id,
            "name": self.name,
            "aspect": self.aspect.value,
            "score": self.score,
            "contexts": [context.value for context in self.contexts],
        }


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """A term that a document names.

    Attributes:
        go_id: The term.
        name: Its name.
        aspect: Its aspect.
        score: Probability that it is named at all: that not all of its places mean something else. The same
            words at several places are one witness, as sure as the surest of these.
        places: The annotations, in order.
    """

    go_id: str
    name: str
    aspect: Aspect
    score: float
    places: tuple[Annotation, ...]

    @property
    def is_said(self) -> bool:
        """Whether a place just says it: not negated, supposed, or part of a method."""
        return not self.first.contexts

    @property
    def first(self) -> Annotation:
        """The first place that just says it, or the first of all if none does."""
        return next((place for place in self.places if not place.contexts), self.places[0])

    @property
    def named(self) -> NamedTerm:
        """The same without its places."""
        said = () if self.is_said else (context for place in self.places for context in place.contexts)
        contexts = tuple(dict.fromkeys(context.value for context in said))
        return NamedTerm(self.go_id, self.name, self.aspect, self.score, len(self.places), contexts)


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A document with the places that name terms.

    Attributes:
        name: Of the document.
        text: Its text, to which the offsets belong.
        sentences: What it was cut into; an annotation knows its own by the number, from 1.
        release: Of GO.
        annotations: In order of their sentences, and of their starts in these. They overlap only where names
            share words.
        article: What the document is a part of, if a table says so; "" if it stands by itself.
    """

    name: str
    text: str
    sentences: tuple[Sentence, ...]
    release: str
    annotations: tuple[Annotation, ...]
    article: str = ""

    @property
    def terms(self) -> tuple[FoundTerm, ...]:
        """The terms that are named, the surest first, and of these the one with most places.

        Last come those of which every place is negated, supposed or part of a method.
        """
        return _found(self.annotations)

    @property
    def named(self) -> NamedTerms:
        """The terms that the document and each of its sentences name, without their places."""
        places: list[list[Annotation]] = [[] for _ in self.sentences]
        for one in self.annotations:
            places[one.sentence - 1].append(one)
        whole, *of_sentences = (
            tuple(term.named for term in _found(group)) for group in (self.annotations, *places)
        )
        return NamedTerms(self.release, whole, tuple(of_sentences))

    def of_aspect(self, aspect: Aspect) -> AnnotatedDocument:
        """Return the same with the terms of one aspect alone."""
        return replace(self, annotations=tuple(one for one in self.annotations if one.aspect is aspect))


def _found(annotations: Iterable[Annotation]) -> tuple[FoundTerm, ...]:
    places: dict[str, list[Annotation]] = defaultdict(list)
    for one in annotations:
        places[one.go_id].append(one)
    found = [
        FoundTerm(go_id, of_term[0].name, of_term[0].aspect, _any_right(of_term), tuple(of_term))
        for go_id, of_term in places.items()
    ]
    return tuple(
        sorted(found, key=lambda term: (not term.is_said, -term.score, -len(term.places), term.go_id))
    )


def _any_right(places: list[Annotation]) -> float:
    best: dict[str, float] = {}
    for place in places:
        words = as_read(place.surface).casefold()
        best[words] = max(best.get(words, 0.0), place.score)
    return 1 - prod(1 - score for score in best.values())
