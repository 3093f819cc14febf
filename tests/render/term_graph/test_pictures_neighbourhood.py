from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text

from gotune.aspects import ASPECTS
from gotune.errors import InputError
from gotune.ontology.graph import Neighbourhood, find_neighbourhood
from gotune.ontology.loading import example_ontology
from gotune.ontology.ontology import Ontology
from gotune.ontology.terms import Term
from gotune.render.figures import save_figure
from gotune.render.term_graph.pictures import plot_neighbourhood
from tests.datasets.ontologies import go_id, grown_ontology, ontology_of

Draw = Callable[[Figure], Any]

NAMES = (
    "<script>alert('x')</script> & <b>",
    "$\\frac{1}{0}$ _^{",
    "\u202eright to left\u202c שלום",
    "zero\u200bwidth",
    "emoji 🧬",
    "x" * 3000,
    "-" * 400,
    "",
)


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ontology:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path))
    return example_ontology()


@pytest.fixture
def hostile() -> Neighbourhood:
    """A chain of terms with names that are hard to draw, each a part of all before it."""
    terms = [
        Term(
            go_id(number),
            name,
            ASPECTS[number % 3],
            is_a=(go_id(number - 1),) if number else (),
            relationships=tuple(("part_of", go_id(other)) for other in range(number - 1)),
        )
        for number, name in enumerate(NAMES)
    ]
    return find_neighbourhood(ontology_of(terms), go_id(len(NAMES) - 1))


def boxes_of(figure: Figure) -> list[FancyBboxPatch]:
    return [patch for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]


def test_ancestors_stand_above_and_children_below(example: Ontology) -> None:
    figure = plot_neighbourhood(find_neighbourhood(example, "GO:9000018", children=4))
    height = {str(text.get_gid()): text.get_position()[1] for text in figure.axes[0].texts}
    assert set(height) == {
        "GO:9000001", "GO:9000018", "GO:9000019", "GO:9000020", "GO:9000021", "GO:9000022",
        *example.ancestors("GO:9000018"),
    }  # fmt: skip
    assert max(height, key=lambda term: height[term]) == "GO:9000001"
    assert height["GO:9000020"] < height["GO:9000018"] < height["GO:9000001"]
    filled = [to_hex(box.get_facecolor()) != "#ffffff" for box in boxes_of(figure)]
    names = [str(text.get_gid()) for text in figure.axes[0].texts]
    assert [name for name, is_filled in zip(names, filled, strict=True) if is_filled] == ["GO:9000018"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "the term itself",
        "biological process",
        "is a",
        "part of",
        "regulates",
        "positively regulates",
        "negatively regulates",
    ]


def test_title_and_caption(example: Ontology, texts_of: Callable[[Figure], list[str]]) -> None:
    texts = [" ".join(text.split()) for text in texts_of(plot_neighbourhood(
        find_neighbourhood(example, "GO:9000018", children=2)))]  # fmt: skip
    assert "cell division (GO:9000018)" in texts
    assert "1 ancestor, 2 of 4 children, GO release 2024-02-29" in texts
    assert (
        "Arrows point from a term to its parent. Of a child only "
        "its relations to the term are shown; the children are those with the most descendants."
    ) in texts


@pytest.mark.parametrize("children", [0, 2, 4])
def test_no_word_of_the_caption_stands_alone(
    children: int, example: Ontology, texts_of: Callable[[Figure], list[str]]
) -> None:
    texts = texts_of(plot_neighbourhood(find_neighbourhood(example, "GO:9000018", children=children)))
    lines = next(text for text in texts if text.startswith("Arrows")).split("\n")
    assert min(map(len, lines)) > 0.7 * max(map(len, lines))


def test_a_long_name_is_whole_in_the_title(draw: Draw) -> None:
    name = "oxidoreductase activity, acting on paired donors, with incorporation of oxygen, " * 2 + "reduced"
    figure = plot_neighbourhood(find_neighbourhood(ontology_of([Term("GO:1", name, ASPECTS[2])]), "GO:1"))
    renderer = draw(figure).get_renderer()
    title, subtitle, *_ = figure.texts
    assert " ".join(title.get_text().split()) == f"{name} (GO:1)"
    above, below = title.get_window_extent(renderer), subtitle.get_window_extent(renderer)
    assert not above.overlaps(below)
    assert above.x0 > 0
    assert above.x1 < figure.bbox.width
    assert above.y1 < figure.bbox.height


def test_a_root_alone(example: Ontology, texts_of: Callable[[Figure], list[str]]) -> None:
    texts = texts_of(plot_neighbourhood(find_neighbourhood(example, "GO:9000003")))
    assert "a root, GO release 2024-02-29" in texts
    assert "is a" not in texts


def test_any_name_fits_its_box(hostile: Neighbourhood, draw: Draw, tmp_path: Path) -> None:
    figure = plot_neighbourhood(hostile)
    figure.set_dpi(150)  # as it is saved
    renderer = draw(figure).get_renderer()
    boxes = [box.get_window_extent(renderer) for box in boxes_of(figure)]
    assert not any(one.overlaps(two) for one, two in combinations(boxes, 2))
    for box, text in zip(boxes, figure.axes[0].texts, strict=True):
        extent = text.get_window_extent(renderer)
        assert text.get_text()
        assert (box.x0 < extent.x0, extent.x1 < box.x1) == (True, True), text
        assert (box.y0 <= extent.y0, extent.y1 <= box.y1) == (True, True), text
    save_figure(figure, tmp_path / "a.svg")
    assert "<script>alert" not in (tmp_path / "a.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("term", [1999, 1000])
def test_no_text_overlaps_or_is_clipped(term: int, draw: Draw) -> None:
    figure = plot_neighbourhood(find_neighbourhood(grown_ontology(), go_id(term), children=5))
    renderer = draw(figure).get_renderer()
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text()]
    extents = [text.get_window_extent(renderer) for text in texts]
    assert not any(one.overlaps(two) for one, two in combinations(extents, 2))
    for extent in extents:
        assert (extent.x0 >= 0, extent.y0 >= 0) == (True, True)
        assert (extent.x1 <= figure.bbox.width, extent.y1 <= figure.bbox.height) == (True, True)


def test_the_same_term_gives_the_same_bytes(hostile: Neighbourhood, tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        save_figure(plot_neighbourhood(hostile), tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def test_a_circle_is_refused() -> None:
    terms = [
        Term("a", "a", ASPECTS[0], is_a=("b",)),
        Term("b", "b", ASPECTS[0], is_a=("c",)),
        Term("c", "c", ASPECTS[0], is_a=("b",)),
    ]
    with pytest.raises(InputError, match="a term that is its own ancestor"):
        plot_neighbourhood(find_neighbourhood(ontology_of(terms), "a"))
