"""Gene association files, GAF: which gene products have which terms, and by what evidence.

https://geneontology.org/docs/go-annotation-file-gaf-format-2.2/ tells of the columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from gotune.aspects import ASPECTS, Aspect
from gotune.genes.associations import ECO_IDS, Association, Relation
from gotune.genes.columns import (
    DAY,
    EXTENSIONS,
    GO_ID,
    ID,
    NAME,
    PREFIX,
    REFERENCE,
    TEXT,
    WORD,
    Column,
    Kind,
    alternatives,
    listed,
    numbers_behind,
    one_of,
)
from gotune.genes.lines import MisfitError
from gotune.genes.rows import Format, Rows, write_rows

_NEGATION = "NOT"
_BEFORE_2_2 = (Relation.CONTRIBUTES_TO, Relation.COLOCALIZES_WITH)


def _read_qualifier(cell: str) -> tuple[bool, Relation | None]:
    words = [word for word in cell.split("|") if word and word != _NEGATION]
    return _NEGATION in cell, Relation(words[0]) if words else None


def _write_qualifier(negated: bool, relation: Relation | None) -> str:
    words = [_NEGATION] if negated else []
    return "|".join(words if relation is None else [*words, relation])


def _read_taxa(cell: str) -> tuple[int, tuple[int, ...]]:
    taxon, *others = _TAXA.read(cell)
    return taxon, tuple(others)


_TAXON = numbers_behind("taxon:")
_TAXA = listed(_TAXON)
_QUALIFIER = Kind(
    re.compile(f"(?:{_NEGATION}\\|)?(?:{'|'.join(Relation)})"),
    "a relation, such as involved_in, or NOT|involved_in",
    _read_qualifier,
    _write_qualifier,
)
_OLD = f"(?:{'|'.join(_BEFORE_2_2)})"
_OLD_QUALIFIER = Kind(
    re.compile(rf"{_NEGATION}(?:\|{_OLD})?|{_OLD}(?:\|{_NEGATION})?"),
    f"{_NEGATION}, {' or '.join(_BEFORE_2_2)}",
    _read_qualifier,
    _write_qualifier,
)
_LETTERS: dict[str, Aspect] = dict(zip("PCF", ASPECTS, strict=True))
_COLUMNS = (
    Column("DB", ("database",), PREFIX),
    Column("DB Object ID", ("id",), Kind(WORD.pattern, "an id, such as P12345")),
    Column("DB Object Symbol", ("symbol",), Kind(TEXT.pattern, "a symbol without |")),
    Column("Qualifier", ("negated", "relation"), _QUALIFIER),
    Column("GO ID", ("go_id",), GO_ID),
    Column("DB:Reference", ("references",), listed(REFERENCE)),
    Column(
        "Evidence Code", ("evidence",), one_of({code: code for code in ECO_IDS}, "a code of GO, such as IDA")
    ),
    Column("With (or) From", ("with_from",), alternatives(ID), required=False),
    Column("Aspect", ("aspect",), one_of(_LETTERS, "P, C or F")),
    Column("DB Object Name", ("name",), NAME, required=False),
    Column("DB Object Synonym", ("synonyms",), listed(TEXT), required=False),
    Column("DB Object Type", ("type",), Kind(WORD.pattern, "a type, such as protein")),
    Column(
        "Taxon",
        ("taxon", "interacting_taxa"),
        Kind(
            re.compile(rf"{_TAXON.pattern.pattern}(?:\|{_TAXON.pattern.pattern})?"),
            "taxon:9606, or two such joined by |",
            _read_taxa,
            lambda taxon, others: _TAXA.write((taxon, *others)),
        ),
    ),
    Column("Date", ("date",), DAY),
    Column("Assigned By", ("assigned_by",), PREFIX),
    Column("Annotation Extension", ("extensions",), EXTENSIONS, required=False),
    Column("Gene Product Form ID", ("form",), ID, required=False),
)
_OLD_COLUMNS = tuple(
    Column(column.name, column.fields, _OLD_QUALIFIER, required=False)
    if column.kind is _QUALIFIER
    else column
    for column in _COLUMNS
)


def _check_relation(association: Association) -> None:
    relation, aspect = association.relation, association.aspect
    if relation is not None and relation.aspect is not aspect:
        fitting = ", ".join(one for one in Relation if one.aspect is aspect)
        raise MisfitError(
            f"a relation that leads to a term of {aspect.words} ({fitting}), in column 4 (Qualifier)",
            repr(relation.value),
        )


GAF = Format(
    "GAF",
    Association,
    {"2.0": _OLD_COLUMNS, "2.1": _OLD_COLUMNS, "2.2": _COLUMNS},
    n_optional=2,  # FlyBase leaves the last one out, and programs that cut blanks off a line both
    check=_check_relation,
)


def read_gaf(path: Path | str, *, lenient: bool = False) -> Rows[Association]:
    """Return the annotations in a GAF of version 2.0, 2.1 or 2.2.

    Nothing is done before they are iterated over; `Rows` tells what goes wrong then. A row may lack the last
    two columns.

    Args:
        path: The file, plain or gzip.
        lenient: Leave out bad rows and count them, instead of raising at the first.
    """
    return Rows(path, GAF, lenient=lenient)


def write_gaf(
    path: Path | str, associations: Iterable[Association], *, day: date | None = None, release: str = ""
) -> int:
    """Write annotations as GAF 2.2, which has no properties, and return how many there are.

    Args:
        path: The file; ``.gz`` at the end of its name makes it gzip.
        associations: They have a relation, a code for their evidence, and a day without a time.
        day: That the header tells; None is today.
        release: Of the terms, that the header tells if given.

    Raises:
        GeneError: A row cannot hold one of them, as a name has a tab; the message tells the column.
        SaveError: The file cannot be written. In either case an old one is untouched.
    """
    return write_rows(path, GAF, associations, day=day, release=release)
