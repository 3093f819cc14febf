"""Joins what speaks for a term of a gene into the probability that an experiment would tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gotune.arrays import array_of, named, read_arrays, write_arrays
from gotune.aspects import ASPECTS, Aspect
from gotune.errors import BundleError
from gotune.files import atomic_file
from gotune.genes.clues import Clue, Clues
from gotune.genes.gene import Gene
from gotune.genes.reference import Reference
from gotune.genes.space import values_at
from gotune.genes.taxa import TaxonConstraints

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SHIPPED_JOINER = Path(str(files("gotune"))) / "models" / "genes" / "joiner.safetensors"
"""The joiner that comes with gotune."""
LEARNED_UNTIL = {9606: "2019-01-29", 7227: "2025-09-18"}
"""To which day the shipped joiner has learned from what experiments tell, by the taxon of the genes."""
LEAST = 0.1
"""Of a clue, or of the frequency of a term, for a term to be looked at; less changes no figure."""
_UNSEEN = 1e-4
_FEATURES = len(Clue) + 2
_KINDS = {
    "feature": np.int8,
    "threshold": np.float64,
    "missing_left": np.bool_,
    "left": np.int32,
    "right": np.int32,
    "value": np.float64,
    "roots": np.int32,
    "baseline": np.float64,
}


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Terms of an aspect that something speaks for.

    Attributes:
        genes: Number of the gene of each.
        terms: Column of its term.
        features: The clues in their order, the frequency of the term among annotated genes of the species, as
            its logarithm, and its information content, of shape ``(candidates, features)``. A clue that a
            gene cannot have is not a number.
    """

    genes: NDArray[np.int64]
    terms: NDArray[np.int64]
    features: NDArray[np.float64]

    @classmethod
    def of(cls, genes: Sequence[Gene], clues: Clues, reference: Reference) -> Candidates:
        """Take the terms that have enough of any clue, or that are frequent enough.

        Args:
            genes: To look at.
            clues: Of these, for an aspect.
            reference: That they are from.
        """
        n_terms = len(reference.space)
        taxa = list(dict.fromkeys(gene.taxon for gene in genes))
        of_taxa = np.array([reference.frequency(taxon) for taxon in taxa]).reshape(len(taxa), n_terms)
        taxon_of = np.array([taxa.index(gene.taxon) for gene in genes], dtype=np.int64)
        frequent = [np.flatnonzero((of_taxon >= LEAST) & clues.columns) for of_taxon in of_taxa]
        keys = [
            np.concatenate([gene * n_terms + frequent[taxon] for gene, taxon in enumerate(taxon_of)] or [[]])
        ]
        for table in clues.tables.values():
            rows = np.repeat(np.arange(table.shape[0], dtype=np.int64), np.diff(table.indptr))
            keys.append((rows * n_terms + table.indices)[table.data >= LEAST])
        of_gene, terms = np.divmod(np.unique(np.concatenate(keys).astype(np.int64)), n_terms)
        features = np.empty((len(terms), _FEATURES))
        for number, clue in enumerate(Clue):
            features[:, number] = values_at(clues.tables[clue], of_gene, terms)
            features[~clues.has[clue][of_gene], number] = np.nan
        features[:, -2] = np.log(of_taxa[taxon_of[of_gene], terms] + _UNSEEN)
        features[:, -1] = reference.information[terms]
        return cls(of_gene, terms, features)


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Boosted trees of one aspect, as arrays over all their nodes.

    A leaf leads to itself.

    Attributes:
        feature: That a node looks at.
        threshold: Up to which it goes left.
        missing_left: Whether it goes left where the feature is not a number.
        left: Number of the node on the left.
        right: That on the right.
        value: Of a leaf, in log-odds.
        roots: Numbers of the first nodes of the trees.
        baseline: Log-odds before any tree, of shape ``(1,)``.
    """

    feature: NDArray[np.int8]
    threshold: NDArray[np.float64]
    missing_left: NDArray[np.bool_]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    roots: NDArray[np.int32]
    baseline: NDArray[np.float64]

    def probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return those of rows of features, of shape ``(rows,)``."""
        log_odds = np.full(len(features), self.baseline[0])
        rows = np.arange(len(features))
        for root in self.roots:
            nodes = np.full(len(features), root)
            while True:
                asked = features[rows, self.feature[nodes]]
                goes_left = np.where(
                    np.isnan(asked), self.missing_left[nodes], asked <= self.threshold[nodes]
                )
                following = np.where(goes_left, self.left[nodes], self.right[nodes])
                if (following == nodes).all():
                    break
                nodes = following
            log_odds += self.value[nodes]
        found: NDArray[np.float64] = 1 / (1 + np.exp(-log_odds))
        return found

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return them by their names."""
        return {name: getattr(self, name) for name in _KINDS}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Trees:
        """Take those that `to_arrays` gave.

        Raises:
            ValueError: They are something else.
        """
        trees = cls(**{name: array_of(arrays, name, kind) for name, kind in _KINDS.items()})
        n_nodes, nodes = len(trees.feature), np.arange(len(trees.feature))
        links = np.concatenate([trees.left, trees.right, trees.roots])
        is_leaf = trees.left == nodes
        is_sound = (
            all(len(getattr(trees, name)) == n_nodes for name in _OF_NODES),
            len(trees.baseline) == 1,
            ((links >= 0) & (links < n_nodes)).all(),
            ((trees.feature >= 0) & (trees.feature < _FEATURES)).all(),
            np.isfinite(trees.value).all() and np.isfinite(trees.baseline).all(),
            # Children stand behind their parents, so that no walk goes in circles.
            (is_leaf == (trees.right == nodes)).all(),
            ((trees.left > nodes) & (trees.right > nodes) | is_leaf).all(),
        )
        if not all(is_sound):
            raise ValueError("no trees")
        return trees


def _thresholds(arrays: Mapping[str, NDArray[Any]]) -> dict[Aspect, float]:
    found = array_of(arrays, _THRESHOLDS, np.float64)
    if not (len(found) == len(ASPECTS) and ((found >= 0) & (found <= 1)).all()):
        raise ValueError("no thresholds")
    return dict(zip(ASPECTS, found.tolist(), strict=True))


_THRESHOLDS, _N_FEATURES = "thresholds", "n_features"
_OF_NODES = ("feature", "threshold", "missing_left", "left", "right", "value")


class Joiner:
    """Turns what speaks for terms into probabilities.

    Args:
        trees: Of each aspect.
        thresholds: Probability from which on a term is worth suggesting, of each aspect.

    Attributes:
        thresholds: The same.
    """

    def __init__(self, trees: Mapping[Aspect, Trees], thresholds: Mapping[Aspect, float]) -> None:
        self._trees, self.thresholds = dict(trees), dict(thresholds)

    def scores(
        self,
        genes: Sequence[Gene],
        clues: Mapping[Aspect, Clues],
        reference: Reference,
        constraints: TaxonConstraints | None = None,
    ) -> csr_matrix:
        """Return the probabilities of terms, of shape ``(genes, terms)``; a parent has at least its child's.

        Args:
            genes: Any.
            clues: Of these, see `gotune.genes.clues.ClueFinder.find`.
            reference: That they are from.
            constraints: What they forbid has no score, and none of its parents has one for it.
        """
        from scipy.sparse import csr_matrix

        shape = (len(genes), len(reference.space))
        found = csr_matrix(shape)
        for aspect, of_aspect in clues.items():
            one = Candidates.of(genes, of_aspect, reference)
            probabilities = self._trees[aspect].probabilities(one.features)
            if constraints is not None:
                probabilities *= constraints.allow(genes, one.genes, one.terms)
            found = found + csr_matrix((probabilities, (one.genes, one.terms)), shape)
        return reference.space.all_risen(found.tocsr())

    def save(self, path: Path) -> None:
        """Write it as safetensors.

        Raises:
            SaveError: It cannot be written.
        """
        arrays = {
            f"{aspect.short}_{name}": array
            for aspect, trees in self._trees.items()
            for name, array in trees.to_arrays().items()
        }
        arrays[_N_FEATURES] = np.array([_FEATURES], dtype=np.int32)
        arrays[_THRESHOLDS] = np.array([self.thresholds[aspect] for aspect in ASPECTS])
        with atomic_file(path) as temporary:
            write_arrays(temporary, arrays)

    @classmethod
    def load(cls, path: Path | None = None) -> Joiner:
        """Read the one that comes with gotune, or another.

        Raises:
            BundleError: It is none, or a damaged one.
        """
        path = SHIPPED_JOINER if path is None else path
        try:
            with named(path.name):
                arrays = read_arrays(path)
                if array_of(arrays, _N_FEATURES, np.int32).tolist() != [_FEATURES]:
                    raise ValueError("it was learned from other clues")
                trees = {
                    aspect: Trees.from_arrays({name: arrays[f"{aspect.short}_{name}"] for name in _KINDS})
                    for aspect in ASPECTS
                }
                return cls(trees, _thresholds(arrays))
        except (OSError, ValueError, LookupError) as exc:
            raise BundleError(
                str(path),
                expected="a joiner as gotune wrote it",
                found=str(exc),
                do="Install gotune again if it came with it, or make it again.",
            ) from exc
