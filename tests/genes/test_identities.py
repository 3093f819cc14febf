from __future__ import annotations

import pytest

from gotune.genes.gene import Gene
from gotune.genes.identities import Identities

KNOWN = Identities(
    [
        Gene("UniProtKB:P11111", "LID1", "", ("opener",), 7),
        Gene("MGI:MGI:9", "Lid1", "", (), 8),
        Gene("made:3", "LID1", "", (), 7),
        Gene("made:4", "", "", (), 7),
        Gene("made:5", "Box1"),
        Gene("RGD:71", "Hinge", "", (), 9),
    ]
)


@pytest.mark.parametrize(
    ("id_", "found"),
    [
        ("UniProtKB:P11111", [0]),
        ("P11111", [0]),
        ("MGI:9", []),
        ("71", []),
        ("", []),
        ("p11111", [0]),
        ("P11111-2", [0]),
    ],
)
def test_by_id(id_: str, found: list[int]) -> None:
    assert KNOWN.with_id(Gene(id_, "LID1", "", (), 7)) == found


def test_a_bare_id_is_of_any_organism_where_that_is_unknown() -> None:
    assert KNOWN.with_id(Gene("71", "")) == [5]
    assert KNOWN.with_id(Gene("MGI:9", "")) == [1]


@pytest.mark.parametrize(
    ("symbol", "taxon", "found"),
    [
        ("lid1", 7, [0, 2]),
        ("lid1", 8, [1]),
        ("lid1", 9, []),
        ("", 7, []),
        ("Box1", None, []),
        ("opener", 7, []),
    ],
)
def test_by_symbol(symbol: str, taxon: int | None, found: list[int]) -> None:
    assert KNOWN.with_symbol(Gene("x", symbol, "", (), taxon)) == found


@pytest.mark.parametrize(
    ("gene", "found"),
    [
        (Gene("x", "Opener", "", (), 7), [0]),
        (Gene("x", "new", "", ("lid1", "OPENER"), 7), [0, 2]),
        (Gene("x", "lid1"), [0, 1, 2]),  # of an unknown organism
        (Gene("x", "", "", ("OPENER",)), [0]),
        (Gene("x", "Box1", "", (), 7), [4]),
        (Gene("x", "Box2", "", (), 7), []),
        (Gene("UniProt:p11111-2", "", "", (), 7), [0]),
        (Gene("UniProtKB:P11111:PRO_0000001", "", "", (), 7), [0]),
        (Gene("x", ""), []),
    ],
)
def test_what_a_gene_may_be(gene: Gene, found: list[int]) -> None:
    assert sorted(set(KNOWN.maybe(gene))) == found
