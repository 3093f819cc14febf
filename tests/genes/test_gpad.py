from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.aspects import Aspect
from gotune.errors import GeneError
from gotune.genes.associations import Association, GeneProduct, Relation
from gotune.genes.gaf import read_gaf, write_gaf
from gotune.genes.gpad import read_gpad, read_gpi, write_gpad, write_gpi
from gotune.genes.rows import Rows
from gotune.ontology.terms import CountedLines
from tests.examples import some
from tests.genes.drawn import HINGE, OPENS, in_gpad, in_gpi

Read = Callable[..., Rows[Association] | Rows[GeneProduct]]
HEAD = "!gpad-version: 2.0\n!generated-by: GOTUNE\n!date-generated: 2026-01-02\n"
GPI_HEAD = HEAD.replace("gpad", "gpi")
CELLS = [
    "MadeUpKB:H01", "", "RO:0002327", "GO:9000001", "PMID:1", "ECO:0000314", "", "", "2026-01-02", "MadeUp",
    "", "",
]  # fmt: skip
GPI_CELLS = [
    "MadeUpKB:H01", "Hng1", "Hinge 1, opening", "Hng|hinge-1", "PR:000000001", "NCBITaxon:10090", "", "", "",
    "", "",
]  # fmt: skip
BARE = Association(
    **{
        name: getattr(OPENS, name)
        for name in (
            "database",
            "id",
            "relation",
            "go_id",
            "aspect",
            "references",
            "evidence",
            "date",
            "assigned_by",
        )
    }
)


def row(cells: list[str], **changed: str) -> str:
    """Return a row in which columns, named by their place from 1, hold something else."""
    cells = list(cells)
    for place, value in changed.items():
        cells[int(place.removeprefix("column_")) - 1] = value
    return "\t".join(cells) + "\n"


def test_gpad(tmp_path: Path) -> None:
    path = tmp_path / "hinges.gpad"
    changed = row(
        CELLS,
        column_1="MGI:MGI:1",
        column_2="NOT",
        column_3="BFO:0000050",
        column_5="PMID:1|MGI:MGI:2",
        column_6="ECO:0000256",
        column_7="X:1,X:2|Y:1",
        column_8="NCBITaxon:1|NCBITaxon:2",
        column_9="2026-01-02T10:30:00.5+01:00",
        column_11="BFO:0000066(GO:1),RO:1(X:2)|RO:1(X:3)",
        column_12="contributor-id=orcid:0-1|comment=a = b",
    )
    path.write_text(HEAD + row(CELLS) + changed)
    assert list(read_gpad(path)) == [
        BARE,
        replace(
            BARE,
            database="MGI",
            id="MGI:1",
            negated=True,
            relation=Relation.PART_OF,
            aspect=Aspect.CELLULAR_COMPONENT,
            references=("PMID:1", "MGI:MGI:2"),
            evidence="ECO:0000256",
            with_from=(("X:1", "X:2"), ("Y:1",)),
            interacting_taxa=(1, 2),
            date="2026-01-02T10:30:00.5+01:00",
            extensions=(("BFO:0000066(GO:1)", "RO:1(X:2)"), ("RO:1(X:3)",)),
            properties=(("contributor-id", "orcid:0-1"), ("comment", "a = b")),
        ),
    ]


def test_gpi(tmp_path: Path) -> None:
    path = tmp_path / "hinges.gpi"
    changed = row(
        GPI_CELLS,
        column_3="",
        column_4="",
        column_7="X:1|X:2",
        column_8="MadeUpKB:H01",
        column_9="Y:1",
        column_10="Z:1|Z:2",
        column_11="db-subset=Swiss-Prot",
    )
    path.write_text(GPI_HEAD + row(GPI_CELLS) + changed)
    assert list(read_gpi(path)) == [
        HINGE,
        replace(
            HINGE,
            name="",
            synonyms=(),
            encoded_by=("X:1", "X:2"),
            canonical=("MadeUpKB:H01",),
            members=("Y:1",),
            xrefs=("Z:1", "Z:2"),
            properties=(("db-subset", "Swiss-Prot"),),
        ),
    ]
    assert HINGE.gene == "MadeUpKB:H01"


RELATION = "the id of a relation to terms of this aspect, such as RO:0002331, in column 3 (Relation)"


