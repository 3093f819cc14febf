"""Made-up ontologies of any size, large enough to hold out openings and lineages."""

from __future__ import annotations

import random

from gotune.aspects import ASPECTS
from gotune.ontology.ontology import Ontology, to_table
from gotune.ontology.terms import CountedLines, Term

N_TERMS = 2000

_LABELS = (0, 0, 0, 0, 0, 0, 0, 0, 1, 2)
_WORDS = ("any", "the", "a", "door", "wall", "window", "roof", "garden", "which", "opens", "moves", "of")


def grown_ontology(n_terms: int = N_TERMS, *, release: str = "2001-01-01") -> Ontology:
    """Return an ontology of which a smaller one is the beginning: eight of ten terms are processes.

    The terms of an aspect are a tree, here and there with a part in another aspect.
    """
    return ontology_of([_term(number) for number in range(n_terms)], release=release)


def ontology_of(terms: list[Term], *, release: str = "2001-01-01") -> Ontology:
    return Ontology(
        to_table(terms),
        release=release,
        sha256="0" * 64,
        source="made up",
        skipped=CountedLines(),
        repaired=CountedLines(),
    )


def go_id(number: int) -> str:
    return f"GO:{number:07}"


def _term(number: int) -> Term:
    generator = random.Random(number)  # noqa: S311 (no secret is made here)
    label = _LABELS[number % 10]
    above = [other for other in range(max(0, number - 300), number) if _LABELS[other % 10] == label]
    parent = generator.choice(above) // 10 * 10 + number % 10 if above else None
    opening = [generator.choice(_WORDS) for _ in range(3)]
    rest = [generator.choice(_WORDS) for _ in range(generator.randrange(12))]
    return Term(
        id=go_id(number),
        name=f"term {number}",
        namespace=ASPECTS[label],
        definition=" ".join((*opening, *rest, str(number))),
        is_a=(go_id(parent),) if parent is not None and parent < number else (),
        relationships=((("part_of", go_id(generator.randrange(number))),) if number % 50 == 49 else ()),
    )
