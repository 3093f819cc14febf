from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from gotune.aspects import ASPECTS
from gotune.explanation.term_map.report import plot_term_map
from gotune.explanation.term_map.results import MappedTerm, Projection, TermMap
from gotune.render.figures import save_figure

Draw = Callable[[Figure], Any]

HOSTILE = ("<script>alert(1)</script>", "$x_1$ \\frac{", "\u202eabc שלום", "🧬" * 9, "long " * 200, "")


def make_map(projection: Projection = Projection.PCA, n: int = 300) -> TermMap:
    random = np.random.default_rng(0)
    terms = []
    for number in range(n):
        aspect = ASPECTS[number % 3]
        x, y = random.normal(size=2) + np.array([3, 1]) * aspect.label
        terms.append(MappedTerm(f"GO:{number}", HOSTILE[number % len(HOSTILE)], aspect, x, y))
    explained = (0.25, 0.125) if projection is Projection.PCA else None
    return TermMap(tuple(terms), "encoder_$1$, fine-tuned", projection, explained, 0.876, "2021-12-15", 7)


def test_every_term_has_the_colour_and_the_shape_of_its_aspect() -> None:
    figure = plot_term_map(make_map())
    drawn: dict[str, tuple[set[bytes], int]] = {}
    for marks in figure.axes[0].collections:
        assert isinstance(marks, PathCollection)
        colours = {to_hex(tuple(colour)).upper() for colour in np.asarray(marks.get_facecolor()).tolist()}
        for colour in colours:  # those without any are rings around named terms
            shapes, n = drawn.get(colour, (set(), 0))
            shape = np.asarray(marks.get_paths()[0].vertices).tobytes()
            drawn[colour] = (shapes | {shape}, n + len(np.asarray(marks.get_offsets())))
    assert {colour: n for colour, (_, n) in drawn.items()} == {aspect.colour: 100 for aspect in ASPECTS}
    found = [shapes for shapes, _ in drawn.values()]
    assert [len(shapes) for shapes in found] == [1, 1, 1]
    assert len(set.union(*found)) == 3


def test_words(texts_of: Callable[[Figure], list[str]]) -> None:
    texts = [" ".join(text.split()) for text in texts_of(plot_term_map(make_map()))]
    assert "300 terms by the text of their definitions" in texts
    assert "encoder_$1$, fine-tuned PCA; GO release 2021-12-15" in texts
    assert "first principal component (25.0% of the variance)" in texts
    assert "second principal component (12.5% of the variance)" in texts
    assert "cellular component (n = 100)" in texts
    assert any("the nearest neighbour of 87.6% of the terms has the same aspect. Seed 7." in t for t in texts)
    texts = texts_of(plot_term_map(make_map(Projection.UMAP)))
    assert "UMAP 1 (no unit)" in texts
    assert any("How far groups are apart" in text for text in texts)


def test_no_text_overlaps_or_is_clipped(draw: Draw) -> None:
    figure = plot_term_map(make_map())
    renderer = draw(figure).get_renderer()
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text().strip()]
    extents = [text.get_window_extent(renderer) for text in texts]
    assert len(figure.axes[0].texts) > 3
    assert not any(one.overlaps(two) for one, two in combinations(extents, 2))
    for extent in extents:
        assert (extent.x0 >= 0, extent.y0 >= 0) == (True, True)
        assert (extent.x1 <= figure.bbox.width, extent.y1 <= figure.bbox.height) == (True, True)


def test_no_name_lies_on_a_marker(draw: Draw) -> None:
    figure = plot_term_map(make_map())
    renderer = draw(figure).get_renderer()
    axes = figure.axes[0]
    places = np.concatenate([np.asarray(marks.get_offsets()) for marks in axes.collections])
    dots = axes.transData.transform(places)
    for name in axes.texts:
        box = name.get_window_extent(renderer)
        across = (box.x0 < dots[:, 0]) & (dots[:, 0] < box.x1)
        upwards = (box.y0 < dots[:, 1]) & (dots[:, 1] < box.y1)
        assert not (across & upwards).any()


def test_where_markers_are_dense_a_line_leads_from_the_name(draw: Draw) -> None:
    places = [(-3, 0.5), (4, 0.5), *((n % 20 / 20, n // 20 / 20) for n in range(400))]
    terms = tuple(MappedTerm(f"GO:{n}", "kinase", ASPECTS[0], *place) for n, place in enumerate(places))
    found = TermMap(terms, "encoder", Projection.PCA, (0.5, 0.25), 1.0, "2021-12-15", 0)
    axes = plot_term_map(found).axes[0]
    offsets = np.concatenate([np.asarray(marks.get_offsets()) for marks in axes.collections])
    assert axes.lines
    for line in axes.lines:
        start, *_, end = np.asarray(line.get_xydata())
        marker = start - 0.05 * (end - start) / np.linalg.norm(end - start)
        assert np.linalg.norm(offsets - marker, axis=1).min() == pytest.approx(0, abs=1e-9)
        assert np.linalg.norm(end - start) > 0.19


def test_long_names_are_wrapped_and_cut_at_last() -> None:
    whole = "positive regulation of transcription from RNA polymerase II promoter in response to heat"
    names = (whole, "membrane", f"{whole}, involved in the response of yeast to other things than heat")
    terms = tuple(MappedTerm(f"GO:{n}", name, ASPECTS[n], n, n) for n, name in enumerate(names))
    found = TermMap(terms, "encoder", Projection.PCA, (0.5, 0.25), 1.0, "2021-12-15", 0)
    texts = {text.get_gid(): text.get_text() for text in plot_term_map(found).axes[0].texts}
    assert texts == {
        "GO:0": "positive regulation of\ntranscription from RNA\npolymerase II promoter in…",
        "GO:1": "membrane",
        "GO:2": "positive regulation of\ntranscription from RNA\npolymerase II promoter in…",
    }


def test_all_markers_lie_within_the_plane_at_one_scale() -> None:
    found = make_map(n=60)
    axes = plot_term_map(found).axes[0]
    places = np.concatenate([np.asarray(marks.get_offsets()) for marks in axes.collections])
    assert (places.min() > 0, places[:, 0].max() < axes.get_xlim()[1]) == (True, True)
    assert places[:, 1].max() < axes.get_ylim()[1]
    points = np.array([(term.x, term.y) for term in found.terms])
    width, height = np.ptp(points, axis=0)
    assert np.ptp(places[:, 0]) / np.ptp(places[:, 1]) == pytest.approx(width / height)


def test_terms_in_one_place_can_be_drawn(draw: Draw) -> None:
    terms = tuple(MappedTerm(str(n), "same", ASPECTS[0], 1.0, 1.0) for n in range(10))
    found = TermMap(terms, "encoder", Projection.PCA, (1.0, 0.0), 1.0, "unknown", 0)
    figure = plot_term_map(found)
    draw(figure)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["biological process (n = 10)"]


def test_the_same_map_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        save_figure(plot_term_map(make_map(n=30)), tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert "<script>alert" not in (tmp_path / "one.svg").read_text(encoding="utf-8")
