from __future__ import annotations

import numpy as np
import pytest

from gotune.errors import InputError
from gotune.genes.scores import GeneScores
from gotune.genes.space import TermSpace
from tests.genes.said import plain


def test_plain_scores_and_rows_of_some_genes(space: TermSpace) -> None:
    scores = GeneScores.of({"a": {"GO:0000012": 0.5, "GO:7777777": 1}, "b": {"GO:0000011": 0.25}}, space)
    assert scores.genes == ("a", "b")
    assert plain(scores.rows(["b", "unknown", "a"]), space) == [{"11": 0.25}, {}, {"12": 0.5}]
    assert plain(GeneScores.of({}, space).rows(["a"]), space) == [{}]


@pytest.mark.parametrize("score", [-0.1, 1.1, np.nan, np.inf])
def test_scores_are_from_0_to_1(space: TermSpace, score: float) -> None:
    with pytest.raises(InputError, match=rf"expected scores from 0 to 1, found {score}\."):
        GeneScores.of({"a": {"GO:0000012": score}}, space)


def test_a_gene_is_there_once(space: TermSpace) -> None:
    with pytest.raises(InputError, match="found 2 rows, 2 genes, 1 of them different"):
        GeneScores(("a", "a"), space.matrix([{}, {}]))
