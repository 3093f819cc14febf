"""What lies above each term, and the slims of a release: what the graph tells of annotations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gotune.arrays import array_of, pack_lines, unpack_lines
from gotune.ontology.graph import LINEAGE_RELATIONS

if TYPE_CHECKING:
    from gotune.ontology.ontology import Ontology

_SLIM = "goslim_"


class Ancestry:
    """The parents of terms, all by their numbers.

    Args:
        parents: Of all terms, one after the other.
        ends: Number behind the last parent of each term.
        slims: Terms of each subset of the release that is a slim.

    Attributes:
        slims: The same.
    """

    def __init__(
        self, parents: NDArray[Any], ends: NDArray[np.int64], slims: Mapping[str, frozenset[int]]
    ) -> None:
        self._parents, self._ends, self.slims = parents, ends, slims
        self._above: dict[int, frozenset[int]] = {}

    @classmethod
    def of(cls, ontology: Ontology, ids: Sequence[str]) -> Ancestry:
        """Make it of a release, whose terms have these ids in the order of their numbers."""
        number = {go_id: place for place, go_id in enumerate(ids)}
        parents = [[number[parent] for parent in ontology.parents(go_id, LINEAGE_RELATIONS)] for go_id in ids]
        slims: dict[str, set[int]] = {}
        for term in ontology.terms():
            for subset in term.subsets:
                if subset.startswith(_SLIM):
                    slims.setdefault(subset, set()).add(number[term.id])
        return cls(
            np.array([parent for one in parents for parent in one], np.uint32),
            np.cumsum([len(one) for one in parents], dtype=np.int64),
            {name: frozenset(terms) for name, terms in sorted(slims.items())},
        )

    def __len__(self) -> int:
        return len(self._ends)

    def above(self, term: int) -> frozenset[int]:
        """Return all terms above one."""
        known = self._above.get(term)
        if known is not None:
            return known
        found: set[int] = set()
        waiting = self._parents_of(term)
        while waiting:
            parent = waiting.pop()
            if parent not in found:
                found.add(parent)
                waiting += self._parents_of(parent)
        return self._above.setdefault(term, frozenset(found))

    def _parents_of(self, term: int) -> list[int]:
        first = int(self._ends[term - 1]) if term else 0
        parents: list[int] = self._parents[first : int(self._ends[term])].tolist()
        return parents

    def nearest(self, term: int, among: frozenset[int]) -> list[int]:
        """Return the terms of a slim that a term is, or is below of with no other of them between."""
        over = {term, *self.above(term)} & among
        return sorted(over - {one for other in over for one in self.above(other)})

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return it as arrays."""
        return {
            "parents": self._parents,
            "parent_counts": np.diff(self._ends, prepend=0).astype(np.uint16),
            "slims": pack_lines(
                " ".join([name, *map(str, sorted(terms))]) for name, terms in self.slims.items()
            ),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], n_terms: int) -> Ancestry:
        """Make one of what `to_arrays` gave.

        Raises:
            ValueError: It is something else.
        """
        parents = array_of(arrays, "parents", np.uint32)
        ends = np.cumsum(array_of(arrays, "parent_counts", np.uint16), dtype=np.int64)
        slims = dict(map(_slim, unpack_lines(array_of(arrays, "slims", np.uint8), "slims")))
        numbers = {int(parents.max(initial=0))}.union(*slims.values())
        if len(ends) != n_terms or ends[-1] != len(parents) or min(numbers) < 0 or max(numbers) >= n_terms:
            raise ValueError("parents or slims that lead nowhere")
        return cls(parents, ends, slims)


def _slim(line: str) -> tuple[str, frozenset[int]]:
    name, *numbers = line.split(" ")
    return name, frozenset(map(int, numbers))
