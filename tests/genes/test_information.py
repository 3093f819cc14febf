from __future__ import annotations

from math import log2

import numpy as np
import pytest

from gotune.genes import information as module
from gotune.genes.information import information_content
from gotune.genes.space import TermSpace

GENES = [{"GO:0000013"}, {"GO:0000012"}, {"GO:0000011"}, {"GO:0000011", "GO:0005515"}, {"GO:0000032"}]


@pytest.mark.parametrize("at_once", [2, 512])
def test_bits_of_each_term_given_its_parents(
    space: TermSpace, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(module, "GENES_AT_ONCE", at_once)
    found = information_content(GENES, space)
    bits = {go_id: bits for go_id, bits in zip(space.ids, found, strict=True) if bits}
    assert bits == pytest.approx(
        {
            "GO:0000012": log2(4 / 2),  # of four with its parent
            "GO:0000013": log2(2 / 1),  # of two with its parent and its whole
            "GO:0005488": log2(2 / 1),
            "GO:0000032": log2(2 / 1),
        }
    )


def test_what_a_gene_is_said_to_have_is_as_much_as_it_is_rare(example_space: TermSpace) -> None:
    """Where the terms are a tree, the bits of a lineage add up to those of its share of all genes."""
    genes = [{"GO:9000012"}, {"GO:9000013"}, {"GO:9000015"}, {"GO:9000017"}]
    found = information_content(genes, example_space)
    (lineage,) = example_space.annotated([{"GO:9000012"}]).toarray()
    assert lineage @ found == pytest.approx(-log2(1 / 4))
    assert not np.signbit(found).any()
