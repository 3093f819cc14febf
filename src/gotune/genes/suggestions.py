"""Terms suggested for genes, each with what a curator needs to judge it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from gotune.aspects import Aspect
from gotune.errors import GeneError
from gotune.genes.associations import Association, Relation
from gotune.genes.gaf import GAF
from gotune.genes.gene import Gene, canonical_id
from gotune.genes.lines import MisfitError
from gotune.genes.reference import Basis
from gotune.lines import one_line, printable

_GAF_ROW = GAF.writer()
ASSIGNED_BY = "GOTUNE"
"""Who made an annotation, if nobody else is named."""
REFERENCE = "GOTUNE:genes"
"""What an annotation refers to where no paper says it."""
_COMPLEX = "GO:0032991"
_RELATIONS = {
    Aspect.BIOLOGICAL_PROCESS: Relation.INVOLVED_IN,
    Aspect.CELLULAR_COMPONENT: Relation.LOCATED_IN,
    Aspect.MOLECULAR_FUNCTION: Relation.ENABLES,
}
_PMID = re.compile("PMID:[0-9]+")


@dataclass(frozen=True, slots=True)
class LikeGene:
    """A gene to which experiments gave the suggested term, or one below it.

    Attributes:
        id: Of the gene, such as ``UniProtKB:P12345``.
        symbol: Such as ``Acadm``.
        name: Its full name.
        taxon: NCBI's number of its organism; None where that is unknown.
        why: In what it is like the gene in question.
    """

    id: str
    symbol: str
    name: str
    taxon: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place that says the suggested term, or one below it.

    Attributes:
        source: "name" of the gene, "text", or what the source of a text is called, such as ``PMID:2676709``.
        words: That name it, as they stand there; "" where a sentence means it in other words.
        go_id: The term.
        sentence: In which it is said.
        score: How sure that is.
    """

    source: str
    words: str
    go_id: str
    sentence: str = ""
    score: float = 1.0

    @property
    def in_words(self) -> str:
        """Where the term is said, by which words, and in which sentence if that says more."""
        if not self.words:
            return f"near what is said in {self.source}: {self.sentence!r}"
        said = f"named in {self.source}: {self.words!r}"
        return said if self.sentence in ("", self.words) else f"{said} in {self.sentence!r}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A term that a gene may have.

    Attributes:
        go_id: The term.
        name: Its name.
        aspect: Its aspect.
        relation: Of the gene to it.
        score: Probability that an experiment would tell it, from genes of which experiments told later.
        like: Genes that have it, the most telling first.
        places: Where the name and texts of the gene name it, or else the sentence that comes nearest to it.
        own: On what annotations of the gene itself with it, or a term below, rest.
        above: Ids and names of terms on a shortest way from the root to it, the root first.
    """

    go_id: str
    name: str
    aspect: Aspect
    relation: Relation
    score: float
    like: tuple[LikeGene, ...] = ()
    places: tuple[Place, ...] = ()
    own: tuple[Basis, ...] = ()
    above: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON."""
        return {
            **asdict(self),
            "aspect": self.aspect.value,
            "score": round(self.score, 3),
            "like": [asdict(one) for one in self.like],
            "places": [{**asdict(one), "score": round(one.score, 3)} for one in self.places],
            "own": [basis.value for basis in self.own],
            "above": [go_id for go_id, _ in self.above],
        }

    @property
    def evidence(self) -> str:
        """All that speaks for it, in words."""
        parts = [place.in_words for place in self.places]
        parts += [f"like {one.symbol or one.id} ({one.id}, {one.why})" for one in self.like]
        parts += [f"own annotations: {', '.join(self.own)}"] if self.own else []
        return "; ".join(parts) or "inferred of like genes, or frequent in its species"


