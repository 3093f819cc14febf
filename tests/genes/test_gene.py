from __future__ import annotations

from pathlib import Path

import pytest

from gotune.errors import GeneError
from gotune.genes.gene import Gene, GeneText, canonical_id, join_genes

ONE = GeneText("Opens the lid.", "PMID:1")
TWO = GeneText("Closes the lid.")


def test_rows_of_a_gene_are_joined_in_the_order_of_the_first() -> None:
    rows = [
        ("line 1", Gene("H1", "", synonyms=("Hng",), texts=(ONE,))),
        ("line 2", Gene("H2", "Hng2")),
        ("line 3", Gene("H1", "Hng1", "Hinge 1", ("hinge", "Hng"), 10090, (TWO, ONE))),
        ("line 4", Gene("H1", "Hng1", "another", taxon=10090)),
    ]
    assert join_genes(rows, Path("a.tsv")) == [
        Gene("H1", "Hng1", "Hinge 1", ("Hng", "hinge"), 10090, (ONE, TWO)),
        Gene("H2", "Hng2"),
    ]


def test_two_symbols_of_a_gene_are_refused() -> None:
    rows = [("line 1", Gene("H1", "Hng1")), ("line 7", Gene("H1", "Hng2"))]
    with pytest.raises(GeneError) as caught:
        join_genes(rows, Path("a.tsv"))
    assert caught.value.where == "a.tsv, line 7"
    assert (caught.value.expected, caught.value.found) == ("the symbol 'Hng1' of H1, as in line 1", "'Hng2'")


def test_two_organisms_of_a_gene_are_refused() -> None:
    rows = [("line 1", Gene("TP53", "TP53", taxon=9606)), ("line 7", Gene("TP53", "TP53", taxon=9615))]
    with pytest.raises(
        GeneError, match=r"a\.tsv, line 7: expected the organism 9606 of TP53, as in line 1, found"
    ):
        join_genes(rows, Path("a.tsv"))


@pytest.mark.parametrize(
    ("id_", "canonical"),
    [
        ("UniProtKB:P12345-2", "UniProtKB:P12345"),
        ("UniProtKB:P12345:PRO_0000000001", "UniProtKB:P12345"),
        ("A0A023GPI8-1", "A0A023GPI8"),
        ("uniprot:p12345-2", "uniprot:p12345"),
        ("UniProtKB:P12345", "UniProtKB:P12345"),
        ("ZFIN:ZDB-GENE-030131-5", "ZFIN:ZDB-GENE-030131-5"),
        ("Xenbase:XB-GENE-478054", "Xenbase:XB-GENE-478054"),
        ("ComplexPortal:CPX-123", "ComplexPortal:CPX-123"),
    ],
)
def test_a_variant_of_uniprot_is_one_of_its_protein(id_: str, canonical: str) -> None:
    assert canonical_id(id_) == canonical
