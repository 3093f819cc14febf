from __future__ import annotations

import gzip
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.aspects import Aspect
from gotune.errors import GafError
from gotune.ontology.gaf import VERSIONS, Annotation, read_gaf

HEAD = "!gaf-version: 2.2\n!\n!date: 2026-01-02\n"
OPENS = Annotation(
    gene="MadeUpKB:H01",
    symbol="Hng1",
    name="Hinge 1, opening",
    synonyms=("Hng", "hinge-1"),
    qualifiers=("enables",),
    go_id="GO:9000001",
    evidence="IDA",
    aspect=Aspect.MOLECULAR_FUNCTION,
    taxon=10090,
)
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


def read(content: bytes, folder: Path) -> list[Annotation]:
    path = folder / "hinges.gaf"
    path.write_bytes(content)
    return list(read_gaf(path))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_of_every_version(
    pack: Callable[[bytes], bytes], version: str, end: str, tmp_path: Path
) -> None:
    gaf = f"!gaf-version: {version}\n! a remark\n{row()}\n!another\n{row(column_9='P')}".replace("\n", end)
    found = read(pack(gaf.encode()), tmp_path)
    assert [one.aspect for one in found] == [Aspect.MOLECULAR_FUNCTION, Aspect.BIOLOGICAL_PROCESS]
    assert found[0] == OPENS


def test_the_last_line_needs_no_end_and_the_first_may_have_a_byte_order_mark(tmp_path: Path) -> None:
    assert read(("\ufeff" + HEAD + row().rstrip("\n")).encode(), tmp_path) == [OPENS]
    assert read(("\ufeff" + HEAD.rstrip("\n")).encode(), tmp_path) == []
    assert read("\ufeff! GAF-Version:2.1 ".encode(), tmp_path) == []


def test_last_columns_may_be_missing_as_in_files_of_flybase(tmp_path: Path) -> None:
    short = ["\t".join(CELLS[:length]) for length in (15, 16)]
    assert read((HEAD + "\n".join(short)).encode(), tmp_path) == [OPENS, OPENS]


def test_aspects_lists_and_organisms(tmp_path: Path) -> None:
    rows = [
        row(column_9="C", column_13="taxon:9606|taxon:1280", column_10="", column_11=""),
        row(column_4="", column_11="|Hng||β-hinge|"),
    ]
    first, second = read((HEAD + "".join(rows)).encode(), tmp_path)
    assert (first.aspect, first.taxon, first.name, first.synonyms) == (
        Aspect.CELLULAR_COMPONENT, 9606, "", (),
    )  # fmt: skip
    assert (second.qualifiers, second.synonyms) == ((), ("Hng", "β-hinge"))


@pytest.mark.parametrize(
    ("qualifier", "qualifiers", "negated"),
    [
        ("", (), False),
        ("contributes_to", ("contributes_to",), False),
        ("NOT", ("NOT",), True),
        ("NOT|involved_in", ("NOT", "involved_in"), True),
        ("involved_in|not", ("involved_in", "not"), True),
        ("NOTED", ("NOTED",), False),
    ],
)
def test_what_a_gene_product_has_not(
    qualifier: str, qualifiers: tuple[str, ...], negated: bool, tmp_path: Path
) -> None:
    (found,) = read((HEAD + row(column_4=qualifier)).encode(), tmp_path)
    assert (found.qualifiers, found.negated) == (qualifiers, negated)


@pytest.mark.parametrize(
    ("rows", "line", "expected", "found"),
    [
        (row() + "A\tB\n", 5, "15 to 17 columns with tabs between", "2"),
        ("\t".join(CELLS[:14]), 4, "15 to 17 columns with tabs between", "14"),
        ("\t".join([*CELLS, ""]), 4, "15 to 17 columns with tabs between", "18"),
        (row(column_1=""), 4, "a database, such as UniProtKB, in column 1 (DB)", "''"),
        (row(column_2="H 1"), 4, "an id, such as P12345, in column 2 (DB Object ID)", "'H 1'"),
        (row(column_3=" "), 4, "a symbol, in column 3 (DB Object Symbol)", "' '"),
        (row(column_5="GO:900001"), 4, "an id, such as GO:0005515, in column 5 (GO ID)", "'GO:900001'"),
        (
            row(column_5="GO:000000\u0661"),
            4,
            "an id, such as GO:0005515, in column 5 (GO ID)",
            "'GO:000000\u0661'",
        ),
        (row(column_7="ida"), 4, "two or three capitals, such as IDA, in column 7 (Evidence Code)", "'ida'"),
        (row(column_9="M"), 4, "P, C or F, in column 9 (Aspect)", "'M'"),
        (
            row(column_13="9606"),
            4,
            "taxon:9606, or two such joined by |, in column 13 (Taxon)",
            "'9606'",
        ),
        (row() + "\n" + row(column_9=""), 6, "P, C or F, in column 9 (Aspect)", "''"),
    ],
)
def test_a_bad_line_is_told_with_its_number(
    rows: str, line: int, expected: str, found: str, tmp_path: Path
) -> None:
    with pytest.raises(GafError) as caught:
        read((HEAD + rows).encode(), tmp_path)
    assert caught.value.where == f"{tmp_path / 'hinges.gaf'}, line {line}"
    assert (caught.value.expected, caught.value.found) == (expected, found)