@dataclass(frozen=True, slots=True)
class AnnotatedGene:
    """A gene with the terms that are suggested for it.

    Attributes:
        gene: That.
        suggestions: The most probable first.
        doubts: Why there is nothing, or little, to go by; empty if there is no doubt.
    """

    gene: Gene
    suggestions: tuple[Suggestion, ...]
    doubts: tuple[str, ...] = ()

    @property
    def why_nothing(self) -> str:
        """Why nothing is suggested, where that is so."""
        return "; ".join(self.doubts) or "nothing is probable enough"

    def evidence_of(self, term: Suggestion) -> str:
        """Return all that speaks for a suggestion, in words, behind the doubts about it."""
        doubts = [f"doubtful: {'; '.join(self.doubts)}"] if self.doubts else []
        return "; ".join([*doubts, term.evidence])

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON."""
        return {
            "id": self.gene.id,
            "symbol": self.gene.symbol,
            "name": self.gene.name,
            "suggestions": [one.to_dict() for one in self.suggestions],
            "doubts": list(self.doubts),
        }

    def associations(self, day: date, *, assigned_by: str = ASSIGNED_BY) -> list[Association]:
        """Return the suggestions as annotations: electronic ones, never as if of an experiment.

        The first text with a PMID that names a term is its reference, and the like genes stand in with/from.
        The id of the gene has its database before it, as in ``UniProtKB:P12345``.

        Args:
            day: That they are made on.
            assigned_by: Who makes them.
        """
        return [
            association_of(
                self.gene,
                one.go_id,
                one.aspect,
                one.relation,
                evidence="IEA",
                day=day,
                assigned_by=assigned_by,
                reference=_reference_of(one),
                with_from=[like.id for like in one.like],
            )
            for one in self.suggestions
        ]


def check_gene(gene: Gene) -> None:
    """Refuse a gene that no annotation can be of.

    Raises:
        GeneError: Its database or its organism is unknown, or a GAF cannot hold what is told of it.
    """
    if ":" not in gene.id:
        raise GeneError(
            gene.id,
            expected="an id with its database before it, as every row of a GAF has one",
            found="none",
            do="Give it such as NCBIGene:7157, or write a .tsv.",
        )
    if gene.taxon is None:
        raise GeneError(
            gene.id,
            expected="an organism, as every row of a GAF has one",
            found="none",
            do="Give the genes a column taxon, or write a .tsv.",
        )
    root, aspect, relation = "GO:0003674", Aspect.MOLECULAR_FUNCTION, Relation.ENABLES
    trial = association_of(
        gene, root, aspect, relation, evidence="IEA", day=date.min, assigned_by=ASSIGNED_BY
    )
    try:
        _GAF_ROW(trial)
    except MisfitError as misfit:
        raise GeneError(
            printable(gene.id),
            expected=f"what a GAF can hold: {misfit.expected}",
            found=misfit.found,
            do="Change its id, symbol, name or synonyms, or write a .tsv.",
        ) from None


def association_of(  # noqa: PLR0913 (what an annotation has)
    gene: Gene,
    go_id: str,
    aspect: Aspect,
    relation: Relation,
    *,
    evidence: str,
    day: date,
    assigned_by: str,
    reference: str = REFERENCE,
    with_from: Sequence[str] = (),
) -> Association:
    """Return an annotation that gotune makes.

    Args:
        gene: With its database before its id.
        go_id: The term.
        aspect: Of the term.
        relation: To it.
        evidence: GO's code.
        day: That it is made on.
        assigned_by: Who makes it: a database, or a group that has such a name.
        reference: What says so.
        with_from: Ids of like genes.
    """
    canonical = canonical_id(gene.id)
    database, _, number = canonical.partition(":")
    if database == "MGI" and number.isdecimal():  # of which the prefix is a part: MGI:MGI:101757
        number = f"MGI:{number}"
    return Association(
        database=database,
        id=number,
        symbol=one_line(gene.symbol) or number,
        name=one_line(gene.name),
        synonyms=tuple(map(one_line, gene.synonyms)),
        type="protein" if database == "UniProtKB" else "gene_product",
        taxon=gene.taxon,
        relation=relation,
        go_id=go_id,
        aspect=aspect,
        references=(reference,),
        evidence=evidence,
        with_from=tuple((one,) for one in with_from),
        form=gene.id if gene.id != canonical else "",
        date=day.isoformat(),
        assigned_by=assigned_by,
    )


def relation_to(lineage: Collection[str], aspect: Aspect) -> Relation:
    """Return how a gene is related to a term: a part of a complex, located in other components.

    Args:
        lineage: Ids of the term and of all above it.
        aspect: Of the term.
    """
    return Relation.PART_OF if _COMPLEX in lineage else _RELATIONS[aspect]


def _reference_of(suggestion: Suggestion) -> str:
    """Return the paper that names a term, or else `REFERENCE`."""
    named = (place.source for place in suggestion.places if place.words)
    papers = filter(_PMID.fullmatch, named)
    return next(papers, REFERENCE)
