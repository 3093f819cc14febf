"""What pictures of term graphs share: canvas, boxes, arrows, title, caption and legend."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Patch
from matplotlib.path import Path as Curve

from gotune.aspects import ASPECTS, Aspect
from gotune.ontology.graph import VIA, Link
from gotune.render.figures import INK, tint
from gotune.render.lettering import drawable, fitted, font_families, text_width
from gotune.render.term_graph.layout import FONT_SIZE, LINE_SPACING, Box, Layout

_MARGIN = 0.3
_TITLE_SIZE = 14
"""Points."""
_TITLE_LINE = _TITLE_SIZE * LINE_SPACING / 72
_TITLE_LINES = 4
"""At most; the longest name of GO needs them where the picture is narrow."""
_LINE = FONT_SIZE * LINE_SPACING / 72
"""Height of a line of the caption or the legend."""
_LEAST_WIDTH = 6.4
"""Inches; what two columns of the legend need."""
_LEGEND_COLUMN = 3.1
_CHARACTERS_PER_INCH = 14
"""Of the caption, at least."""
_FILL = 0.22

_Line = Literal["solid", "dashed", "dotted"] | tuple[float, tuple[float, ...]]
_Style = tuple[str, _Line]
"""Colour and line style; either alone tells the relations apart."""

_STYLES: Mapping[str, _Style] = {
    "is_a": (INK, "solid"),
    "part_of": (INK, "dashed"),
    "regulates": ("#CC79A7", (0, (9, 1.5))),
    "positively_regulates": ("#56B4E9", (0, (9, 1.5, 1, 1.5))),
    "negatively_regulates": ("#D55E00", (0, (9, 1.5, 1, 1.5, 1, 1.5))),
    VIA: ("#767676", "dotted"),
}
_OTHER_STYLE: _Style = ("#767676", (0, (1, 3)))


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a term graph.

    Attributes:
        title: Above the picture, in as many lines as it needs.
        subtitle: One line below the title, or empty.
        caption: Sentences below the picture.
        key: What the colours mean, before the legend of the arrows.
    """

    title: str
    subtitle: str
    caption: str
    key: Sequence[Artist]


def draw_terms(
    layout: Layout,
    links: Sequence[Link],
    aspects: Mapping[str, Aspect],
    filled: Collection[str],
    frame: Frame,
) -> Figure:
    """Draw a layout: boxes in the colours of their aspects, ``filled`` ones tinted, and arrows to parents."""
    handles = [*frame.key, *_relation_handles(links)]
    width = max(layout.width + 2 * _MARGIN, _LEAST_WIDTH)
    room = width - 2 * _MARGIN
    title = _title_lines(frame.title, room)
    title_height = len(title) * _TITLE_LINE
    caption = _even_lines(frame.caption, int(room * _CHARACTERS_PER_INCH))
    columns = min(4, int(room // (_LEGEND_COLUMN - _MARGIN)))
    legend_rows = -(-len(handles) // columns)
    head = 2 * _MARGIN + title_height + (0.2 if frame.subtitle else 0)
    foot = 2 * _MARGIN + (len(caption) + 1.6 * legend_rows + 1) * _LINE
    height = layout.height + head + foot
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    left = (width - layout.width) / 2
    axes.set_xlim(-left, width - left)
    axes.set_ylim(-foot, height - foot)
    for link, curve in zip(links, layout.curves, strict=True):
        axes.add_patch(_arrow(link, curve))
    for term, box in layout.boxes.items():
        _draw_box(axes, term, box, aspects[term].colour, filled=term in filled)
    figure.text(
        0.5, 1 - _MARGIN / height, "\n".join(title),
        ha="center", va="top", size=_TITLE_SIZE, weight="bold", family=list(font_families()),
        linespacing=LINE_SPACING, parse_math=False,
    )  # fmt: skip
    if frame.subtitle:
        figure.text(
            0.5, 1 - (_MARGIN + title_height + 0.05) / height,
            fitted(frame.subtitle, room, size=FONT_SIZE + 1),
            ha="center", va="top", size=FONT_SIZE + 1, color=INK, parse_math=False,
        )  # fmt: skip
    figure.text(
        0.5, (foot - _MARGIN) / height, "\n".join(caption),
        ha="center", va="top", size=FONT_SIZE, linespacing=LINE_SPACING, color=INK, parse_math=False,
    )  # fmt: skip
    figure.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, (foot - _MARGIN - (len(caption) + 0.3) * _LINE) / height),
        ncols=columns,
        fontsize=FONT_SIZE,
        frameon=False,
        handlelength=3,
    )
    return figure


def _even_lines(text: str, most: int) -> list[str]:
    """Return text in as few lines as its length needs, alike in length, so that no word is left alone."""
    lines = textwrap.wrap(text, most)
    narrower = (textwrap.wrap(text, width) for width in range(len(text) // len(lines), most))
    return next((found for found in narrower if len(found) == len(lines)), lines)


def _title_lines(title: str, room: float) -> list[str]:
    line = drawable(title)
    some = line[:100]
    per_character = text_width(some, size=_TITLE_SIZE, weight="bold") / max(1, len(some))
    longest = int(0.95 * room / max(per_character, 0.01))
    lines = textwrap.wrap(line, longest, max_lines=_TITLE_LINES, placeholder=" …")
    return [fitted(part, room, size=_TITLE_SIZE, weight="bold") for part in lines]


def aspect_handles(counts: Mapping[Aspect, int]) -> list[Patch]:
    """Return the legend of filled boxes: each aspect that has any, with their number."""
    return [
        Patch(
            facecolor=tint(aspect.colour, _FILL),
            edgecolor=aspect.colour,
            label=f"{aspect.words} (n = {counts[aspect]:,})",
        )
        for aspect in ASPECTS
        if counts.get(aspect)
    ]


def empty_box(label: str, colour: str = INK) -> Patch:
    """Return the legend of boxes that are not filled."""
    return Patch(facecolor="white", edgecolor=colour, label=label)


def _relation_handles(links: Sequence[Link]) -> list[Line2D]:
    relations = {link.relation for link in links}
    known = [relation for relation in _STYLES if relation in relations]
    handles = []
    for relation in [*known, *sorted(relations - set(known))]:
        colour, line = _style(relation)
        label = "path through terms not shown" if relation == VIA else relation.replace("_", " ")
        handles.append(Line2D([], [], color=colour, linestyle=line, linewidth=1.4, label=drawable(label)))
    return handles


def _style(relation: str) -> _Style:
    return _STYLES.get(relation, _OTHER_STYLE)


def _arrow(link: Link, curve: Curve) -> FancyArrowPatch:
    colour, line = _style(link.relation)
    return FancyArrowPatch(
        path=curve,
        arrowstyle="-|>,head_length=5,head_width=2.5",
        shrinkA=0,
        shrinkB=1,
        color=colour,
        linestyle=line,
        linewidth=1.1,
        zorder=1,
        gid=f"{link.child} {link.relation} {link.parent}",
    )


def _draw_box(axes: Axes, term: str, box: Box, colour: str, *, filled: bool) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (box.left, box.bottom),
            box.width,
            box.height,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor=tint(colour, _FILL) if filled else "white",
            edgecolor=colour,
            linewidth=1.4,
            zorder=2,
        )
    )
    axes.text(
        *box.centre,
        box.label,
        ha="center",
        va="center",
        size=FONT_SIZE,
        linespacing=LINE_SPACING,
        color="black",
        family=list(font_families()),
        parse_math=False,
        zorder=3,
        gid=term,
    )
