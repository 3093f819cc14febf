"""The labels of a release: every wording by which a term can be meant, and how near it is to its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from gotune.errors import UnknownTermError
from gotune.ontology.terms import Term

if TYPE_CHECKING:
    from gotune.ontology.ontology import Ontology

NOT_FOR_ANNOTATION = frozenset({"gocheck_do_not_annotate", "gocheck_obsoletion_candidate"})
"""Subsets of terms that GO asks not to annotate with, or means to drop."""


_ID = re.compile(r"GO *(?:[:_] *)?([0-9]{7})[,;.]?", re.IGNORECASE)
LAST_NUMBER = 9_999_999
"""Of an id, which has seven digits."""


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
        kinds.setdefault(synonym.text, Kind[synonym.scope.name])
    for text, kind in kinds.items():
        yield Label(text, term.id, kind)


def id_of(number: int) -> str:
    """Return the id with this number."""
    return f"GO:{number:07d}"


def number_of(go_id: str) -> int:
    """Return the number of an id."""
    return int(go_id.removeprefix("GO:"))


def as_id(text: str) -> str | None:
    """Return the id that a text is: GO:0006915, or as people write it, ``go_0006915`` or ``GO 0006915,``."""
    found = _ID.fullmatch(text.strip())
    return found and f"GO:{found.group(1)}"


def live_term(ontology: Ontology, go_id: str) -> str | None:
    """Return the first live term to use for an id; None if there is none, or a release never had it."""
    return next(iter(live_terms(ontology, go_id)), None)


def live_terms(ontology: Ontology, go_id: str) -> tuple[str, ...]:
    """Return the live terms to use for an id; none if a release never had it."""
    try:
        return ontology.resolve(go_id)
    except UnknownTermError:
        return ()
