"""Subtrees of an ontology: a term and all that is a kind or a part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

LINEAGE_RELATIONS = ("is_a", "part_of")
"""The relations that lead from a term up to those whose subtrees it is in."""


def children_by_parent(edges: pd.DataFrame) -> dict[str, list[str]]:
    """Return the terms one edge below each term that has any.

    Args:
        edges: Columns ``child``, ``relation`` and ``parent``, as `Ontology.edges` has them.
    """
    edges = edges[edges["relation"].isin(LINEAGE_RELATIONS)]
    children: dict[str, list[str]] = {}
    for child, parent in zip(edges["child"], edges["parent"], strict=True):
        children.setdefault(parent, []).append(child)
    return children


def subtree(root: str, children: Mapping[str, Sequence[str]]) -> set[str]:
    """Return a term and all its descendants."""
    found = {root}
    waiting = [root]
    while waiting:
        below = [child for child in children.get(waiting.pop(), ()) if child not in found]
        found.update(below)
        waiting.extend(below)
    return found


def root_by_term(edges: pd.DataFrame, roots: Sequence[str]) -> dict[str, str]:
    """Return the root of each term in the subtrees of ``roots``: the first, if it is in several."""
    children = children_by_parent(edges)
    return {term: root for root in reversed(roots) for term in subtree(root, children)}
