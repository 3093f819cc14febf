from __future__ import annotations

import gzip
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.errors import GeneError
from gotune.genes.gaf import write_gaf
from gotune.genes.gene import Gene, GeneText
from gotune.genes.gpad import write_gpad, write_gpi
from gotune.genes.reading import read_genes
from tests.genes.drawn import HINGE, OPENS

HNG1 = Gene("MadeUpKB:H01", "Hng1", "Hinge 1, opening", ("Hng", "hinge-1"), 10090)
INFO_HEAD = (
    "#tax_id\tGeneID\tSymbol\tLocusTag\tSynonyms\tdescription\tFull_name_from_nomenclature_authority"
    "\tOther_designations\n"
)
FASTA = """\
>sp|P00001|HNG1_MOUSE Hinge 1, opening OS=Mus musculus OX=10090 GN=Hng1 PE=1 SV=2
MSTNPKPQRK
>tr|A0A000B1C2-2|A0A000B1C2_MOUSE Hinge OS=Made=up OX=10090 PE=4 SV=1
MS
"""


def read(content: str, folder: Path, pack: Callable[[bytes], bytes] = bytes) -> list[Gene]:
    (folder / "genes").write_bytes(pack(content.encode()))
    return read_genes(folder / "genes")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_fasta_of_uniprot(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    assert read(FASTA, tmp_path, pack) == [
        Gene("UniProtKB:P00001", "Hng1", "Hinge 1, opening", ("HNG1_MOUSE",), 10090),
        Gene("UniProtKB:A0A000B1C2-2", "A0A000B1C2_MOUSE", "Hinge", (), 10090),
    ]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_gene_info(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    one = "10090\t7\tHng1\t-\tHng|-\thinge one\tHinge 1\topens lids|Hng\n"
    two = "10090\t8\tHng2\t-\t-\thinge two\t-\t-\n"
    assert read(INFO_HEAD + one + two, tmp_path, pack) == [
        Gene("NCBIGene:7", "Hng1", "Hinge 1", ("Hng", "opens lids"), 10090),
        Gene("NCBIGene:8", "Hng2", "hinge two", (), 10090),
    ]


def test_gene_products_of_gaf_and_gpi(tmp_path: Path) -> None:
    write_gaf(
        tmp_path / "a", [OPENS, replace(OPENS, go_id="GO:9000002"), replace(OPENS, id="H02", symbol="Hng2")]
    )
    assert read_genes(tmp_path / "a") == [HNG1, replace(HNG1, id="MadeUpKB:H02", symbol="Hng2")]
    write_gpi(tmp_path / "a", [replace(HINGE, properties=(("go-annotation-summary", "Opens lids."),))])
    assert read_genes(tmp_path / "a") == [replace(HNG1, texts=(GeneText("Opens lids."),))]


def test_tables(tmp_path: Path) -> None:
    path = tmp_path / "genes.csv"
    path.write_text("id,symbol,summary\nH1,Hng1,Opens.\nH2,Hng2,\nH1,Hng1,Closes.\n")
    texts = (GeneText("Opens."), GeneText("Closes."))
    assert read_genes(path) == [Gene("H1", "Hng1", texts=texts), Gene("H2", "Hng2")]
    assert read_genes(path, columns={"name": "summary", "description": "symbol"})[1] == Gene(
        "H2", "Hng2", texts=(GeneText("Hng2"),)
    )
    path.write_text("id,symbol,summary\nH1,Hng1,Opens.\n\nH1,Hng2,\n")
    with pytest.raises(
        GeneError, match="line 4: expected the symbol 'Hng1' of H1, as in line 2, found 'Hng2'"
    ):
        read_genes(path)


def test_columns_are_named_of_tables_alone(tmp_path: Path) -> None:
    (tmp_path / "a.fasta").write_text(FASTA)
    with pytest.raises(GeneError, match="expected a table, as columns are named"):
        read_genes(tmp_path / "a.fasta", columns={})


@pytest.mark.parametrize(
    ("content", "where", "expected", "found"),
    [
        ("", "", "a table (.tsv, ", "nothing"),
        ("!\n! a remark", "", "a table (.tsv, ", "nothing but remarks"),
        ("!\nHng1\tH1\n", "", "a table (.tsv, ", r"'Hng1\tH1'"),
        ("!gaf-version: 1.0\n", ", line 1", "gaf-version: 2.0 or 2.1 or 2.2", "'1.0'"),
        (
            ">NP_1.1 hinge [Mus musculus]\n",
            ", line 1",
            "a header of UniProt",
            "'>NP_1.1 hinge [Mus musculus]'",
        ),
        (FASTA.replace("OX=10090", "OX=mouse"), ", line 1", "the number of an organism", "'mouse'"),
        (FASTA.replace(" OX=10090", ""), ", line 1", "the number of an organism", "none"),
        (
            INFO_HEAD.replace("LocusTag\tSynonyms", "LocusTag"),
            ", line 1",
            "the columns tax_id, ",
            "no Synonyms",
        ),
        (INFO_HEAD + "1\t2\n", ", line 2", "8 columns with tabs between", "2"),
        (INFO_HEAD + "1\t-\ta\t-\t-\t-\t-\t-\n", ", line 2", "a number in column GeneID", "''"),
    ],
)
def test_what_cannot_be_read_is_told(
    content: str, where: str, expected: str, found: str, tmp_path: Path
) -> None:
    with pytest.raises(GeneError) as caught:
        read(content, tmp_path)
    assert caught.value.where == f"{tmp_path / 'genes'}{where}"
    assert caught.value.expected.startswith(expected)
    assert caught.value.found == found


def test_a_gpad_has_no_genes(tmp_path: Path) -> None:
    write_gpad(tmp_path / "a", [OPENS])
    with pytest.raises(GeneError, match="Give the GPI that comes with it"):
        read_genes(tmp_path / "a")


@given(st.sampled_from(["", ">sp|P00001|", FASTA, INFO_HEAD, "!gpi-version: 2.0\n"]), st.binary(max_size=200))
def test_any_bytes_are_genes_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, head: str, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "a"
    path.write_bytes(head.encode() + data)
    with suppress(GeneError):
        read_genes(path)
