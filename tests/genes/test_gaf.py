from __future__ import annotations

import gzip
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
from gotune.genes.associations import Association, Relation
from gotune.genes.gaf import GAF, read_gaf, write_gaf
from gotune.ontology.terms import CountedLines
from tests.examples import some
from tests.genes.drawn import OPENS, in_gaf

HEAD = "!gaf-version: 2.2\n!\n!date: 2026-01-02\n"
OLD_HEAD = HEAD.replace("2.2", "2.1")
CELLS = [
    "MadeUpKB", "H01", "Hng1", "enables", "GO:9000001", "PMID:1", "IDA", "", "F", "Hinge 1, opening",
    "Hng|hinge-1", "protein", "taxon:10090", "20260102", "MadeUp", "", "",
]  # fmt: skip


def row(**changed: str) -> str:
    """Return a row in which columns, named by their place from 1, hold something else."""
    cells = list(CELLS)
    for place, value in changed.items():
        cells[int(place.removeprefix("column_")) - 1] = value
    return "\t".join(cells) + "\n"


def read(content: bytes, folder: Path) -> list[Association]:
    path = folder / "hinges.gaf"
    path.write_bytes(content)
    return list(read_gaf(path))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(("version", "qualifier"), [("2.0", ""), ("2.1", ""), ("2.2", "enables")])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_of_every_version(
    pack: Callable[[bytes], bytes], version: str, qualifier: str, end: str, tmp_path: Path
) -> None:
    rows = row(column_4=qualifier) + "!another\n" + row(column_4="NOT|contributes_to")
    gaf = f"!gaf-version: {version}\n! a remark\n{rows}".replace("\n", end)
    found = read(pack(gaf.encode()), tmp_path)
    assert found == [
        replace(OPENS, relation=Relation(qualifier) if qualifier else None),
        replace(OPENS, negated=True, relation=Relation.CONTRIBUTES_TO),
    ]
    assert list(GAF.versions) == ["2.0", "2.1", "2.2"]


def test_all_columns(tmp_path: Path) -> None:
    found = read(
        (
            HEAD
            + row(
                column_2="MGI:1",
                column_4="NOT|part_of",
                column_6="DOI:10.1000/(a,b)|PMID:1",
                column_8="X:1,X:2|Y:β",
                column_9="C",
                column_10="Gb|AAA1",
                column_13="taxon:9606|taxon:1280",
                column_16="part_of(CL:1),occurs_in(GO:1)|RO:0002233(X:1)",
                column_17="MadeUpKB:H01-2",
            )
        ).encode(),
        tmp_path,
    )
    assert found == [
        replace(
            OPENS,
            id="MGI:1",
            negated=True,
            relation=Relation.PART_OF,
            references=("DOI:10.1000/(a,b)", "PMID:1"),
            with_from=(("X:1", "X:2"), ("Y:β",)),
            aspect=Aspect.CELLULAR_COMPONENT,
            name="Gb|AAA1",
            taxon=9606,
            interacting_taxa=(1280,),
            extensions=(("part_of(CL:1)", "occurs_in(GO:1)"), ("RO:0002233(X:1)",)),
            form="MadeUpKB:H01-2",
        )
    ]
    assert found[0].gene == "MadeUpKB:MGI:1"


def test_the_last_line_needs_no_end_and_the_first_may_have_a_byte_order_mark(tmp_path: Path) -> None:
    assert read(("\ufeff" + HEAD + row().rstrip("\n")).encode(), tmp_path) == [OPENS]
    assert read(("\ufeff" + HEAD.rstrip("\n")).encode(), tmp_path) == []
    assert read("\ufeff! GAF-Version:2.1 ".encode(), tmp_path) == []


def test_last_columns_may_be_missing_as_in_files_of_flybase(tmp_path: Path) -> None:
    short = ["\t".join(CELLS[:length]) for length in (15, 16)]
    assert read((HEAD + "\n".join(short)).encode(), tmp_path) == [OPENS, OPENS]


@pytest.mark.parametrize(
    ("qualifier", "negated", "relation"),
    [
        ("", False, None),
        ("contributes_to", False, "contributes_to"),
        ("NOT", True, None),
        ("NOT|contributes_to", True, "contributes_to"),
        ("contributes_to|NOT", True, "contributes_to"),
    ],
)
def test_qualifiers_before_relations(
    qualifier: str, negated: bool, relation: str | None, tmp_path: Path
) -> None:
    (found,) = read((OLD_HEAD + row(column_4=qualifier)).encode(), tmp_path)
    assert (found.negated, found.relation) == (negated, relation)


