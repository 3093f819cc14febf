"""The labels of a release: every wording by which a term can be meant, and how near it is to its name."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from gotune.ontology.terms import Scope, Term

if TYPE_CHECKING:
    from gotune.ontology.ontology import Ontology

NOT_FOR_ANNOTATION = frozenset({"gocheck_do_not_annotate", "gocheck_obsoletion_candidate"})
"""Subsets of terms that GO asks not to annotate with, or means to drop."""


class Kind(StrEnum):
    """What a label is of its term: its name, or a synonym of some scope."""

    NAME = "name"
    EXACT = "exact"
    NARROW = "narrow"
    BROAD = "broad"
    RELATED = "related"


KINDS = tuple(Kind)
"""In the order of their numbers."""


class Label(NamedTuple):
    """One wording of a term."""

    text: str
    go_id: str
    kind: Kind


def terms_to_suggest(ontology: Ontology) -> list[Term]:
    """Return the live terms but for the roots and those of `NOT_FOR_ANNOTATION`, in file order."""
    roots = set(ontology.roots)
    return [
        term
        for term in ontology.terms()
        if term.id not in roots and not NOT_FOR_ANNOTATION.intersection(term.subsets)
    ]


def labels_of(term: Term) -> Iterator[Label]:
    """Yield the labels of a term, its name first, each wording once."""
    kinds = {term.name: Kind.NAME}
    for synonym in term.synonyms:
        kinds.setdefault(synonym.text, _KIND_OF[synonym.scope])
    for text, kind in kinds.items():
        yield Label(text, term.id, kind)


_KIND_OF = {
    Scope.EXACT: Kind.EXACT,
    Scope.NARROW: Kind.NARROW,
    Scope.BROAD: Kind.BROAD,
    Scope.RELATED: Kind.RELATED,
}
