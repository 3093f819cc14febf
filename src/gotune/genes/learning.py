"""Learning how to join what speaks for a term, from genes of which experiments told later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gotune.genes.clues import ClueFinder
from gotune.genes.gene import Gene
from gotune.genes.joiner import Candidates, Trees
from gotune.genes.reference import Reference
from gotune.genes.space import GENES_AT_ONCE, values_at
from gotune.genes.truth import Targets
from gotune.linking.annotator import Annotator

_TREES, _LEAVES, _RATE, _LEAST_IN_LEAF = 60, 8, 0.12, 100
"""Chosen by cross-validation over families, on human genes of 2014 and what was told of them by 2019."""


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Candidates of one aspect, and which of them experiments told.

    Attributes:
        features: See `Candidates`.
        is_true: A flag for each.
    """

    features: NDArray[np.float64]
    is_true: NDArray[np.bool_]

    @classmethod
    def join(cls, parts: Sequence[Examples]) -> Examples:
        """Return those of all parts."""
        return cls(
            np.concatenate([part.features for part in parts]),
            np.concatenate([part.is_true for part in parts]),
        )


def examples(finder: ClueFinder, genes: Sequence[Gene], targets: Targets, *, own: bool) -> Examples:
    """Return what speaks for terms of targets, with what is true.

    Args:
        finder: Of what was known before.
        genes: Those of the targets, in their order.
        targets: Of one aspect.
        own: Whether annotations of the gene itself count.
    """
    parts = []
    for start in range(0, len(genes), GENES_AT_ONCE):
        some, aspect = genes[start : start + GENES_AT_ONCE], targets.aspect
        clues = finder.find(some, own=own, aspects=[aspect])[aspect]
        one = Candidates.of(some, clues, finder.reference)
        truth = targets.terms[start : start + GENES_AT_ONCE]
        parts.append(Examples(one.features, values_at(truth, one.genes, one.terms) > 0))
    return Examples.join(parts)


def crossed_examples(
    reference: Reference, annotator: Annotator, targets: Targets, fold_of: Mapping[str, int], *, without: int
) -> Examples:
    """Return what speaks for terms of the genes of a reference, each fold by what the others know.

    Args:
        reference: Annotated genes.
        annotator: Finds the terms that texts name.
        targets: Some of these genes, of one aspect.
        fold_of: Fold of each gene, families whole.
        without: Fold that is left out of it all; -1 for none.
    """
    genes = {gene.id: gene for gene in reference.genes}
    folds = np.array([fold_of[gene] for gene in targets.genes])
    parts = []
    for fold in sorted({*folds.tolist()} - {without}):
        others = reference.without({gene for gene, of in fold_of.items() if of in (fold, without)})
        some = targets.of(np.flatnonzero(folds == fold))
        asked = [genes[gene] for gene in some.genes]
        parts.append(examples(ClueFinder(others, annotator), asked, some, own=False))
    return Examples.join(parts)


def learn_trees(learned_from: Examples) -> Trees:
    """Learn the trees of an aspect by gradient boosting of scikit-learn, with all settings told.

    Ke et al. 2017, https://papers.nips.cc/paper/6907, tell of trees over histograms.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    # scikit-learn cannot cut a feature that no example has; as a constant it is never looked at.
    never = np.isnan(learned_from.features).all(axis=0)
    features = np.where(never, 0.0, learned_from.features)
    model = HistGradientBoostingClassifier(
        max_iter=_TREES,
        learning_rate=_RATE,
        max_leaf_nodes=_LEAVES,
        min_samples_leaf=_LEAST_IN_LEAF,
        early_stopping=False,
        random_state=0,
    ).fit(features, learned_from.is_true)
    # scikit-learn has no public way to its trees; a test holds these against its own probabilities.
    nodes = [predictors[0].nodes for predictors in model._predictors]
    starts = np.cumsum([0, *map(len, nodes)])[:-1]
    joined = np.concatenate(nodes)
    first = np.repeat(starts, [len(tree) for tree in nodes])
    is_leaf = joined["is_leaf"].astype(bool)
    numbers = np.arange(len(joined))
    return Trees(
        feature=joined["feature_idx"].astype(np.int8),
        threshold=joined["num_threshold"].astype(np.float64),
        missing_left=joined["missing_go_to_left"].astype(np.bool_),
        left=np.where(is_leaf, numbers, first + joined["left"]).astype(np.int32),
        right=np.where(is_leaf, numbers, first + joined["right"]).astype(np.int32),
        value=joined["value"].astype(np.float64),
        roots=starts.astype(np.int32),
        baseline=np.asarray(model._baseline_prediction, dtype=np.float64).reshape(1),
    )
