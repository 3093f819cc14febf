"""A few terms whose names show every kind of evidence; definitions and numbers are made up."""

from __future__ import annotations

from gotune.aspects import Aspect
from gotune.ontology.ontology import Ontology
from gotune.ontology.terms import Scope, Synonym, Term
from tests.datasets.ontologies import ontology_of

BP, CC, MF = Aspect
ROOTS = tuple(f"GO:900000{number}" for number in range(3))


def term(number: int, name: str, aspect: Aspect, definition: str | None = None, **synonyms: str) -> Term:
    """Make a term; synonyms are given by scope, such as ``exact="apoptosis"``, several joined by ``|``."""
    return Term(
        id=f"GO:{number:07}",
        name=name,
        namespace=aspect,
        definition=definition,
        is_a=(ROOTS[aspect.label],),
        synonyms=tuple(
            Synonym(text, Scope(scope.upper()))
            for scope, texts in synonyms.items()
            for text in texts.split("|")
        ),
    )


def ontology_with(*terms: Term) -> Ontology:
    """Return an ontology of these terms and the three roots."""
    roots = [Term(id_, aspect.value, aspect) for id_, aspect in zip(ROOTS, Aspect, strict=True)]
    return ontology_of([*roots, *terms])


def named_ontology() -> Ontology:
    return ontology_with(
        term(1, "gene expression", BP, "Gene expression turns a gene into its product."),
        term(2, "regulation of gene expression", BP, "What governs gene expression."),
        term(3, "axon guidance", BP, "The way of an axon."),
        term(4, "axon", CC, "A long outgrowth."),
        term(5, "apoptotic process", BP, narrow="apoptosis", broad="cell suicide"),
        term(6, "sugar kinase activity", MF, related="SUK"),
        term(7, "growth factor receptor activity", MF, exact="GFR activity"),
        term(8, "CAF-1 complex", CC),
        term(9, "enzyme complex", CC),
        term(10, "heart process", BP),
        term(11, "perception of smell", BP, exact="olfaction"),
        term(12, "cell hair", CC),
        term(13, "neuron development", BP),
        term(14, "kidney development", BP),
        term(15, "dehydrogenase (quick) activity", MF),
        term(16, "dual", BP),
        term(17, "dual", CC),
        term(18, "TGF-beta binding", MF),
    )
