"""A few annotated genes of two made-up organisms, and what reads their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from gotune.aspects import Aspect
from gotune.genes.associations import Association, Relation
from gotune.genes.gaf import write_gaf
from gotune.genes.gene import Gene
from gotune.genes.reference import Reference
from gotune.genes.space import TermSpace
from gotune.ontology.ontology import Ontology

PROCESS, COMPONENT, FUNCTION = (
    Aspect.BIOLOGICAL_PROCESS,
    Aspect.CELLULAR_COMPONENT,
    Aspect.MOLECULAR_FUNCTION,
)
OF = {"1": PROCESS, "2": COMPONENT, "3": FUNCTION, "5": FUNCTION}
GENES = (
    # id, symbol, name, taxon, annotations by evidence
    ("Lid1", "Lid1", "lid opener 1", 7, {"IDA": ("12", "21")}),
    ("Lid2", "Lid2", "lid opener 2", 7, {"IMP": ("12",), "IEA": ("32",)}),
    ("LID3", "Lid3", "lid opener 3", 8, {"IDA": ("13",), "ISS": ("21",)}),
    ("Box1", "Box1", "yellow box", 7, {"IDA": ("32",), "TAS": ("11",)}),
    ("BOX1", "Box1", "yellow box protein", 8, {"IBA": ("32",)}),
)


def go_id(end: str) -> str:
    return f"GO:{int(end):07}"


def association(
    gene: str, end: str, evidence: str = "IDA", *, negated: bool = False, taxon: int = 7
) -> Association:
    """Return an annotation with the term whose id ends so."""
    symbol, name = next(((one[1], one[2]) for one in GENES if one[0] == gene), (gene, ""))
    return Association(
        database="Made",
        id=gene,
        symbol=symbol,
        name=name,
        type="gene",
        taxon=taxon,
        relation=None,
        negated=negated,
        go_id=go_id(end),
        aspect=OF[end[0]],
        references=("PMID:1",),
        evidence=evidence,
        date="2030-01-02",
        assigned_by="Made",
    )


def associations() -> Iterator[Association]:
    for gene, _, _, taxon, told in GENES:
        for evidence, ends in told.items():
            for end in ends:
                yield association(gene, end, evidence, taxon=taxon)


def reference_of(ontology: Ontology, space: TermSpace, *, texts: tuple[Gene, ...] = ()) -> Reference:
    return Reference.of(associations(), ontology, space, texts=texts)


def write_reference(path: Path) -> Path:
    relations = {
        PROCESS: Relation.INVOLVED_IN,
        COMPONENT: Relation.LOCATED_IN,
        FUNCTION: Relation.ENABLES,
    }
    write_gaf(path, (replace(one, relation=relations[one.aspect]) for one in associations()))
    return path
