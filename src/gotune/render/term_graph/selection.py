"""Which terms and links of an ontology a small picture shows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import networkx as nx

from gotune.aspects import ASPECTS
from gotune.errors import InputError

VIA = "via"
"""Relation of a `Link` that stands for a path through terms that are not shown."""


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from a term to its parent, or to an ancestor where ``relation`` is `VIA`."""

    child: str
    parent: str
    relation: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The terms to show, by id.

    Attributes:
        chosen: The terms of highest degree, highest first.
        joining: Common ancestors of two or more of them, without which most would hang loose.
        links: Relations among all of these, and `VIA` links where a path is hidden.
    """

    chosen: tuple[str, ...]
    joining: tuple[str, ...]
    links: tuple[Link, ...]


def select_terms(graph: nx.MultiDiGraph, n: int) -> Selection:
    """Choose the ``n`` terms of highest degree, what joins them, and the links among all of these.

    Args:
        graph: Terms in obonet's convention: edges from child to parent, keyed by relation. Nodes without
            a name or outside the three aspects are passed over.
        n: How many terms to choose, at least 1. A smaller graph is shown whole.

    Raises:
        InputError: ``n`` is below 1, or the graph is empty or has a cycle.
    """
    terms = [
        term for term, data in graph.nodes(data=True) if "name" in data and data.get("namespace") in ASPECTS
    ]
    pairs = nx.DiGraph()
    pairs.add_nodes_from(terms)
    # A copy of networkx' own view of a part of the graph takes ten times as long.
    pairs.add_edges_from(edge for edge in graph.edges() if edge[0] in pairs and edge[1] in pairs)
    _check(pairs, n)
    chosen = sorted(terms, key=lambda term: (-graph.degree(term), term))[:n]
    joining = _joining(pairs, chosen)
    shown = [*chosen, *joining]
    links = [Link(child, parent, str(key)) for child, parent, key in graph.subgraph(shown).edges(keys=True)]
    links += [
        Link(child, parent, VIA)
        for child, parent in _order(pairs, shown)
        if not pairs.has_edge(child, parent)
    ]
    links.sort(key=lambda link: (link.child, link.parent, link.relation))
    return Selection(tuple(chosen), tuple(joining), tuple(links))


def check_acyclic(graph: nx.DiGraph) -> None:
    """Refuse a graph that cannot be put into layers.

    Raises:
        InputError: A term is its own ancestor.
    """
    if not nx.is_directed_acyclic_graph(graph):
        raise InputError(
            "graph",
            expected="an acyclic graph",
            found="a term that is its own ancestor",
            do="Use the go-basic release; go.obo also has relations that run in circles.",
        )


def _check(pairs: nx.DiGraph, n: int) -> None:
    if n < 1:
        raise InputError("n", expected="at least 1 term", found=str(n), do="Ask for more terms.")
    if not pairs:
        raise InputError(
            "graph",
            expected="terms with the attributes name and namespace",
            found="none",
            do="Pass the graph of a whole GO release.",
        )
    check_acyclic(pairs)


def _joining(pairs: nx.DiGraph, chosen: list[str]) -> list[str]:
    """Return the most specific common ancestors of the chosen terms, pair by pair, group by group."""
    below: defaultdict[str, set[str]] = defaultdict(set)
    for term in chosen:
        # Edges lead to parents, so what networkx calls descendants are the term's ancestors.
        for ancestor in {term, *nx.descendants(pairs, term)}:
            below[ancestor].add(term)
    shown = set(chosen)
    return sorted(
        ancestor
        for ancestor, group in below.items()
        if len(group) > 1
        and ancestor not in shown
        # A child above the same group is more specific, and joins it as well.
        and all(below.get(child) != group for child in pairs.predecessors(ancestor))
    )


def _order(pairs: nx.DiGraph, shown: list[str]) -> list[tuple[str, str]]:
    """Return child and ancestor of all shown terms but those that a longer path over shown ones implies."""
    reachable = nx.DiGraph()
    reachable.add_nodes_from(shown)
    for term in shown:
        ancestors = nx.descendants(pairs, term)
        reachable.add_edges_from((term, other) for other in shown if other in ancestors)
    return list(nx.transitive_reduction(reachable).edges)