@pytest.mark.parametrize(
    ("read", "text", "expected", "found"),
    [
        (read_gpad, HEAD + "A\tB\n", "12 columns with tabs between", "2"),
        (read_gpad, HEAD + row(CELLS, column_3="enables"), RELATION, "'enables'"),
        (read_gpad, HEAD + row(CELLS, column_3="RO:0002233"), RELATION, "'RO:0002233'"),
        (read_gpad, HEAD + row(CELLS, column_2="not"), "NOT or nothing, in column 2 (Negation)", "'not'"),
        (
            read_gpad,
            HEAD + row(CELLS, column_6="IDA"),
            "an id, such as ECO:0000314, in column 6 (Evidence_Type)",
            "'IDA'",
        ),
        (
            read_gpad,
            HEAD + row(CELLS, column_9="2026-01-02T25:00:00"),
            "a day, such as 2026-01-02, or a time of it, such as 2026-01-02T10:30:00, in column 9"
            " (Annotation_Date)",
            "'2026-01-02T25:00:00'",
        ),
        (
            read_gpi,
            GPI_HEAD + row(GPI_CELLS, column_2="Hng 1"),
            "a word in ASCII without blanks and |, in column 2 (DB_Object_Symbol)",
            "'Hng 1'",
        ),
        (
            read_gpi,
            GPI_HEAD + row(GPI_CELLS, column_3="β"),
            "text in ASCII without | or nothing, in column 3 (DB_Object_Name)",
            "'β'",
        ),
        (
            read_gpi,
            GPI_HEAD + row(GPI_CELLS, column_6="taxon:1"),
            "an organism, such as NCBITaxon:9606, in column 6 (DB_Object_Taxon)",
            "'taxon:1'",
        ),
        (
            read_gpi,
            GPI_HEAD + row(GPI_CELLS, column_11="db_subset=TrEMBL"),
            "name=value with one of the names db-subset, uniprot-proteome, go-annotation-complete,"
            " go-annotation-summary, or several with | between or nothing, in column 11"
            " (Gene_Product_Properties)",
            "'db_subset=TrEMBL'",
        ),
    ],
)
def test_a_bad_row_is_told_or_left_out(
    read: Read, text: str, expected: str, found: str, tmp_path: Path
) -> None:
    path = tmp_path / "hinges"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GeneError) as caught:
        list(read(path))
    assert (caught.value.where, caught.value.expected, caught.value.found) == (
        f"{path}, line 4", expected, found,
    )  # fmt: skip
    lenient = read(path, lenient=True)
    assert (list(lenient), lenient.skipped) == ([], {expected: CountedLines(1, (4,))})


def test_other_versions_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "hinges.gpad"
    path.write_text("!gpa-version: 1.1\n" + row(CELLS))
    with pytest.raises(
        GeneError, match=r"line 2: expected '!gpad-version: 2\.0' before the first row, found none"
    ):
        list(read_gpad(path))
    path.write_text("!gpi-version: 1.2\n" + row(GPI_CELLS))
    with pytest.raises(GeneError, match=r"line 1: expected gpi-version: 2\.0, found '1\.2'"):
        list(read_gpi(path))


@some(30)
@given(st.lists(in_gpad, max_size=8))
def test_associations_that_are_written_are_read(
    tmp_path_factory: pytest.TempPathFactory, associations: list[Association]
) -> None:
    path = tmp_path_factory.mktemp("written") / "a.gpad.gz"
    assert write_gpad(path, associations) == len(associations)
    assert list(read_gpad(path)) == associations


@some(30)
@given(st.lists(in_gpi, max_size=8))
def test_gene_products_that_are_written_are_read(
    tmp_path_factory: pytest.TempPathFactory, products: list[GeneProduct]
) -> None:
    path = tmp_path_factory.mktemp("written") / "a.gpi"
    assert write_gpi(path, products) == len(products)
    assert list(read_gpi(path)) == products


@given(st.sampled_from([read_gpad, read_gpi]), st.binary(max_size=200))
def test_any_bytes_are_rows_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, read: Read, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "a"
    path.write_bytes(HEAD.encode() + GPI_HEAD.encode() + data)
    with suppress(GeneError):
        list(read(path))


@given(st.booleans(), st.dictionaries(st.integers(0, 11), st.binary(max_size=8), max_size=4))
def test_any_cells_are_a_row_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, products: bool, changed: dict[int, bytes]
) -> None:
    path = tmp_path_factory.mktemp("any") / "a"
    head, known = (GPI_HEAD, GPI_CELLS) if products else (HEAD, CELLS)
    cells = [changed.get(place, cell.encode()) for place, cell in enumerate(known)]
    path.write_bytes(head.encode() + b"\t".join(cells))
    with suppress(GeneError):
        list(read_gpi(path) if products else read_gpad(path))


def test_what_is_written(tmp_path: Path) -> None:
    day = date(2026, 1, 2)
    write_gpad(tmp_path / "a.gpad", [OPENS], day=day)
    write_gpi(tmp_path / "a.gpi", [HINGE], day=day)
    assert (tmp_path / "a.gpad").read_text() == HEAD + row(CELLS)
    assert (tmp_path / "a.gpi").read_text() == GPI_HEAD + row(GPI_CELLS)


def test_evidence_is_the_same_in_both_formats(tmp_path: Path) -> None:
    write_gaf(tmp_path / "a.gaf", [OPENS])
    write_gpad(tmp_path / "a.gpad", read_gaf(tmp_path / "a.gaf"))
    assert list(read_gpad(tmp_path / "a.gpad")) == [BARE]


@pytest.mark.parametrize(
    ("association", "expected"),
    [
        (replace(OPENS, relation=None), "the id of a relation to terms of this aspect"),
        (replace(OPENS, relation=Relation.PART_OF), "the id of a relation to terms of this aspect"),
        (replace(OPENS, evidence="IDB"), "an id, such as ECO:0000314, in column 6"),
        (replace(OPENS, negated=True, form="UniProtKB:P12345-2"), "no NOT of a variant alone"),
        (replace(OPENS, extensions=(("part_of(CL:1)",),)), "an extension, such as BFO:0000050"),
        (
            replace(OPENS, properties=(("comment", "a|b"),)),
            "name=value with one of the names id, model-state",
        ),
        (replace(OPENS, properties=(("colour", "red"),)), "name=value with one of the names id, model-state"),
    ],
)
def test_what_no_row_can_hold_is_refused(association: Association, expected: str, tmp_path: Path) -> None:
    with pytest.raises(GeneError, match=f"record 1: expected {expected}"):
        write_gpad(tmp_path / "a.gpad", [association])
    assert list(tmp_path.iterdir()) == []
