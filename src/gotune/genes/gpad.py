"""Gene product annotation data, GPAD 2.0, and gene product information, GPI 2.0, which comes with it.

A GPAD names gene products by their ids alone; a GPI tells symbols, names and organisms.
https://github.com/geneontology/go-annotation/blob/master/specs/gpad-gpi-2-0.md tells of the columns of both,
which are in ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from gotune.aspects import Aspect
from gotune.genes.associations import CODES, ECO_IDS, Association, GeneProduct, Relation
from gotune.genes.columns import (
    ASCII_TEXT,
    ASCII_WORD,
    GENE_ID,
    GO_ID,
    PREFIX,
    STRICT_EXTENSIONS,
    STRICT_ID,
    TIME,
    Column,
    Kind,
    alternatives,
    listed,
    numbers_behind,
    properties_of,
)
from gotune.genes.lines import MisfitError
from gotune.genes.rows import Format, Rows, write_rows

_RELATIONS = {relation.id: relation for relation in Relation}


def _read_relation(cell: str) -> tuple[Relation, Aspect]:
    relation = _RELATIONS[cell]
    return relation, relation.aspect


def _write_relation(relation: Relation | None, aspect: Aspect) -> str:
    return "" if relation is None else relation.id  # which is read as one to its own aspect


def _eco_id(evidence: str) -> str:
    return ECO_IDS.get(evidence, evidence)


_TAXON = numbers_behind("NCBITaxon:")
_IDS = listed(STRICT_ID)
_GPAD_COLUMNS = (
    Column("DB_Object_ID", ("database", "id"), GENE_ID),
    Column(
        "Negation",
        ("negated",),
        Kind(re.compile("NOT"), "NOT", bool, lambda negated: "NOT" * negated),
        required=False,
    ),
    Column(
        "Relation",
        ("relation", "aspect"),
        Kind(
            re.compile("|".join(_RELATIONS)),
            "the id of a relation to terms of this aspect, such as RO:0002331",
            _read_relation,
            _write_relation,
        ),
    ),
    Column("Ontology_Class_ID", ("go_id",), GO_ID),
    Column("Reference", ("references",), _IDS),
    Column(
        "Evidence_Type",
        ("evidence",),
        Kind(
            re.compile("ECO:[0-9]{7}"),
            "an id, such as ECO:0000314",
            lambda cell: CODES.get(cell, cell),
            _eco_id,
        ),
    ),
    Column("With_Or_From", ("with_from",), alternatives(STRICT_ID), required=False),
    Column("Interacting_Taxon_ID", ("interacting_taxa",), listed(_TAXON), required=False),
    Column("Annotation_Date", ("date",), TIME),
    Column("Assigned_By", ("assigned_by",), PREFIX),
    Column("Annotation_Extensions", ("extensions",), STRICT_EXTENSIONS, required=False),
    Column(
        "Annotation_Properties",
        ("properties",),
        properties_of(
            "id",
            "model-state",
            "noctua-model-id",
            "contributor-id",
            "reviewer-id",
            "creation-date",
            "modification-date",
            "reviewed-date",
            "comment",
        ),
        required=False,
    ),
)
_GPI_COLUMNS = (
    Column("DB_Object_ID", ("database", "id"), GENE_ID),
    Column("DB_Object_Symbol", ("symbol",), ASCII_WORD),
    Column("DB_Object_Name", ("name",), ASCII_TEXT, required=False),
    Column("DB_Object_Synonyms", ("synonyms",), listed(ASCII_TEXT), required=False),
    Column("DB_Object_Type", ("types",), _IDS),
    Column("DB_Object_Taxon", ("taxon",), _TAXON),
    Column("Encoded_By", ("encoded_by",), _IDS, required=False),
    Column("Canonical Object ID", ("canonical",), _IDS, required=False),
    Column("Protein_Containing_Complex_Members", ("members",), _IDS, required=False),
    Column("DB_Xrefs", ("xrefs",), _IDS, required=False),
    Column(
        "Gene_Product_Properties",
        ("properties",),
        properties_of("db-subset", "uniprot-proteome", "go-annotation-complete", "go-annotation-summary"),
        required=False,
    ),
)


def _check_variant(association: Association) -> None:
    if association.negated and association.form:
        raise MisfitError(
            "no NOT of a variant alone: without it, the row would deny it of the whole gene", association.form
        )


GPAD = Format("GPAD", Association, {"2.0": _GPAD_COLUMNS}, check=_check_variant)
GPI = Format("GPI", GeneProduct, {"2.0": _GPI_COLUMNS})


def read_gpad(path: Path | str, *, lenient: bool = False) -> Rows[Association]:
    """Return the annotations in a GPAD 2.0.

    Nothing is done before they are iterated over; `Rows` tells what goes wrong then.

    Args:
        path: The file, plain or gzip.
        lenient: Leave out bad rows and count them, instead of raising at the first.
    """
    return Rows(path, GPAD, lenient=lenient)


def write_gpad(path: Path | str, associations: Iterable[Association], *, day: date | None = None) -> int:
    """Write annotations as GPAD 2.0 and return how many there are.

    What a GPI tells of gene products (symbol, name, synonyms, type, organism) is left out, and the variant
    that a GAF may name; one that is NOT so is refused, as it would be denied of the gene.

    Args:
        path: The file; ``.gz`` at the end of its name makes it gzip.
        associations: They have a relation, and extensions with ids of relations.
        day: That the header tells; None is today.

    Raises:
        GeneError: A row cannot hold one of them; the message tells the column.
        SaveError: The file cannot be written. In either case an old one is untouched.
    """
    return write_rows(path, GPAD, associations, day=day)


def read_gpi(path: Path | str, *, lenient: bool = False) -> Rows[GeneProduct]:
    """Return the gene products in a GPI 2.0.

    Nothing is done before they are iterated over; `Rows` tells what goes wrong then.

    Args:
        path: The file, plain or gzip.
        lenient: Leave out bad rows and count them, instead of raising at the first.
    """
    return Rows(path, GPI, lenient=lenient)


def write_gpi(path: Path | str, products: Iterable[GeneProduct], *, day: date | None = None) -> int:
    """Write gene products as GPI 2.0 and return how many there are.

    Args:
        path: The file; ``.gz`` at the end of its name makes it gzip.
        products: What is written.
        day: That the header tells; None is today.

    Raises:
        GeneError: A row cannot hold one of them; the message tells the column.
        SaveError: The file cannot be written. In either case an old one is untouched.
    """
    return write_rows(path, GPI, products, day=day)
