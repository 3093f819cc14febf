"""How legible the pictures of ten terms with 10 to 120 boxes are, and how long they take.

::

    python benchmarks/term_layout.py [--pictures folder/]

All is measured on the drawn figures, so an older copy of gotune can stand beside
(``PYTHONPATH=old/src python benchmarks/term_layout.py``). Release 2021-12-15, over is_a, part_of and the
kinds of regulates. The last two rows: ``gotune explore dataset``, the 30 and the 60 terms of highest degree.

Columns: boxes and arrows; seconds of processor time to lay out and draw, the best of three; area of the
figure in square inches; places where arrows cross, those less than 0.04 inches apart counted once; inches of
arrows; inches that an arrow runs beside another, less than 0.05 inches away; boxes that overlap; boxes that
arrows of others touch. Arrows that have a box in common are not held against each other.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from gotune.ontology.graph import ACYCLIC_RELATIONS, find_neighbourhood, term_graph, term_table
from gotune.ontology.loading import load_ontology
from gotune.render.figures import save_figure
from gotune.render.term_graph.pictures import plot_neighbourhood, plot_term_graph

TERMS = (
    "GO:0044805", "GO:0005759", "GO:0048440", "GO:0046049", "GO:2001240",
    "GO:0061621", "GO:0015986", "GO:1905943", "GO:0061157", "GO:1900152",
)  # fmt: skip
STEP = 0.02
SAME_PLACE = 0.04
BESIDE = 0.05
PARALLEL = 0.94
"""Cosine of the angle between two arrows that run beside each other, at least."""

Points = NDArray[np.complex128]
"""Places in the plane, in inches: x is the real part, y the imaginary one."""


def points_of(arrow: FancyArrowPatch) -> Points:
    """Return points along an arrow, a step apart."""
    (flat,) = arrow.get_path().to_polygons(closed_only=False)[:1]
    corners = flat[:, 0] + 1j * flat[:, 1]
    along = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(corners)))])
    return np.interp(np.linspace(0, along[-1], 2 + int(along[-1] / STEP)), along, corners)


class Arrows:
    """All arrows of a picture, cut into steps."""

    def __init__(self, lines: list[Points], ends: list[tuple[str, str]]) -> None:
        self.starts = np.concatenate([line[:-1] for line in lines])
        self.steps = np.concatenate([np.diff(line) for line in lines])
        terms = np.unique(ends, return_inverse=True)[1].reshape(-1, 2)
        self.ends = np.repeat(terms, [len(line) - 1 for line in lines], axis=0)

    def inches(self) -> float:
        """Return how long all are together."""
        return float(np.abs(self.steps).sum())

    def crossings(self) -> int:
        """Count the places where two cross."""
        one, other = self._near(2 * STEP)
        apart = self.starts[other] - self.starts[one]
        area = _cross(self.steps[one], self.steps[other])
        one, other, apart, area = (values[area != 0] for values in (one, other, apart, area))
        along = _cross(apart, self.steps[other]) / area
        across = _cross(apart, self.steps[one]) / area
        hits = (along >= 0) & (along < 1) & (across >= 0) & (across < 1)
        places: list[complex] = []
        for place in (self.starts[one] + along * self.steps[one])[hits]:
            if not places or np.abs(np.array(places) - place).min() >= SAME_PLACE:
                places.append(place)
        return len(places)

    def inches_beside(self) -> float:
        """Return how much of their length has another beside it."""
        one, other = self._near(BESIDE)
        directions = self.steps / np.maximum(np.abs(self.steps), 1e-9)
        parallel = np.abs((directions[one].conj() * directions[other]).real) > PARALLEL
        return STEP * len(np.unique([one[parallel], other[parallel]]))

    def _near(self, distance: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return pairs of steps of arrows that have no box in common."""
        tree = cKDTree(np.column_stack([self.starts.real, self.starts.imag]))
        one, other = tree.query_pairs(distance, output_type="ndarray").T
        common = self.ends[one][:, :, None] == self.ends[other][:, None, :]
        apart = ~common.any(axis=(1, 2))
        return one[apart], other[apart]


def _cross(one: Points, other: Points) -> NDArray[np.float64]:
    return (one.conj() * other).imag


def touched(line: Points, box: FancyBboxPatch, margin: float = 0.02) -> bool:
    x, y = line.real - box.get_x(), line.imag - box.get_y()
    inside = (margin < x) & (x < box.get_width() - margin) & (margin < y) & (y < box.get_height() - margin)
    return bool(inside.any())


def overlap(one: FancyBboxPatch, other: FancyBboxPatch) -> bool:
    first, second = one.get_path().get_extents(), other.get_path().get_extents()
    return bool(first.padded(-0.001).overlaps(second))


def measure(name: str, draw: Callable[[], Figure], pictures: Path | None) -> None:
    seconds = []
    for _ in range(3):
        start = time.process_time()
        figure = draw()
        seconds.append(time.process_time() - start)
    arrows = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]
    boxes = {
        str(text.get_gid()): patch
        for text, patch in zip(
            figure.axes[0].texts,
            (patch for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)),
            strict=True,
        )
    }
    ends = [tuple(str(arrow.get_gid()).split(" ")[::2]) for arrow in arrows]
    lines = [points_of(arrow) for arrow in arrows]
    cut = Arrows(lines, ends)
    overlapping = sum(overlap(*pair) for pair in combinations(boxes.values(), 2))
    passed = sum(
        touched(line, box)
        for line, pair in zip(lines, ends, strict=True)
        for term, box in boxes.items()
        if term not in pair
    )
    width, height = figure.get_size_inches()
    print(
        f"| {name} | {len(boxes)} | {len(arrows)} | {min(seconds):.2f} | {width * height:,.0f} | "
        f"{cut.crossings():,} | {cut.inches():,.0f} | {cut.inches_beside():,.1f} | "
        f"{overlapping} | {passed} |",
        flush=True,
    )
    if pictures:
        pictures.mkdir(exist_ok=True)
        save_figure(figure, pictures / f"{name.replace(':', '_')}.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pictures", type=Path, help="folder to write the pictures to")
    pictures = parser.parse_args().pictures
    ontology = load_ontology("2021-12-15")
    print("| term | boxes | arrows | s | area | crossings | inches | beside | overlaps | touched |")
    print("| --- " * 10 + "|")
    for term in TERMS:
        neighbourhood = find_neighbourhood(ontology, term)
        measure(term, lambda found=neighbourhood: plot_neighbourhood(found), pictures)
    edges = ontology.edges[ontology.edges["relation"].isin(ACYCLIC_RELATIONS)]
    graph = term_graph(term_table(ontology), edges)
    for n in (30, 60):
        measure(f"{n} terms", lambda n=n: plot_term_graph(graph, n), pictures)


if __name__ == "__main__":
    main()
