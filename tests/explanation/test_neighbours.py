from __future__ import annotations

import os
from copy import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gotune.errors import DatasetError
from gotune.explanation.neighbours import NearestDefinitions
from gotune.model.classifier import AspectClassifier
from gotune.ontology.loading import example_ontology

ONTOLOGY = example_ontology()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "embeddings"


def test_a_learned_definition_is_nearest_to_itself(classifier: AspectClassifier) -> None:
    nearest = NearestDefinitions.of(classifier, ONTOLOGY)
    assert len(nearest) == len(classifier.training_ids)
    for go_id in classifier.training_ids[:3]:
        term = ONTOLOGY[go_id]
        found = nearest.nearest(term.definition or "", 4)
        assert (found[0].go_id, found[0].name, found[0].aspect) == (term.id, term.name, term.aspect)
        assert found[0].definition == term.definition
        assert found[0].similarity == pytest.approx(1, abs=2e-3)
        similarities = [one.similarity for one in found]
        assert similarities == sorted(similarities, reverse=True)
        assert len(found) == 4


def test_only_what_the_model_has_learned_from_is_shown(classifier: AspectClassifier) -> None:
    nearest = NearestDefinitions.of(classifier, ONTOLOGY)
    every = nearest.nearest("A part of a cell.", 1000)
    assert {one.go_id for one in every} == set(classifier.training_ids)
    assert nearest.nearest("A part of a cell.", 0) == ()
    assert every[0].link == f"https://amigo.geneontology.org/amigo/term/{every[0].go_id}"


def test_the_second_time_the_cache_is_read(classifier: AspectClassifier, cache: Path) -> None:
    first = NearestDefinitions.of(classifier, ONTOLOGY)
    (path,) = cache.iterdir()
    np.save(path, np.load(path)[::-1])
    turned = NearestDefinitions.of(classifier, ONTOLOGY)
    ids = [term.id for term in ONTOLOGY.terms() if term.id in classifier.training_ids]
    mirror = dict(zip(ids, reversed(ids), strict=True))
    found = [one.go_id for one in first.nearest("A cell wall.", 9)]
    assert [mirror[one.go_id] for one in turned.nearest("A cell wall.", 9)] == found


@pytest.mark.parametrize("damage", ["cut", "noise", "shape", "type", "zeros", "pickle", "empty"])
def test_a_damaged_cache_is_made_anew(damage: str, classifier: AspectClassifier, cache: Path) -> None:
    first = NearestDefinitions.of(classifier, ONTOLOGY).nearest("A cell wall.")
    (path,) = cache.iterdir()
    whole = path.read_bytes()
    vectors = np.load(path)
    if damage == "cut":
        path.write_bytes(whole[:-7])
    elif damage == "noise":
        path.write_bytes(bytes(reversed(whole)))
    elif damage == "empty":
        path.write_bytes(b"")
    else:
        other = {"shape": vectors[1:], "type": vectors.astype(np.float32), "zeros": vectors * 0}
        np.save(path, other.get(damage, np.array([{}], dtype=object)), allow_pickle=True)
    assert NearestDefinitions.of(classifier, ONTOLOGY).nearest("A cell wall.") == first
    assert path.read_bytes() == whole


def test_other_weights_have_another_file(classifier: AspectClassifier, cache: Path) -> None:
    NearestDefinitions.of(classifier, ONTOLOGY)
    fewer = copy(classifier)
    fewer.training_ids = classifier.training_ids[1:]
    NearestDefinitions.of(fewer, ONTOLOGY)
    assert len(list(cache.iterdir())) == 2


def test_only_the_newest_files_are_kept(
    classifier: AspectClassifier, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.mkdir(parents=True)
    for number in range(20):
        (cache / f"{number}.npy").touch()
        os.utime(cache / f"{number}.npy", (number, number))
    (cache / "mine.txt").touch()
    NearestDefinitions.of(classifier, ONTOLOGY)
    kept = {path.name for path in cache.iterdir()}
    assert kept >= {"mine.txt", *(f"{number}.npy" for number in range(13, 20))}
    assert len(kept) == 9


def test_without_a_place_for_the_cache_it_goes_on(
    classifier: AspectClassifier,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path / "file"))
    assert NearestDefinitions.of(classifier, ONTOLOGY).nearest("A cell.", 1)
    assert "embedded again next time" in caplog.text


def test_another_release_is_refused(classifier: AspectClassifier) -> None:
    other = copy(classifier)
    other.manifest = replace(classifier.manifest, obo_sha256="0" * 64)
    with pytest.raises(DatasetError, match="the release that the model learned from"):
        NearestDefinitions.of(other, ONTOLOGY)
    other = copy(classifier)
    other.training_ids = ()
    with pytest.raises(DatasetError, match=r"definitions that it learned from, found none"):
        NearestDefinitions.of(other, ONTOLOGY)
