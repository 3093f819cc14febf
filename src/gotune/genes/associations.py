"""What files of GO annotations say: which gene product has which term, by which relation and evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gotune.aspects import Aspect


class Relation(StrEnum):
    """How a gene product is related to a term; each relation is for the terms of one aspect.

    The value is what GAF calls it. The list is that of GAF 2.2 and GPAD 2.0,
    https://github.com/geneontology/go-annotation/blob/master/specs/gpad-gpi-2-0.md
    """

    ENABLES = "enables"
    CONTRIBUTES_TO = "contributes_to"
    INVOLVED_IN = "involved_in"
    ACTS_UPSTREAM_OF = "acts_upstream_of"
    ACTS_UPSTREAM_OF_POSITIVE_EFFECT = "acts_upstream_of_positive_effect"
    ACTS_UPSTREAM_OF_NEGATIVE_EFFECT = "acts_upstream_of_negative_effect"
    ACTS_UPSTREAM_OF_OR_WITHIN = "acts_upstream_of_or_within"
    ACTS_UPSTREAM_OF_OR_WITHIN_POSITIVE_EFFECT = "acts_upstream_of_or_within_positive_effect"
    ACTS_UPSTREAM_OF_OR_WITHIN_NEGATIVE_EFFECT = "acts_upstream_of_or_within_negative_effect"
    PART_OF = "part_of"
    """Of a protein-containing complex."""
    LOCATED_IN = "located_in"
    IS_ACTIVE_IN = "is_active_in"
    """Where the gene product has its function."""
    COLOCALIZES_WITH = "colocalizes_with"

    @property
    def id(self) -> str:
        """Its id in the Relation Ontology, such as ``RO:0002327``."""
        return _RELATION_IDS[self]

    @property
    def aspect(self) -> Aspect:
        """That of the terms that it leads to."""
        if self in (Relation.ENABLES, Relation.CONTRIBUTES_TO):
            return Aspect.MOLECULAR_FUNCTION
        if self in _OF_COMPONENTS:
            return Aspect.CELLULAR_COMPONENT
        return Aspect.BIOLOGICAL_PROCESS


_OF_COMPONENTS = (Relation.PART_OF, Relation.LOCATED_IN, Relation.IS_ACTIVE_IN, Relation.COLOCALIZES_WITH)
_RELATION_IDS = {
    Relation.ENABLES: "RO:0002327",
    Relation.CONTRIBUTES_TO: "RO:0002326",
    Relation.INVOLVED_IN: "RO:0002331",
    Relation.ACTS_UPSTREAM_OF: "RO:0002263",
    Relation.ACTS_UPSTREAM_OF_POSITIVE_EFFECT: "RO:0004034",
    Relation.ACTS_UPSTREAM_OF_NEGATIVE_EFFECT: "RO:0004035",
    Relation.ACTS_UPSTREAM_OF_OR_WITHIN: "RO:0002264",
    Relation.ACTS_UPSTREAM_OF_OR_WITHIN_POSITIVE_EFFECT: "RO:0004032",
    Relation.ACTS_UPSTREAM_OF_OR_WITHIN_NEGATIVE_EFFECT: "RO:0004033",
    Relation.PART_OF: "BFO:0000050",
    Relation.LOCATED_IN: "RO:0001025",
    Relation.IS_ACTIVE_IN: "RO:0002432",
    Relation.COLOCALIZES_WITH: "RO:0002325",
}

ECO_IDS = {
    "EXP": "ECO:0000269",
    "HDA": "ECO:0007005",
    "HEP": "ECO:0007007",
    "HGI": "ECO:0007003",
    "HMP": "ECO:0007001",
    "HTP": "ECO:0006056",
    "IBA": "ECO:0000318",
    "IBD": "ECO:0000319",
    "IC": "ECO:0000305",
    "IDA": "ECO:0000314",
    "IEA": "ECO:0000501",
    "IEP": "ECO:0000270",
    "IGC": "ECO:0000317",
    "IGI": "ECO:0000316",
    "IKR": "ECO:0000320",
    "IMP": "ECO:0000315",
    "IPI": "ECO:0000353",
    "IRD": "ECO:0000321",
    "ISA": "ECO:0000247",
    "ISM": "ECO:0000255",
    "ISO": "ECO:0000266",
    "ISS": "ECO:0000250",
    "NAS": "ECO:0000303",
    "ND": "ECO:0000307",
    "RCA": "ECO:0000245",
    "TAS": "ECO:0000304",
}
"""GO's evidence codes, each with the id of the Evidence and Conclusion Ontology for it by default.

