from __future__ import annotations

import sys
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.path import Path as Curve
from numpy.typing import NDArray

from gotune.errors import MissingExtraError
from gotune.ontology.graph import Link
from gotune.render.term_graph.layout import LEFT_TO_RIGHT, TOP_DOWN, Box, Layout, Style, lay_out, wrap
from tests.examples import some

STYLES = [TOP_DOWN, LEFT_TO_RIGHT]
CHAIN = [Link("b", "a", "is_a"), Link("c", "b", "is_a")]
FORK = [Link("b", "a", "is_a"), Link("c", "a", "is_a"), Link("c", "a", "part_of")]

PADDING = 0.06
"""Least room around the text in a box: an arrow that grazes a corner does not reach it."""
SLIP = 0.15
"""Graphviz counts no bulges of curves to the area; half the margin of a picture."""

Graph = tuple[list[str], list[Link]]
Points = NDArray[np.float64]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Return up to twelve terms and links among them, without a circle."""
    n = draw(st.integers(1, 12))
    terms = [f"t{number}" for number in range(n)]
    triples = [
        (child, parent, relation)
        for child in range(n)
        for parent in range(child)
        for relation in ("is_a", "part_of")
    ]
    chosen = draw(st.lists(st.sampled_from(triples), unique=True, max_size=20)) if triples else []
    return terms, [Link(terms[child], terms[parent], relation) for child, parent, relation in chosen]


def lay(terms: list[str], links: list[Link], style: Style) -> Layout:
    return lay_out(terms, links, {term: f"name of {term}" for term in terms}, style)


def points_of(curve: Curve) -> Points:
    flat = curve.to_polygons(closed_only=False)[0]
    return np.asarray(Curve(flat).interpolated(20).vertices, dtype=float)


def inside(points: Points, box: Box, margin: float) -> bool:
    x, y = points[:, 0] - box.left, points[:, 1] - box.bottom
    found = (margin < x) & (x < box.width - margin) & (margin < y) & (y < box.height - margin)
    return bool(found.any())


def overlap(one: Box, other: Box) -> bool:
    beside = one.left + one.width <= other.left or other.left + other.width <= one.left
    above = one.bottom + one.height <= other.bottom or other.bottom + other.height <= one.bottom
    return not (beside or above)


@pytest.mark.parametrize("style", STYLES)
def test_a_chain_is_straight(style: Style) -> None:
    layout = lay_out("abc", CHAIN, {"a": "one", "b": "a longer name", "c": "of\u00a0three"}, style)
    x, y = zip(*(layout.boxes[term].centre for term in "abc"), strict=True)
    if style.downwards:
        assert x == pytest.approx([x[0]] * 3, abs=0.01)
        assert y[0] > y[1] > y[2]
    else:
        assert y == pytest.approx([y[0]] * 3, abs=0.01)
        assert x[0] < x[1] < x[2]


def test_a_general_term_stands_near_what_is_below_it_and_parts_begin_together() -> None:
    links = [*CHAIN, Link("c", "x", "is_a"), Link("z", "y", "is_a")]
    boxes = lay([*"abcxyz"], links, TOP_DOWN).boxes
    height = {term: box.centre[1] for term, box in boxes.items()}
    assert height["x"] == pytest.approx(height["b"], abs=0.01)
    assert height["y"] == pytest.approx(height["a"], abs=0.01)


@pytest.mark.parametrize("style", STYLES)
def test_terms_stand_in_the_given_order_where_nothing_else_matters(style: Style) -> None:
    boxes = lay(["b", "a", "c"], [], style).boxes
    places = {term: box.left if style.downwards else -box.bottom for term, box in boxes.items()}
    assert sorted(places, key=lambda term: places[term]) == ["b", "a", "c"]


def test_from_left_to_right_boxes_have_one_width_and_arrows_to_a_parent_one_end() -> None:
    terms = ["a", "b", "c"]
    layout = lay_out(terms, FORK, {"a": "x", "b": "y", "c": "a longer name"}, LEFT_TO_RIGHT)
    assert len({box.width for box in layout.boxes.values()}) == 1
    ends = np.array([points_of(curve)[-1] for curve in layout.curves])
    np.testing.assert_allclose(ends, ends[[0, 0, 0]], atol=0.01)
    assert ends[0] == pytest.approx((layout.boxes["a"].width, layout.boxes["a"].centre[1]), abs=0.02)


def test_all_relations_of_a_pair_are_seen() -> None:
    first, second = lay(["a", "c"], FORK[1:], TOP_DOWN).curves
    assert np.abs(points_of(first)[:3] - points_of(second)[:3]).max() > 0.05


def test_more_arrows_have_more_room() -> None:
    wide = [f"t{number}" for number in range(40)]
    links = [Link(child, "a", "is_a") for child in wide]
    few, many = (lay(["a", *wide], links[:n], TOP_DOWN).boxes for n in (2, 40))
    assert many["a"].bottom - many["t0"].bottom > few["a"].bottom - few["t0"].bottom + 0.1


def test_a_label_has_longer_lines_only_where_it_would_have_too_many() -> None:
    assert wrap("regulation of cell division", 20) == "regulation of cell\ndivision"
    long = wrap("word " * 40, 20).split("\n")
    assert len(long) <= 6
    assert " ".join(long).split() == ["word"] * 40
    assert max(map(len, long)) > 20


def test_an_endless_label_is_cut() -> None:
    lines = wrap("x" * 5000, 20).split("\n")
    assert len(lines) == 6
    assert max(map(len, lines)) <= 60
    assert lines[-1].endswith("…")
    assert wrap("", 20) == ""


@given(graphs(), st.sampled_from(STYLES), st.data())
@some(25)
def test_parents_first_boxes_apart_and_arrows_only_between_their_own(
    graph: Graph, style: Style, data: st.DataObject
) -> None:
    terms, links = graph
    labels = {term: "ab " * data.draw(st.integers(0, 40)) for term in terms}
    layout = lay_out(terms, links, labels, style)
    boxes = layout.boxes
    assert not any(overlap(one, other) for one, other in combinations(boxes.values(), 2))
    for box in boxes.values():
        assert -0.01 <= box.left
        assert -0.01 <= box.bottom
        assert box.left + box.width <= layout.width + 0.01
        assert box.bottom + box.height <= layout.height + 0.01
    for link, curve in zip(links, layout.curves, strict=True):
        child, parent = boxes[link.child], boxes[link.parent]
        if style.downwards:
            assert parent.bottom > child.bottom + child.height
        else:
            assert parent.left + parent.width < child.left
        points = points_of(curve)
        assert points.min() >= -SLIP
        assert points[:, 0].max() <= layout.width + SLIP
        assert points[:, 1].max() <= layout.height + SLIP
        assert not any(inside(points, box, PADDING) for box in boxes.values())
        assert inside(points[:1], child, -0.03)
        assert inside(points[-1:], parent, -0.03)


def test_names_of_an_ontology_are_text_and_nothing_else() -> None:
    """What is a label, an escape or an end of a statement to Graphviz is not, as a name or as an id."""
    terms = ['a"]; graph [bb="0,0,9e9,9e9', "<b>b</b>", "\\N\\G", "c:s", "%0", "", "é\ud800"]
    links = [Link(child, parent, "<i>\\E") for parent, child in pairwise(terms)]
    hostile = lay_out(terms, links, dict.fromkeys(terms, "abc"), TOP_DOWN)
    harmless = [Link(child, parent, "is_a") for parent, child in pairwise("abcdefg")]
    plain = lay_out("abcdefg", harmless, dict.fromkeys("abcdefg", "abc"), TOP_DOWN)
    assert list(hostile.boxes) == terms
    assert list(hostile.boxes.values()) == list(plain.boxes.values())
    assert lay_out(["a"], [], {"a": "<b>\\N</b>"}, TOP_DOWN).boxes["a"].label == "<b>\\N</b>"


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    with pytest.raises(MissingExtraError, match=r'pip install "gotune\[explore\]"'):
        lay(["a"], [], TOP_DOWN)
