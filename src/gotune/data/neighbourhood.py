"""A term with all that is above it, as a small graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gotune.data.terms import ACYCLIC_RELATIONS

if TYPE_CHECKING:
    import networkx as nx

    from gotune.ontology.ontology import Ontology


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
