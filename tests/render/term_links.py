"""Small made-up graphs of terms, for the tests of their layout."""

from __future__ import annotations

from hypothesis import strategies as st

from gotune.render.term_graph.selection import Link

RELATIONS = ("is_a", "part_of")

Graph = tuple[list[str], list[Link]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Return up to twelve terms and links among them, without a circle."""
    n = draw(st.integers(1, 12))
    terms = [f"t{number}" for number in range(n)]
    pairs = [(child, parent) for child in range(n) for parent in range(child)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=20)) if pairs else []
    relations = [draw(st.sampled_from(RELATIONS)) for _ in chosen]
    links = [
        Link(terms[child], terms[parent], relation)
        for (child, parent), relation in zip(chosen, relations, strict=True)
    ]
    return terms, links
