"""Terms and what lies above and below them: tables, graphs, the parts to draw, subtrees and families."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gotune.aspects import ASPECTS, Aspect
from gotune.errors import InputError

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from gotune.ontology.ontology import Ontology

ACYCLIC_RELATIONS = ("is_a", "part_of", "regulates", "positively_regulates", "negatively_regulates")
"""The relations of go-basic.obo, which together have no circle."""

TERM_COLUMNS = ("go_id", "name", "aspect", "definition", "n_words")


def term_table(ontology: Ontology) -> pd.DataFrame:
    r"""Return the live terms of a release in file order.

    Returns:
        Columns ``go_id``, ``name``, ``aspect`` (OBO namespace), ``definition`` (None where the term has
        none) and ``n_words`` (matches of ``\w+`` in the definition, 0 without one).
    """
    table = ontology.frame[list(TERM_COLUMNS[:-1])].copy()
    table["aspect"] = table["aspect"].astype(str)
    table["n_words"] = table["definition"].str.count(r"\w+").fillna(0).astype("int64")
    return table


def count_aspects(table: pd.DataFrame) -> dict[Aspect, int]:
    """Count the rows of each aspect, in label order."""
    counts = table["aspect"].value_counts()
    return {aspect: int(counts.get(aspect.value, 0)) for aspect in ASPECTS}


def term_graph(terms: pd.DataFrame, edges: pd.DataFrame) -> nx.MultiDiGraph[str]:
    """Return terms and edges as a graph from child to parent, edges keyed by relation.

    Args:
        terms: From `term_table`; ``name`` and ``namespace`` become node attributes, as obonet has them.
        edges: Columns ``child``, ``relation`` and ``parent``.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for go_id, name, aspect in zip(terms["go_id"], terms["name"], terms["aspect"], strict=True):
        graph.add_node(go_id, name=name, namespace=aspect)
    graph.add_edges_from(zip(edges["child"], edges["parent"], edges["relation"], strict=True))
    return graph


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What is around a term.

    Attributes:
        release: Of the ontology.
        term: Id of the term in the middle.
        graph: It, its ancestors and the chosen children: edges from child to parent, keyed by relation, the
            attributes ``name`` and ``namespace`` on the nodes. Of a child only its relations to the term.
        n_ancestors: How many there are.
        children: The chosen ones.
        n_children: How many there are.
    """

    release: str
    term: str
    graph: nx.MultiDiGraph[str]
    n_ancestors: int
    children: tuple[str, ...]
    n_children: int


def find_neighbourhood(ontology: Ontology, go_id: str, *, children: int = 0) -> Neighbourhood:
    """Return a live term with its ancestors over all relations of `ACYCLIC_RELATIONS`.

    Args:
        ontology: The release.
        go_id: The term.
        children: How many of its children to take, those with the most descendants first.

    Raises:
        UnknownTermError: No live term has this id; the message says what to use instead of an old one.
    """
    import networkx as nx

    ancestors = ontology.ancestors(go_id, ACYCLIC_RELATIONS)
    below = ontology.children(go_id, ACYCLIC_RELATIONS)
    sizes = {child: len(ontology.descendants(child, ACYCLIC_RELATIONS)) for child in below if children}
    chosen = sorted(sizes, key=lambda child: (-sizes[child], child))[:children]
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for shown in (go_id, *sorted(ancestors), *chosen):
        term = ontology[shown]
        graph.add_node(shown, name=term.name, namespace=term.aspect.value)
        for relation, parent in (*(("is_a", parent) for parent in term.is_a), *term.relationships):
            wanted = parent == go_id if shown in sizes else parent in ancestors
            if wanted and relation in ACYCLIC_RELATIONS:
                graph.add_edge(shown, parent, relation)
    return Neighbourhood(ontology.release, go_id, graph, len(ancestors), tuple(chosen), len(below))


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


def select_terms(graph: nx.MultiDiGraph[str], n: int) -> Selection:
    """Choose the ``n`` terms of highest degree, what joins them, and the links among all of these.

    Args:
        graph: Terms in obonet's convention: edges from child to parent, keyed by relation. Nodes without
            a name or outside the three aspects are passed over.
        n: How many terms to choose, at least 1. A smaller graph is shown whole.

    Raises:
        InputError: ``n`` is below 1, or the graph is empty or has a cycle.
    """
    import networkx as nx

    terms = [
        term for term, data in graph.nodes(data=True) if "name" in data and data.get("namespace") in ASPECTS
    ]
    pairs: nx.DiGraph[str] = nx.DiGraph()
    pairs.add_nodes_from(terms)
    # A copy of networkx' own view of a part of the graph takes ten times as long.
    pairs.add_edges_from(edge for edge in graph.edges() if edge[0] in pairs and edge[1] in pairs)
    _check(pairs, n)
    chosen = sorted(terms, key=lambda term: (-graph.degree(term), term))[:n]
    # Edges lead to parents, so what networkx calls descendants are the term's ancestors.
    above: dict[str, set[str]] = {term: nx.descendants(pairs, term) for term in chosen}
    joining = _joining(pairs, above)
    above |= {term: nx.descendants(pairs, term) for term in joining}
    links = [Link(child, parent, str(key)) for child, parent, key in graph.subgraph(above).edges(keys=True)]
    order = nx.DiGraph([(term, other) for term in above for other in above if other in above[term]])
    # A hidden path is not drawn beside a longer one over shown terms.
    links += [
        Link(child, parent, VIA)
        for child, parent in nx.transitive_reduction(order).edges
        if not pairs.has_edge(child, parent)
    ]
    links.sort(key=lambda link: (link.child, link.parent, link.relation))
    return Selection(tuple(chosen), tuple(joining), tuple(links))


def check_acyclic(graph: nx.DiGraph[str]) -> None:
    """Refuse a graph in which general and specific cannot be told apart.

    Raises:
        InputError: A term is its own ancestor.
    """
    import networkx as nx

    if not nx.is_directed_acyclic_graph(graph):
        raise InputError(
            "graph",
            expected="an acyclic graph",
            found="a term that is its own ancestor",
            do="Use the go-basic release; go.obo also has relations that run in circles.",
        )


def _check(pairs: nx.DiGraph[str], n: int) -> None:
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


def _joining(pairs: nx.DiGraph[str], above: Mapping[str, set[str]]) -> list[str]:
    """Return the most specific common ancestors of terms, pair by pair, group by group.

    Args:
        pairs: The whole graph.
        above: The ancestors of each term.
    """
    below: defaultdict[str, set[str]] = defaultdict(set)
    for term, ancestors in above.items():
        for ancestor in {term, *ancestors}:
            below[ancestor].add(term)
    return sorted(
        ancestor
        for ancestor, group in below.items()
        if len(group) > 1
        and ancestor not in above
        # A child above the same group is more specific, and joins it as well.
        and all(below.get(child) != group for child in pairs.predecessors(ancestor))
    )


LINEAGE_RELATIONS = ("is_a", "part_of")
"""The relations that lead from a term up to those whose subtrees it is in, and by which annotations rise."""


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
