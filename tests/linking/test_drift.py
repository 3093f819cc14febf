from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from gotune.linking.drift import Change, Difference, drift, write_drift
from gotune.linking.index import TermIndex
from gotune.linking.vectors import PhraseVectors
from gotune.ontology.loading import load_ontology
from gotune.ontology.ontology import Ontology


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    """The example as it may have been before: a term less, one of another name, one with other synonyms."""
    text = (files("gotune.ontology") / "example.obo").read_text(encoding="utf-8")
    for now, before in (
        ("id: GO:9000018\nname: cell division", "id: GO:9000018\nname: splitting of cells"),
        ('synonym: "sugar use" BROAD []', 'synonym: "sugar waste" BROAD []'),
        ("name: sugar breakdown", "name: sugar catabolism"),
        ('synonym: "sugar catabolism" EXACT systematic_synonym', 'synonym: "sugar breakdown" EXACT'),
    ):
        assert text.count(now) == 1
        text = text.replace(now, before)
    folder = tmp_path_factory.mktemp("earlier")
    (folder / "earlier.obo").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOTUNE_CACHE", str(folder / "cache"))
        return load_ontology(folder / "earlier.obo")


def test_drift_tells_each_change_once(
    earlier: Ontology, example: Ontology, vectors: PhraseVectors, tmp_path: Path
) -> None:
    found = drift(TermIndex.of(earlier, vectors), TermIndex.of(example, vectors))
    assert found == [
        Difference(Change.RENAMED, "GO:9000012", ("sugar catabolism",), ("sugar breakdown",)),
        Difference(Change.RENAMED, "GO:9000018", ("splitting of cells",), ("cell division",)),
        Difference(Change.REWORDED, "GO:9000012", ("sugar waste",), ("sugar use",)),
    ]
    write_drift(found, tmp_path / "drift.tsv")
    header, first, *_ = (tmp_path / "drift.tsv").read_text(encoding="utf-8").splitlines()
    assert header.split("\t") == ["change", "go_id", "before", "now"]
    assert first.split("\t") == ["renamed", "GO:9000012", "sugar catabolism", "sugar breakdown"]


def test_terms_come_and_go(example: Ontology, vectors: PhraseVectors) -> None:
    now = TermIndex.of(example, vectors)
    assert drift(now, now) == []
    before = TermIndex.of(example, vectors)
    before.number_of["GO:9000080"] = before.number_of.pop("GO:9000016")
    assert [(one.change, one.go_id, one.now) for one in drift(before, now)] == [
        (Change.NEW, "GO:9000016", ("cell movement",)),
        (Change.GONE, "GO:9000080", ("GO:9000051",)),
    ]


def test_terms_that_are_no_more_to_be_annotated_with_are_told(
    example: Ontology, vectors: PhraseVectors
) -> None:
    before, now = (TermIndex.of(example, vectors) for _ in range(2))
    now.terms.suggested[now.number_of["GO:9000016"]] = False
    for one, other, change in ((before, now, Change.WITHDRAWN), (now, before, Change.ALLOWED)):
        assert drift(one, other) == [Difference(change, "GO:9000016", ("cell movement",), ("cell movement",))]