def test_annotations_before_a_bad_line_are_given(tmp_path: Path) -> None:
    (tmp_path / "a.gaf").write_text(HEAD + row() + "A\tB\n")
    rows = read_gaf(tmp_path / "a.gaf")
    assert next(rows) == OPENS
    with pytest.raises(GafError, match="line 5"):
        next(rows)


@pytest.mark.parametrize(
    ("content", "place", "expected", "found"),
    [
        (b"", "", "a line '!gaf-version: 2.2'", "no line of a GAF"),
        (b"! a remark\n", "", "a line '!gaf-version: 2.2'", "no line of a GAF"),
        (row().encode(), ", line 1", "a line '!gaf-version: 2.2' before the first row", "none"),
        (b"!gaf-version: 1.0\n", ", line 1", "gaf-version: 2.0 or 2.1 or 2.2", "'1.0'"),
        (b"!\n!gaf-version:\n", ", line 2", "gaf-version: 2.0 or 2.1 or 2.2", "''"),
        (HEAD.encode() + b"caf\xe9\n", ", line 4", "text in UTF-8", "byte 0xe9 at its offset 3"),
        (HEAD.encode("utf-16"), ", line 1", "text in UTF-8", "byte 0xff at its offset 0"),
        (HEAD.encode() + b"A" * ((1 << 20) + 1), ", line 4", "at most 1,048,576 bytes", "more"),
    ],
)
def test_files_that_are_no_gaf(content: bytes, place: str, expected: str, found: str, tmp_path: Path) -> None:
    with pytest.raises(GafError) as caught:
        read(content, tmp_path)
    assert caught.value.where == f"{tmp_path / 'hinges.gaf'}{place}"
    assert (caught.value.expected, caught.value.found) == (expected, found)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(GafError, match="No such file or directory"):
        list(read_gaf(tmp_path / "no.gaf"))
    packed = gzip.compress((HEAD + row()).encode())
    for damaged in (packed[:-9], packed[:30] + b"\0" * 40):
        with pytest.raises(GafError, match="expected a whole compressed file, found a damaged one"):
            read(damaged, tmp_path)
    with pytest.raises(GafError, match="unfolds to at most 100 times its size"):
        read(gzip.compress(HEAD.encode() + b"\n" * (1 << 20)), tmp_path)


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_rows_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, headed: bool
) -> None:
    folder = tmp_path_factory.mktemp("any")
    with suppress(GafError):
        read((HEAD.encode() if headed else b"") + data, folder)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\t\n\r|"), max_size=10)
words = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8)
listed = st.lists(texts.filter(bool), max_size=3).map(tuple)
written = st.builds(
    Annotation,
    gene=st.tuples(words, words).map(":".join),
    symbol=texts.filter(str.strip),
    name=texts,
    synonyms=listed,
    qualifiers=listed,
    go_id=st.integers(0, 9_999_999).map("GO:{:07}".format),
    evidence=st.sampled_from(["IDA", "IEA", "IC", "ND"]),
    aspect=st.sampled_from(Aspect),
    taxon=st.integers(1, 999_999_999),
)


@given(st.lists(written, max_size=4), st.sampled_from([bytes, gzip.compress]))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Annotation], pack: Callable[[bytes], bytes]
) -> None:
    letters = {aspect: letter for letter, aspect in zip("PCF", Aspect, strict=True)}
    lines = [
        row(
            column_1=one.gene.partition(":")[0],
            column_2=one.gene.partition(":")[2],
            column_3=one.symbol,
            column_4="|".join(one.qualifiers),
            column_5=one.go_id,
            column_7=one.evidence,
            column_9=letters[one.aspect],
            column_10=one.name,
            column_11="|".join(one.synonyms),
            column_13=f"taxon:{one.taxon}",
        )
        for one in rows
    ]
    found = read(pack((HEAD + "".join(lines)).encode()), tmp_path_factory.mktemp("written"))
    assert found == rows
