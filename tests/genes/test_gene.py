from __future__ import annotations

from pathlib import Path

import pytest

from gotune.errors import GeneError
from gotune.genes.gene import Gene, GeneText, join_genes

ONE = GeneText("Opens the lid.", "PMID:1")
TWO = GeneText("Closes the lid.")


def test_rows_of_a_gene_are_joined_in_the_order_of_the_first() -> None:
    rows = [
        ("line 1", Gene("H1", "", synonyms=("Hng",), texts=(ONE,))),
        ("line 2", Gene("H2", "Hng2")),
        ("line 3", Gene("H1", "Hng1", "Hinge 1", ("hinge", "Hng"), 10090, (TWO, ONE))),
        ("line 4", Gene("H1", "Hng1", "another", taxon=9606)),
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
