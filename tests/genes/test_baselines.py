from __future__ import annotations

import pytest

from gotune.genes import baselines
from gotune.genes.baselines import naive_scores, same_names, text_neighbours
from gotune.genes.space import TermSpace
from tests.genes.said import plain

ANNOTATIONS = {
    "k1": {"GO:0000012"},
    "k2": {"GO:0000011", "GO:0000021"},
    "k3": {"GO:0000012", "GO:0000032"},
    "k4": set[str](),
}
TEXTS = {"k1": "Abc1 amber case", "k2": "Xyz1 yellow zone", "k3": "Xyz2 yellow zone", "k4": "Abc2 amber case"}


def test_naive_is_the_share_among_genes_with_the_aspect(space: TermSpace) -> None:
    found = naive_scores(["a", "b"], ANNOTATIONS, space)
    row = {"01": 1, "11": 1, "12": pytest.approx(2 / 3), "02": 1, "21": 1, "03": 1, "32": 1}
    assert found.genes == ("a", "b")
    assert plain(found.scores, space) == [row, row]


def test_terms_of_the_nearest_texts_count_by_their_similarity(
    space: TermSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baselines, "NEIGHBOURS", 2)
    found = text_neighbours(
        {"a": "xyz3 yellow zone", "b": "Abc3 amber case", "c": "???"}, TEXTS, ANNOTATIONS, space
    )
    rows = plain(found.scores, space)
    assert rows[0]["11"] == pytest.approx(1)
    assert rows[0]["12"] == pytest.approx(0.5, abs=0.05)
    assert rows[1] == pytest.approx({"01": 1, "11": 1, "12": 1})  # a gene without terms is no neighbour
    assert rows[2] == {}
    assert text_neighbours({}, TEXTS, ANNOTATIONS, space).genes == ()


def test_terms_of_genes_of_the_same_name(space: TermSpace) -> None:
    known = {
        "k1": ["Abc-1", "amber"],
        "k2": ["Xyz", "zone (yellow)"],
        "k3": ["xyz2", "Zone, yellow"],
        "k4": ["b"],
    }
    asked = {"a": ["ABC 1", ""], "b": ["zone yellow"], "c": ["none", ""]}
    rows = plain(same_names(asked, known, ANNOTATIONS, space).scores, space)
    assert rows == [
        {"01": 1, "11": 1, "12": 1},
        {"01": 1, "11": 1, "12": 0.5, "02": 0.5, "21": 0.5, "03": 0.5, "32": 0.5},
        {},
    ]