https://purl.obolibrary.org/obo/eco/gaf-eco-mapping.txt, the lines with ``Default``.
"""

CODES = {eco_id: code for code, eco_id in ECO_IDS.items()}
"""The codes by these ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """An annotation of a gene product: that it has a term, or that it has not.

    A file tells what its format has columns for; the rest is empty. ``|`` in a file joins what holds each by
    itself, a comma what holds together: so the inner ones of nested tuples belong together.

    Attributes:
        database: That the gene product is named in, such as ``UniProtKB``.
        id: The gene product there, such as ``P12345``.
        symbol: Such as ``Acadm``.
        name: Its full name.
        synonyms: Its other symbols and names, in file order.
        type: What it is, such as ``protein``.
        taxon: NCBI's number of the organism that it is of; None where the file does not say it.
        interacting_taxa: Those of other organisms that take part.
        form: Id of the variant that is meant, such as ``UniProtKB:P12345-2``.
        relation: To the term; None where a file of before GAF 2.2 leaves it open.
        negated: Whether the gene product was found not to have the term.
        go_id: The term, as the file has it: it may be obsolete in the release in use.
        aspect: The term's; in GPAD that of the relation.
        references: Ids of the one source that says so.
        evidence: GO's code, such as ``IDA``, or else an ECO id; one that a code stands for by default
            (`ECO_IDS`) becomes that code. ``ND`` says that nothing is known, with a root as term.
        with_from: What the evidence rests on beside.
        date: When it was made, in ISO 8601, such as ``2026-01-02``; GPAD may have the time behind.
        assigned_by: The database that made it.
        extensions: What it is restricted to, such as ``part_of(CL:0000576)``; in GPAD with ids of relations.
        properties: Names and values, of GPAD.
    """

    database: str
    id: str
    symbol: str = ""
    name: str = ""
    synonyms: tuple[str, ...] = ()
    type: str = ""
    taxon: int | None = None
    interacting_taxa: tuple[int, ...] = ()
    form: str = ""
    relation: Relation | None
    negated: bool = False
    go_id: str
    aspect: Aspect
    references: tuple[str, ...]
    evidence: str
    with_from: tuple[tuple[str, ...], ...] = ()
    date: str
    assigned_by: str
    extensions: tuple[tuple[str, ...], ...] = ()
    properties: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.evidence in CODES:
            object.__setattr__(self, "evidence", CODES[self.evidence])

    @property
    def gene(self) -> str:
        """Database and id of the gene product, such as ``UniProtKB:P12345``."""
        return f"{self.database}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneProduct:
    """A gene, a protein or another gene product, as a GPI tells of it.

    Attributes:
        database: That it is named in, such as ``UniProtKB``.
        id: Its id there, such as ``P12345``.
        symbol: Such as ``Acadm``.
        name: Its full name; may be empty.
        synonyms: Its other symbols and names, in file order.
        types: Ids of what it is, such as ``PR:000000001``, a protein.
        taxon: NCBI's number of the organism that it is of.
        encoded_by: Ids of its genes, if it is a protein or transcript.
        canonical: Ids of the gene-centric reference that it is a form of.
        members: Ids of the parts of a complex.
        xrefs: Its ids in other databases.
        properties: Names and values.
    """

    database: str
    id: str
    symbol: str
    name: str = ""
    synonyms: tuple[str, ...] = ()
    types: tuple[str, ...]
    taxon: int
    encoded_by: tuple[str, ...] = ()
    canonical: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()

    @property
    def gene(self) -> str:
        """Database and id, such as ``UniProtKB:P12345``."""
        return f"{self.database}:{self.id}"
