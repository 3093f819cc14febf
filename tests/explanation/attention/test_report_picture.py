from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from gotune.errors import InputError
from gotune.explanation.attention.report import plot_attention
from gotune.render.figures import save_figure
from tests.explanation.attentions import make_attention


def test_lines_are_as_strong_as_the_weights() -> None:
    weights = np.zeros((2, 2, 2, 2))
    weights[1, 0] = ((0.25, 0.75), (1, 0))
    figure = plot_attention(make_attention("cell", "wall", weights=weights), 1, 0)
    (lines,) = (found for found in figure.findobj(LineCollection) if isinstance(found, LineCollection))
    assert [segment.tolist() for segment in lines.get_segments()] == [
        [[0, 1], [1, 1]],
        [[0, 0], [1, 0]],
        [[0, 0], [1, 1]],
        [[0, 1], [1, 0]],
    ]
    assert np.asarray(lines.get_colors())[:, 3].tolist() == [0, 0.25, 0.75, 1]
    assert np.asarray(lines.get_linewidth()) == pytest.approx([0.4, 1.1, 2.5, 3.2])


def test_both_columns_and_the_title_can_be_read(texts_of: Callable[[Figure], list[str]]) -> None:
    hostile = ("<b>$x^2$", "\u202e\u200b", "\U0001f9ec", "Ġthe", "electroencephalographically" * 9)
    found = texts_of(plot_attention(make_attention("[CLS]", *hostile), 0, 1))
    assert "Attention: layer 0, head 1 (counted from 0)" in found
    for label in ("[CLS]", "<b>$x^2$", "the"):
        assert found.count(label) == 2
    (cut,) = {text for text in found if text.endswith("…")}
    assert cut.startswith("electro")


@pytest.mark.parametrize("n", [1, 18, 64])
def test_nothing_lies_on_anything_else(n: int, draw: Callable[[Figure], FigureCanvasAgg]) -> None:
    figure = plot_attention(make_attention(*["phosphorylation"] * n), 0, 0)
    renderer = draw(figure).get_renderer()  # type: ignore[no-untyped-call]
    boxes = [
        text.get_window_extent(renderer)
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_text()
    ]
    assert not any(a.overlaps(b) for row, a in enumerate(boxes) for b in boxes[row + 1 :])
    assert all(figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 for box in boxes)


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_picture_is_the_same_each_time(suffix: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_figure(plot_attention(make_attention("[CLS]", "cell"), 0, 0), tmp_path / f"{name}{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


@pytest.mark.parametrize(("layer", "head", "name"), [(2, 0, "layer"), (0, 2, "head"), (0, -1, "head")])
def test_a_layer_or_head_that_is_not_there_is_refused(layer: int, head: int, name: str) -> None:
    with pytest.raises(InputError, match=f"{name}: expected one of 0 to 1"):
        plot_attention(make_attention("cell"), layer, head)


def test_too_many_pieces_are_refused() -> None:
    with pytest.raises(InputError, match=r"at most 64 word pieces.*found 65"):
        plot_attention(make_attention(*"x" * 65), 0, 0)
