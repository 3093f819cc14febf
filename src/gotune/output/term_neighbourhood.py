"""Picture of one term and all that is above it."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from gotune.aspects import ASPECTS, Aspect
from gotune.data.neighbourhood import Neighbourhood
from gotune.output.lettering import drawable
from gotune.output.term_drawing import Frame, aspect_handles, draw_terms, empty_box
from gotune.output.term_layout import TOP_DOWN, lay_out
from gotune.output.term_selection import Link, check_acyclic


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
    return draw_terms(layout, links, aspects, {neighbourhood.term}, _frame(neighbourhood, key))


def _frame(neighbourhood: Neighbourhood, key: list[Patch]) -> Frame:
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
    caption = "Arrows point from a term to its parent; those that flow together have one parent."
    if n_shown:
        caption += " Of a child only its relations to the term are shown"
        caption += "; the children are those with the most descendants." if n_shown < n_below else "."
    return Frame(
        title=f"{neighbourhood.graph.nodes[term]['name']} ({term})".strip(),
        subtitle=drawable(", ".join(filter(None, facts))),
        caption=caption,
        key=key,
    )
