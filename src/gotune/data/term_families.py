"""Families of terms, whose definitions are so alike that they cannot count as independent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gotune.data.lineage import children_by_parent, subtree

if TYPE_CHECKING:
    import pandas as pd

LARGEST_FAMILY = 500
"""Terms. Subtrees that are larger hold families that differ."""


def term_families(go_ids: Sequence[str], edges: pd.DataFrame, largest: int = LARGEST_FAMILY) -> list[str]:
    """Return the root of the family of each term: of the largest subtree it is in that is not too large.

    Args:
        go_ids: Terms; one that is in no such subtree is a family of its own.
        edges: The edges of the ontology, with the columns ``child``, ``relation`` and ``parent``.
        largest: How many terms a family may have.
    """
    children = children_by_parent(edges)
    subtrees = {root: subtree(root, children) for root in children}
    family: dict[str, str] = {}
    # From the smallest to the largest, which so have the last word, and then by id.
    for root in sorted(subtrees, key=lambda root: (len(subtrees[root]), root)):
        if len(subtrees[root]) <= largest:
            family |= dict.fromkeys(subtrees[root], root)
    return [family.get(go_id, go_id) for go_id in go_ids]
