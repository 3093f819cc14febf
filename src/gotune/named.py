"""Terms of GO that a text names, as one room hands them to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gotune.aspects import Aspect

TERM_COLUMNS = ("go_ids", "terms")
"""Behind the other columns of a table where terms were looked for: their ids, and their names."""

_SEPARATOR = "|"
"""Stands in no id and in no name of a term."""


@dataclass(frozen=True, slots=True)
class NamedTerm:
    """A term that a text names.

    Attributes:
        go_id: The term.
        name: Its name.
        aspect: Its aspect.
        score: Probability that it is named at all, from annotated papers.
        places: How many places name it.
        contexts: What these say of it, such as ``negated``; empty if one of them just says it.
    """

    go_id: str
    name: str
    aspect: Aspect
    score: float
    places: int = 1
    contexts: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON."""
        return {**asdict(self), "aspect": self.aspect.value, "contexts": list(self.contexts)}


@dataclass(frozen=True, slots=True)
class NamedTerms:
    """The terms that a text names, the surest first.

    Attributes:
        release: Of GO.
        terms: Those of the whole text.
        of_sentences: Those of each of its sentences, in order.
    """

    release: str
    terms: tuple[NamedTerm, ...]
    of_sentences: tuple[tuple[NamedTerm, ...], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the release and the terms of the whole text as plain values, ready for JSON."""
        return {"release": self.release, "terms": [term.to_dict() for term in self.terms]}


def listed_terms(terms: Sequence[NamedTerm]) -> dict[str, list[str]]:
    """Return the ids and the names of terms, by `TERM_COLUMNS`."""
    lists = ([term.go_id for term in terms], [term.name for term in terms])
    return dict(zip(TERM_COLUMNS, lists, strict=True))


def joined_terms(terms: Sequence[NamedTerm]) -> dict[str, str]:
    """Return the ids and the names of terms, each as one text with ``|`` between them, by `TERM_COLUMNS`."""
    return {name: _SEPARATOR.join(values) for name, values in listed_terms(terms).items()}
