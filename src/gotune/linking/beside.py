"""What the words beside a name say of whether it means its term there.

"Repair" of bone is no DNA repair, and "ciliary" before "muscle" is of the eye. Two words on either side, each
together with the name and its term, add to the log-odds of the trust in the name; beside words that were
never met with it, a name is trusted as it is everywhere. The weights are those of a logistic regression with
a normal prior, to which the log-odds of the trust are given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gotune.arrays import array_of
from gotune.lexicon.matching import Flags, Hashes, Numbers

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_OF_PLACES = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64
)
"""Odd numbers, one for each place of a word beside a name."""
_OF_TERMS = np.uint64(0xFF51AFD7ED558CCD)
_PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0)
"""Precisions of the prior that are tried on articles left out."""
_MOST = 20.0
"""Log-odds that a word adds at most."""

Floats = NDArray[np.float64]


class Judged(NamedTuple):
    """Places of names of which people have said whether they mean their terms.

    Attributes:
        trust: How far each name can be trusted, as the other parts say; neither 0 nor 1.
        keys: Of the words beside each, see `beside_keys`.
        right: Whether it means its term.
        parts: Which part of the articles each stands in.
    """

    trust: Floats
    keys: Hashes
    right: Flags
    parts: Numbers


@dataclass(frozen=True, slots=True)
class WordsBeside:
    """What words beside names add to the trust in them.

    Attributes:
        keys: Of each word with the name that it stands beside, see `beside_keys`, in ascending order.
        weights: What each adds to the log-odds, exact in 16 bits.
    """

    keys: Hashes
    weights: Floats

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def learn(cls, judged: Judged) -> WordsBeside:
        """Learn it, with the penalty that is best for parts of the articles that are left out in turn."""
        from scipy.sparse import csr_matrix

        known, columns = np.unique(judged.keys, return_inverse=True)
        ends = np.arange(len(judged.keys) + 1) * judged.keys.shape[1]
        is_word = (judged.keys != 0).ravel().astype(np.float64)
        rows = csr_matrix((is_word, columns.ravel(), ends), (len(judged.keys), len(known)))
        offset = np.log(judged.trust) - np.log1p(-judged.trust)

        def loss_of(penalty: float) -> float:
            total = 0.0
            for part in np.unique(judged.parts):
                out = judged.parts == part
                weights = _fitted(rows[~out], offset[~out], judged.right[~out], penalty)
                total += _loss(offset[out] + rows[out] @ weights, judged.right[out])
            return total

        fitted = _fitted(rows, offset, judged.right, min(_PENALTIES, key=loss_of))
        weights = np.clip(fitted, -_MOST, _MOST).astype(np.float16)
        kept = weights != 0
        return cls(known[kept], weights[kept].astype(np.float64))

    def corrected(self, trust: Floats, keys: Hashes) -> Floats:
        """Return how far names can be trusted where they stand.

        Args:
            trust: How far they can be wherever they stand.
            keys: Of the words beside each, see `beside_keys`.
        """
        if not len(self):
            return trust
        at = np.minimum(np.searchsorted(self.keys, keys), len(self) - 1)
        added = np.where(self.keys[at] == keys, self.weights[at], 0.0).sum(axis=1)
        found = trust.copy()
        told = np.flatnonzero((added != 0) & (trust < 1))
        odds = trust[told] / (1 - trust[told]) * np.exp(added[told])
        found[told] = np.round(odds / (1 + odds), 3)
        return found

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return it as arrays."""
        return {"beside_keys": self.keys, "beside_weights": self.weights.astype(np.float16)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> WordsBeside:
        """Make one of what `to_arrays` gave.

        Raises:
            ValueError: It is something else.
        """
        keys = array_of(arrays, "beside_keys", np.uint64)
        weights = array_of(arrays, "beside_weights", np.float16).astype(np.float64)
        if len(keys) != len(weights) or not (keys[1:] > keys[:-1]).all():
            raise ValueError("words beside names out of order, or without their weights")
        if not (np.abs(weights) <= _MOST).all():
            raise ValueError("words beside names that say more than is sure")
        return cls(keys, weights)


NOTHING_BESIDE = WordsBeside(np.zeros(0, np.uint64), np.zeros(0))
"""Of names of which nothing is known but how far they can be trusted everywhere."""


def beside_keys(beside: Hashes, names: Hashes, terms: NDArray[np.uint32]) -> Hashes:
    """Return the hash of each word beside names together with its place, the name and the term; 0 of none.

    Args:
        beside: Stems of the words, see `gotune.lexicon.matching.Runs`.
        names: Hashes of the names.
        terms: Numbers of the terms.
    """
    of_names = names * np.uint64(3) + terms * _OF_TERMS
    mixed = of_names[:, None] + beside * _OF_PLACES + _OF_PLACES
    return np.where(beside != 0, mixed ^ (mixed >> np.uint64(31)), 0)


def _fitted(rows: csr_matrix, offset: Floats, right: Flags, penalty: float) -> Floats:
    """Return the weights that are most probable."""
    from scipy.optimize import minimize

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = offset + rows @ weights
        residuals = np.exp(-np.logaddexp(0, -scores)) - right
        gradient: Floats = rows.T @ residuals + penalty * weights
        return _loss(scores, right) + float(penalty * (weights @ weights) / 2), gradient

    found: Floats = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x
    return found


def _loss(scores: Floats, right: Flags) -> float:
    """Return the negative log-likelihood of log-odds."""
    return float(np.logaddexp(0, np.where(right, -scores, scores)).sum())
