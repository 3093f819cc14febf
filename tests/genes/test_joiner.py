from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gotune.arrays import read_arrays, write_arrays
from gotune.errors import BundleError
from gotune.genes.clues import Clue, ClueFinder
from gotune.genes.gene import Gene
from gotune.genes.joiner import LEAST, Candidates, Joiner, Trees
from gotune.genes.reference import Reference
from gotune.genes.space import TermSpace
from gotune.linking.annotator import Annotator
from tests.genes.annotated import PROCESS
from tests.genes.said import plain

GENES = [Gene("new", "Lid9", "lid opener 9", (), 7), Gene("other", "", "", (), 8)]
STUMP = Trees(
    feature=np.array([0, 0, 0], np.int8),
    threshold=np.array([0.5, 0, 0]),
    missing_left=np.array([True, False, False]),
    left=np.array([1, 1, 2], np.int32),
    right=np.array([2, 1, 2], np.int32),
    value=np.array([0.0, -1, 2]),
    roots=np.array([0], np.int32),
    baseline=np.array([0.5]),
)


def test_candidates_have_a_clue_or_are_frequent(
    reference: Reference, namer: Annotator, space: TermSpace
) -> None:
    clues = ClueFinder(reference, namer).find(GENES)[PROCESS]
    found = Candidates.of(GENES, clues, reference)
    pairs = [(gene, space.ids[term][-2:]) for gene, term in zip(found.genes, found.terms, strict=True)]
    assert pairs == [(gene, end) for gene in (0, 1) for end in ("11", "12", "13")]
    names = list(Clue).index(Clue.LIKE_NAMES)
    assert found.features[1, names] == pytest.approx(1)
    assert np.isnan(found.features[0, list(Clue).index(Clue.ELECTRONIC)])
    assert np.isnan(found.features[0, list(Clue).index(Clue.LIKE_TEXTS)])
    assert found.features[2, -2] == pytest.approx(np.log(1 / 3 + 1e-4))
    assert found.features[2, -1] == pytest.approx(np.log2(3))
    assert LEAST == 0.1


def test_trees_send_what_is_missing_as_they_have_learned() -> None:
    features = np.array([[0.5], [0.6], [np.nan]])
    assert STUMP.probabilities(features) == pytest.approx(1 / (1 + np.exp([0.5, -2.5, 0.5])))
    assert replace(STUMP, missing_left=np.zeros(3, bool)).probabilities(features)[2] > 0.9
    assert STUMP.probabilities(np.zeros((0, 1))).shape == (0,)


def test_a_parent_has_at_least_the_score_of_its_child(
    reference: Reference, namer: Annotator, space: TermSpace
) -> None:
    information = replace(
        STUMP, feature=np.array([len(Clue) + 1, 0, 0], np.int8), threshold=np.array([1.0, 0, 0])
    )
    joiner = Joiner(dict.fromkeys(ClueFinder(reference, namer).find(GENES), information), {})
    scores = joiner.scores(GENES, ClueFinder(reference, namer).find(GENES), reference)
    low, high = 1 / (1 + np.exp(0.5)), 1 / (1 + np.exp(-2.5))
    row = plain(scores, space)[0]
    assert row["13"] == row["12"] == row["11"] == row["01"] == pytest.approx(high)  # 13 is part of 12
    assert row["21"] == pytest.approx(low)


def test_it_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    joiner = Joiner.load()
    joiner.save(tmp_path / "a.safetensors")
    again = Joiner.load(tmp_path / "a.safetensors")
    features = np.random.default_rng(0).random((50, len(Clue) + 2))
    for aspect, trees in joiner._trees.items():
        assert (trees.probabilities(features) == again._trees[aspect].probabilities(features)).all()


@pytest.mark.parametrize(
    "change",
    [
        {"left": np.array([0, 1, 2], np.int32)},
        {"left": np.array([7, 1, 2], np.int32)},
        {"right": np.array([1, 0, 2], np.int32)},
        {"feature": np.array([99, 0, 0], np.int8)},
        {"value": np.array([np.nan, 0, 0])},
        {"value": np.array([0.0])},
        {"baseline": np.array([0.0, 0])},
        {"roots": np.array([3], np.int32)},
        {"roots": np.array([0.5])},
    ],
)
def test_what_are_no_trees_is_refused(change: dict[str, np.ndarray]) -> None:
    arrays = STUMP.to_arrays()
    assert (Trees.from_arrays(arrays).value == STUMP.value).all()
    with pytest.raises(ValueError, match="no "):
        Trees.from_arrays(arrays | change)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"n_features": np.array([5], np.int32)}, "it was learned from other clues"),
        ({"thresholds": np.array([0.5, 0.5])}, "no thresholds"),
        ({"thresholds": np.array([0.5, 0.5, 1.5])}, "no thresholds"),
    ],
)
def test_a_file_of_another_kind_is_refused(change: dict[str, np.ndarray], said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    Joiner.load().save(path)
    write_arrays(path, read_arrays(path) | change)
    with pytest.raises(BundleError, match=said):
        Joiner.load(path)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    for damage in (
        lambda: path.write_bytes(b"x"),
        lambda: write_arrays(path, STUMP.to_arrays()),
        path.unlink,
    ):
        damage()
        with pytest.raises(BundleError, match="expected a joiner as gotune wrote it"):
            Joiner.load(path)
