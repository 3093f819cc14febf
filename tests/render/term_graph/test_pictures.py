from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from matplotlib.text import Text

from gotune.aspects import Aspect
from gotune.render.term_graph.pictures import plot_term_graph

Draw = Callable[[Figure], Any]


def labels_of(figure: Figure) -> dict[str, Text]:
    return {str(text.get_gid()): text for text in figure.axes[0].texts}


def arrows_of(figure: Figure) -> dict[str, FancyArrowPatch]:
    return {str(p.get_gid()): p for p in figure.axes[0].patches if isinstance(p, FancyArrowPatch)}


def boxes_of(figure: Figure) -> list[FancyBboxPatch]:
    return [patch for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]


@pytest.fixture
def large_graph() -> nx.MultiDiGraph:
    """A random ontology of 400 terms with names of 1 to 25 words."""
    random = np.random.default_rng(0)
    aspects = list(Aspect)
    graph = nx.MultiDiGraph()
    for index in range(400):
        name = " ".join(
            ["regulation", "of", "oxidoreductase"][word % 3] for word in range(random.integers(1, 26))
        )
        graph.add_node(str(index), name=name, namespace=aspects[index % 3].value)
        for parent in random.integers(0, max(1, index // 3), size=2):
            if parent < index:
                graph.add_edge(
                    str(index), str(parent), key=str(random.choice(["is_a", "part_of", "occurs_in"]))
                )
    return graph


def test_every_term_is_labelled_with_its_name(term_graph: nx.MultiDiGraph) -> None:
    labels = labels_of(plot_term_graph(term_graph, 14))
    names = {term: " ".join(text.get_text().split()) for term, text in labels.items()}
    assert names["GO:2"] == "metabolic process (5)"
    assert names["GO:4"].startswith("positive regulation of the metabolic process of a compound")
    assert names["GO:4"].endswith("$long_name^ (2)")
    assert set(names) == set(term_graph)


def test_boxes_have_the_colour_of_the_aspect(term_graph: nx.MultiDiGraph) -> None:
    figure = plot_term_graph(term_graph, 14)
    colours = sorted(to_hex(box.get_edgecolor()).upper() for box in boxes_of(figure))
    expected = sorted(Aspect(data["namespace"]).colour for _, data in term_graph.nodes(data=True))
    assert colours == expected


def test_arrows_run_from_child_to_parent_leftwards(term_graph: nx.MultiDiGraph) -> None:
    figure = plot_term_graph(term_graph, 14)
    arrows = arrows_of(figure)
    assert set(arrows) == {f"{child} {key} {parent}" for child, parent, key in term_graph.edges(keys=True)}
    labels = labels_of(figure)
    for name, arrow in arrows.items():
        child, _, parent = name.split()
        assert labels[parent].get_position()[0] < labels[child].get_position()[0]
        path = np.asarray(arrow.get_path().vertices)
        assert path[0][0] > path[-1][0]


def test_relations_have_styles_and_a_legend(term_graph: nx.MultiDiGraph) -> None:
    figure = plot_term_graph(term_graph, 14)
    arrows = arrows_of(figure)
    assert arrows["GO:13 is_a GO:12"].get_linestyle() in {"-", "solid"}
    assert arrows["GO:13 part_of GO:12"].get_linestyle() in {"--", "dashed"}
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "biological process (n = 8)",
        "cellular component (n = 3)",
        "molecular function (n = 3)",
        "is a",
        "part of",
        "regulates",
        "positively regulates",
    ]


def test_hidden_paths_and_joining_terms_are_in_the_legend(term_graph: nx.MultiDiGraph) -> None:
    term_graph.add_edges_from(
        [(f"x{index}", parent, "is_a") for index in range(9) for parent in ("GO:6", "GO:8")]
    )
    for index in range(9):
        term_graph.add_node(f"x{index}", name=f"x{index}", namespace="biological_process")
    figure = plot_term_graph(term_graph, 2)
    assert list(arrows_of(figure)) == ["GO:6 via GO:2", "GO:8 via GO:2"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "biological process (n = 2)",
        "common ancestor of two or more",
        "path through terms not shown",
    ]
    faces = [to_hex(box.get_facecolor()) for box in boxes_of(figure)]
    assert faces.count("#ffffff") == 1


def test_title_and_caption(term_graph: nx.MultiDiGraph, texts_of: Callable[[Figure], list[str]]) -> None:
    texts = texts_of(plot_term_graph(term_graph, 14))
    assert "Terms of highest degree: 14 of 14" in texts
    caption = next(" ".join(text.split()) for text in texts if text.startswith("In brackets"))
    assert caption == (
        "In brackets, the degree of a term: how many relations to parents and children it has in the whole "
        "ontology (is a, part of, positively regulates, regulates). Arrows point from a term to its parent; "
        "those that flow together have one parent."
    )


@pytest.mark.parametrize("n", [1, 14, 40])
def test_no_labels_overlap_and_none_is_clipped(large_graph: nx.MultiDiGraph, draw: Draw, n: int) -> None:
    figure = plot_term_graph(large_graph, n)
    renderer = draw(figure).get_renderer()
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text()]
    extents = [text.get_window_extent(renderer) for text in texts]
    assert not [
        (one.get_text(), two.get_text())
        for (one, first), (two, second) in combinations(zip(texts, extents, strict=True), 2)
        if first.overlaps(second)
    ]
    for extent in extents:
        assert extent.x0 >= 0
        assert extent.y0 >= 0
        assert extent.x1 <= figure.bbox.width
        assert extent.y1 <= figure.bbox.height


def test_labels_fit_their_boxes_and_boxes_lie_apart(large_graph: nx.MultiDiGraph, draw: Draw) -> None:
    figure = plot_term_graph(large_graph, 30)
    renderer = draw(figure).get_renderer()
    boxes = [box.get_window_extent(renderer) for box in boxes_of(figure)]
    for box, text in zip(boxes, figure.axes[0].texts, strict=True):
        extent = text.get_window_extent(renderer)
        assert box.x0 < extent.x0
        assert extent.x1 < box.x1
        assert box.y0 <= extent.y0
        assert extent.y1 <= box.y1
    assert not any(one.overlaps(two) for one, two in combinations(boxes, 2))


def test_arrows_pass_no_box(large_graph: nx.MultiDiGraph) -> None:
    figure = plot_term_graph(large_graph, 30)
    boxes = [box.get_path().get_extents() for box in boxes_of(figure)]
    for arrow in arrows_of(figure).values():
        flat = arrow.get_path().to_polygons(closed_only=False)[0]
        points = np.asarray(Path(flat).interpolated(20).vertices)
        for box in boxes:
            inside = (box.x0 + 0.02 < points[:, 0]) & (points[:, 0] < box.x1 - 0.02)
            inside &= (box.y0 + 0.02 < points[:, 1]) & (points[:, 1] < box.y1 - 0.02)
            assert not inside.any()


def test_the_same_graph_gives_the_same_picture(large_graph: nx.MultiDiGraph, draw: Draw) -> None:
    one, two = (np.asarray(draw(plot_term_graph(large_graph, 10)).buffer_rgba()) for _ in range(2))
    np.testing.assert_array_equal(one, two)