RELATION = "a relation, such as involved_in, or NOT|involved_in, in column 4 (Qualifier)"
IDS = "an id with its database, such as PMID:2676709, or several with"
FUNCTION = (
    "a relation that leads to a term of molecular function (enables, contributes_to), in column 4 (Qualifier)"
)


@pytest.mark.parametrize(
    ("rows", "line", "expected", "found"),
    [
        (row() + "A\tB\n", 5, "15 to 17 columns with tabs between", "2"),
        ("\t".join(CELLS[:14]), 4, "15 to 17 columns with tabs between", "14"),
        ("\t".join([*CELLS, ""]), 4, "15 to 17 columns with tabs between", "18"),
        (row(column_1=""), 4, "a database, such as UniProtKB, in column 1 (DB)", "''"),
        (row(column_2="H 1"), 4, "an id, such as P12345, in column 2 (DB Object ID)", "'H 1'"),
        (row(column_3=" "), 4, "a symbol without |, in column 3 (DB Object Symbol)", "' '"),
        (row(column_4=""), 4, RELATION, "''"),
        (row(column_4="involved_in|NOT"), 4, RELATION, "'involved_in|NOT'"),
        (row(column_4="not|involved_in"), 4, RELATION, "'not|involved_in'"),
        (row(column_4="involved_in"), 4, FUNCTION, "'involved_in'"),
        (row(column_5="GO:900001"), 4, "an id, such as GO:0005515, in column 5 (GO ID)", "'GO:900001'"),
        (
            row(column_5="GO:000000\u0661"),
            4,
            "an id, such as GO:0005515, in column 5 (GO ID)",
            "'GO:000000\u0661'",
        ),
        (
            row(column_6=""),
            4,
            f"{IDS} | between, in column 6 (DB:Reference)",
            "''",
        ),
        (row(column_7="IDB"), 4, "a code of GO, such as IDA, in column 7 (Evidence Code)", "'IDB'"),
        (
            row(column_8="X:1;X:2, X:3"),
            4,
            f"{IDS} | or a comma between or nothing, in column 8 (With (or) From)",
            "'X:1;X:2, X:3'",
        ),
        (row(column_9="M"), 4, "P, C or F, in column 9 (Aspect)", "'M'"),
        (
            row(column_10="a\0b"),
            4,
            "text without control characters or nothing, in column 10 (DB Object Name)",
            r"'a\x00b'",
        ),
        (
            row(column_11="|Hng"),
            4,
            "text without | and control characters, or several with | between or nothing, in column 11"
            " (DB Object Synonym)",
            "'|Hng'",
        ),
        (row(column_13="9606"), 4, "taxon:9606, or two such joined by |, in column 13 (Taxon)", "'9606'"),
        (row(column_14="20260230"), 4, "a day, such as 20260102, in column 14 (Date)", "'20260230'"),
        (
            row(column_16="part_of CL:1"),
            4,
            "an extension, such as part_of(CL:0000576), or several with | or a comma between or nothing, in"
            " column 16 (Annotation Extension)",
            "'part_of CL:1'",
        ),
        (row() + "\n" + row(column_9=""), 6, "P, C or F, in column 9 (Aspect)", "''"),
    ],
)
def test_a_bad_row_is_told_with_line_and_column_or_left_out(
    rows: str, line: int, expected: str, found: str, tmp_path: Path
) -> None:
    with pytest.raises(GeneError) as caught:
        read((HEAD + rows).encode(), tmp_path)
    path = tmp_path / "hinges.gaf"
    assert caught.value.where == f"{path}, line {line}"
    assert (caught.value.expected, caught.value.found) == (expected, found)
    lenient = read_gaf(path, lenient=True)
    assert list(lenient) == [OPENS] * (line - 4 - (line > 5))
    assert lenient.skipped == {expected: CountedLines(1, (line,))}


def test_no_row_of_an_old_version_has_a_new_relation(tmp_path: Path) -> None:
    with pytest.raises(GeneError, match="expected NOT, contributes_to or colocalizes_with or nothing"):
        read((OLD_HEAD + row()).encode(), tmp_path)


