"""Picture of the terms of highest degree of an ontology, readable term by term."""

from __future__ import annotations

from collections import Counter

import networkx as nx
from matplotlib.figure import Figure

from gotune.aspects import Aspect
from gotune.output.lettering import drawable
from gotune.output.term_drawing import Frame, aspect_handles, draw_terms, empty_box
from gotune.output.term_layout import LEFT_TO_RIGHT, lay_out
from gotune.output.term_selection import Selection, select_terms


def plot_term_graph(graph: nx.MultiDiGraph, n: int = 30) -> Figure:
    """Draw the ``n`` terms of highest degree, and the common ancestors that join them.

    The degree of a term is the number of its relations to parents and children in the whole graph.
    Ancestors stand left of their descendants. An arrow is a relation between two terms of the picture, or,
    dotted, a path through terms that are not in it. The figure grows with ``n``; up to about 40 terms fit a
    page.

    Args:
        graph: Terms in obonet's convention: edges from child to parent, keyed by relation; the attributes
            ``name`` and ``namespace`` on the nodes.
        n: How many terms, at least 1.

    Raises:
        InputError: ``n`` is below 1, or the graph is empty or has a cycle.
    """
    selection = select_terms(graph, n)
    shown = [*selection.chosen, *selection.joining]
    labels = {term: drawable(graph.nodes[term]["name"]) or term for term in shown}
    labels |= {term: f"{labels[term]} ({graph.degree(term):,})" for term in selection.chosen}
    aspects = {term: Aspect(graph.nodes[term]["namespace"]) for term in shown}
    order = sorted(shown, key=lambda term: (aspects[term].label, labels[term], term))
    layout = lay_out(order, selection.links, labels, LEFT_TO_RIGHT)
    frame = _frame(selection, graph, Counter(aspects[term] for term in selection.chosen))
    return draw_terms(layout, selection.links, aspects, selection.chosen, frame)


def _frame(selection: Selection, graph: nx.MultiDiGraph, counts: Counter[Aspect]) -> Frame:
    n = len(selection.chosen)
    relations = sorted({str(relation).replace("_", " ") for _, _, relation in graph.edges(keys=True)})
    key = aspect_handles(counts)
    if selection.joining:
        key.append(empty_box("common ancestor of two or more"))
    return Frame(
        title=f"Terms of highest degree: {n:,} of {len(graph):,}",
        subtitle="with the ancestors that join them" if selection.joining else "",
        caption=drawable(
            "In brackets, the degree of a term: how many relations to parents and children it has in the "
            f"whole ontology ({', '.join(relations)}). Arrows point from a term to its parent; those that "
            "flow together have one parent."
        ),
        key=key,
    )
