"""Pictures of terms: those of highest degree of an ontology, and one term with all that is above it."""

from __future__ import annotations

from collections import Counter

import networkx as nx
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from gotune.aspects import ASPECTS, Aspect
from gotune.ontology.graph import Link, Neighbourhood, Selection, check_acyclic, select_terms
from gotune.render.lettering import drawable
from gotune.render.term_graph.drawing import Frame, aspect_handles, draw_terms, empty_box
from gotune.render.term_graph.layout import LEFT_TO_RIGHT, TOP_DOWN, lay_out


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
    frame = _graph_frame(selection, graph, Counter(aspects[term] for term in selection.chosen))
    return draw_terms(layout, selection.links, aspects, selection.chosen, frame)


def _graph_frame(selection: Selection, graph: nx.MultiDiGraph, counts: Counter[Aspect]) -> Frame:
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


def plot_neighbourhood(neighbourhood: Neighbourhood) -> Figure:
    """Draw a term, all its ancestors up to the roots, above it, and chosen children, below it.

    The figure grows with the number of ancestors: a hundred are a poster, still legible.

    Raises:
        InputError: A term is its own ancestor.
    """
    graph = neighbourhood.graph
    check_acyclic(graph)
    labels = {term: drawable(graph.nodes[term]["name"]) or term for term in graph}
    aspects = {term: Aspect(graph.nodes[term]["namespace"]) for term in graph}
    order = sorted(graph, key=lambda term: (aspects[term].label, labels[term], term))
    links = [Link(child, parent, str(relation)) for child, parent, relation in graph.edges(keys=True)]
    links.sort(key=lambda link: (labels[link.child], link.child, link.parent, link.relation))
    layout = lay_out(order, links, labels, TOP_DOWN)
    others = {aspects[term] for term in graph if term != neighbourhood.term}
    own = aspects[neighbourhood.term]
    key = [*aspect_handles({own: 1}), *(empty_box(a.words, a.colour) for a in ASPECTS if a in others)]
    key[0].set_label("the term itself")
    return draw_terms(layout, links, aspects, {neighbourhood.term}, _neighbourhood_frame(neighbourhood, key))


def _neighbourhood_frame(neighbourhood: Neighbourhood, key: list[Patch]) -> Frame:
    term = neighbourhood.term
    n_above, n_below, n_shown = (
        neighbourhood.n_ancestors,
        neighbourhood.n_children,
        len(neighbourhood.children),
    )
    facts = [
        f"{n_above:,} ancestor{'' if n_above == 1 else 's'}" if n_above else "a root",
        f"{n_shown:,} of {n_below:,} children" if n_shown else "",
        f"GO release {neighbourhood.release}",
    ]
    caption = "Arrows point from a term to its parent."
    if n_shown:
        caption += " Of a child only its relations to the term are shown"
        caption += "; the children are those with the most descendants." if n_shown < n_below else "."
    return Frame(
        title=f"{neighbourhood.graph.nodes[term]['name']} ({term})".strip(),
        subtitle=drawable(", ".join(filter(None, facts))),
        caption=caption,
        key=key,
    )