@pytest.mark.parametrize(
    ("content", "place", "expected", "found"),
    [
        (b"", "", "a line '!gaf-version: 2.2'", "no line of a GAF"),
        (b"! a remark\n", "", "a line '!gaf-version: 2.2'", "no line of a GAF"),
        (row().encode(), ", line 1", "'!gaf-version: 2.2' before the first row", "none"),
        (b"!gaf-version: 1.0\n", ", line 1", "gaf-version: 2.0 or 2.1 or 2.2", "'1.0'"),
        (b"!\n!gaf-version:\n", ", line 2", "gaf-version: 2.0 or 2.1 or 2.2", "''"),
    ],
)
@pytest.mark.parametrize("lenient", [False, True])
def test_files_that_are_no_gaf(
    content: bytes, place: str, expected: str, found: str, lenient: bool, tmp_path: Path
) -> None:
    path = tmp_path / "hinges.gaf"
    path.write_bytes(content)
    with pytest.raises(GeneError) as caught:
        list(read_gaf(path, lenient=lenient))
    assert caught.value.where == f"{path}{place}"
    assert (caught.value.expected, caught.value.found) == (expected, found)


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_rows_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, headed: bool
) -> None:
    folder = tmp_path_factory.mktemp("any")
    with suppress(GeneError):
        read((HEAD.encode() if headed else b"") + data, folder)


ANY_CELL = st.binary(max_size=8) | st.sampled_from(CELLS).map(str.encode)


@given(st.dictionaries(st.integers(0, len(CELLS) - 1), ANY_CELL, max_size=4))
def test_any_cells_are_a_row_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, changed: dict[int, bytes]
) -> None:
    cells = [changed.get(place, cell.encode()) for place, cell in enumerate(CELLS)]
    with suppress(GeneError):
        read(HEAD.encode() + b"\t".join(cells), tmp_path_factory.mktemp("any"))


@some(30)
@given(st.lists(in_gaf, max_size=8), st.sampled_from(["a.gaf", "a.gaf.gz"]))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, associations: list[Association], name: str
) -> None:
    path = tmp_path_factory.mktemp("written") / name
    assert write_gaf(path, associations) == len(associations)
    assert list(read_gaf(path)) == associations


def test_what_is_written(tmp_path: Path) -> None:
    write_gaf(tmp_path / "a.gaf", [OPENS], day=date(2026, 1, 2))
    head = "!gaf-version: 2.2\n!generated-by: GOTUNE\n!date-generated: 2026-01-02\n"
    assert (tmp_path / "a.gaf").read_text() == head + row()


@pytest.mark.parametrize(
    ("association", "expected"),
    [
        (replace(OPENS, name="a\tb"), "text without control characters or nothing, in column 10"),
        (replace(OPENS, name="a\nb"), "text without control characters or nothing, in column 10"),
        (replace(OPENS, name="\ud800"), "text without control characters or nothing, in column 10"),
        (replace(OPENS, symbol="a|b"), r"a symbol without \|, in column 3"),
        (replace(OPENS, synonyms=("a|b",)), r"text without \| and control characters, or several"),
        (replace(OPENS, synonyms=("",)), r"text without \| and control characters, or several"),
        (replace(OPENS, references=()), "an id with its database, such as PMID:2676709, or several"),
        (
            replace(OPENS, with_from=(("X:1,2",),)),
            "an id with its database, such as PMID:2676709, or several",
        ),
        (replace(OPENS, relation=None), r"a relation, such as involved_in, or NOT\|involved_in, in column 4"),
        (replace(OPENS, relation=Relation.PART_OF), "a relation that leads to a term of molecular function"),
        (replace(OPENS, evidence="ECO:0000001"), "a code of GO, such as IDA, in column 7"),
        (replace(OPENS, taxon=None), "taxon:9606, or two such joined by |"),
        (replace(OPENS, interacting_taxa=(1, 2)), "taxon:9606, or two such joined by |"),
        (replace(OPENS, date="2026-01-02T10:00:00"), "a day, such as 20260102, in column 14"),
        (replace(OPENS, type=""), "a type, such as protein, in column 12"),
    ],
)
def test_what_no_row_can_hold_is_refused_and_nothing_is_written(
    association: Association, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.gaf"
    path.write_text("old")
    with pytest.raises(GeneError, match=f"{path}, record 2: expected {expected}"):
        write_gaf(path, [OPENS, association])
    assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])
