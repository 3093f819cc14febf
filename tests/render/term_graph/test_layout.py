from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gotune.render.term_graph.layout import LEFT_TO_RIGHT, TOP_DOWN, Box, Style, lay_out, wrap
from gotune.render.term_graph.selection import Link
from tests.render.term_links import Graph, graphs

CHAIN = [Link("b", "a", "is_a"), Link("c", "b", "is_a")]


def overlap(one: Box, other: Box) -> bool:
    beside = one.left + one.width <= other.left + 1e-6 or other.left + other.width <= one.left + 1e-6
    above = one.bottom + one.height <= other.bottom + 1e-6 or other.bottom + other.height <= one.bottom + 1e-6
    return not (beside or above)


@pytest.mark.parametrize("style", [TOP_DOWN, LEFT_TO_RIGHT])
def test_a_chain_is_straight(style: Style) -> None:
    layout = lay_out("abc", CHAIN, {"a": "one", "b": "a longer name", "c": "of\u00a0three"}, style)
    across, along = zip(*(layout.boxes[term].centre for term in "abc"), strict=True)
    if style.downwards:
        assert across == pytest.approx([across[0]] * 3)
        assert along[0] > along[1] > along[2]
    else:
        assert along == pytest.approx([along[0]] * 3)
        assert across[0] < across[1] < across[2]


def test_boxes_of_a_column_have_one_width() -> None:
    links = [Link("b", "a", "is_a"), Link("c", "a", "is_a")]
    boxes = lay_out("abc", links, {"a": "x", "b": "y", "c": "a longer name"}, LEFT_TO_RIGHT).boxes
    assert boxes["b"].width == boxes["c"].width > boxes["a"].width


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


@given(graphs(), st.sampled_from([TOP_DOWN, LEFT_TO_RIGHT]), st.data())
@settings(max_examples=20)
def test_boxes_lie_apart_and_in_the_area(graph: Graph, style: Style, data: st.DataObject) -> None:
    terms, links = graph
    lengths = {term: data.draw(st.integers(0, 40)) for term in terms}
    layout = lay_out(terms, links, {term: "ab " * n for term, n in lengths.items()}, style)
    boxes = list(layout.boxes.values())
    assert not any(overlap(one, other) for one, other in combinations(boxes, 2))
    for box in boxes:
        assert box.left >= -1e-6
        assert box.bottom >= -1e-6
        assert box.left + box.width <= layout.width + 1e-6
        assert box.bottom + box.height <= layout.height + 1e-6
    assert all(-1e-6 <= place <= max(layout.width, layout.height) for place in layout.places.values())
