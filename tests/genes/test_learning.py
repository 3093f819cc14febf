from __future__ import annotations

import warnings

import numpy as np
import pytest

from gotune.genes.clues import Clue, ClueFinder
from gotune.genes.learning import Examples, crossed_examples, examples, learn_trees
from gotune.genes.reference import Reference
from gotune.genes.space import TermSpace
from gotune.genes.truth import Knowledge, Targets, cafa_targets
from gotune.linking.annotator import Annotator
from tests.genes.annotated import PROCESS


@pytest.fixture
def targets(reference: Reference, space: TermSpace) -> Targets:
    truth = {"Made:Lid1": ["GO:0000012"], "Made:LID3": ["GO:0000013"]}
    return cafa_targets({}, truth, space)[Knowledge.NONE][PROCESS]


def test_examples_are_candidates_with_what_is_true(
    reference: Reference, namer: Annotator, targets: Targets
) -> None:
    genes = [reference.genes[reference.number_of[gene]] for gene in targets.genes]
    found = examples(ClueFinder(reference, namer), genes, targets, own=False)
    assert targets.genes == ("Made:LID3", "Made:Lid1")
    assert found.is_true.tolist() == [True, True, True, True, True, False]  # 11, 12, 13 of each
    assert np.isnan(found.features[:, list(Clue).index(Clue.ELECTRONIC)]).all()


def test_a_fold_is_told_of_by_others_alone(reference: Reference, namer: Annotator, targets: Targets) -> None:
    fold_of = {"Made:Lid1": 0, "Made:Lid2": 0, "Made:LID3": 1, "Made:Box1": 2, "Made:BOX1": 2}
    found = crossed_examples(reference, namer, targets, fold_of, without=-1)
    names = found.features[:, list(Clue).index(Clue.LIKE_NAMES)]
    # Lid1 by LID3, which has 11, 12 and 13; LID3 by Lid1 and Lid2, so that nothing speaks for its 13.
    assert found.is_true.tolist() == [True, True, False, True, True]
    assert names == pytest.approx([1, 1, 1, 1, 1])
    rest = crossed_examples(reference, namer, targets, fold_of, without=0)
    assert len(rest.is_true) == 0  # without Lid1 and Lid2, no gene is like LID3


def test_trees_answer_as_scikit_learn_does() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    drawn = np.random.default_rng(7)
    features = drawn.random((3000, len(Clue) + 2))
    features[drawn.random(features.shape) < 0.2] = np.nan
    features[:, 4] = np.nan
    is_true = np.nan_to_num(features[:, 0] * features[:, 1]) + drawn.random(3000) / 5 > 0.3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trees = learn_trees(Examples(features, is_true))
    model = HistGradientBoostingClassifier(
        max_iter=60,
        learning_rate=0.12,
        max_leaf_nodes=8,
        min_samples_leaf=100,
        early_stopping=False,
        random_state=0,
    )
    plain = np.where(np.isnan(features).all(axis=0), 0, features)
    expected = model.fit(plain, is_true).predict_proba(plain)[:, 1]
    assert trees.probabilities(features) == pytest.approx(expected, abs=1e-9)
    assert ((expected > 0.5) == is_true).mean() > 0.9
