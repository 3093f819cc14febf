from __future__ import annotations

from pathlib import Path

import matplotlib
import pytest
from matplotlib.figure import Figure

from gotune.aspects import ASPECTS
from gotune.errors import InputError, SaveError
from gotune.render.figures import ink_on, save_both, save_figure, tint


@pytest.fixture
def figure() -> Figure:
    figure = Figure(figsize=(2, 1))
    figure.subplots().set_title("a title")
    return figure


def test_png_has_150_dots_per_inch(figure: Figure, tmp_path: Path) -> None:
    save_figure(figure, tmp_path / "a.png")
    content = (tmp_path / "a.png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(content[16:20]) == 300
    assert int.from_bytes(content[20:24]) == 150


@pytest.mark.parametrize("name", ["a.png", "a.svg", "a.SVG"])
def test_the_same_figure_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        figure = Figure(figsize=(2, 1))
        figure.subplots().plot([1, 2], label="line")
        save_figure(figure, tmp_path / folder / name)
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_svg_has_no_date_and_settings_are_put_back(figure: Figure, tmp_path: Path) -> None:
    before = matplotlib.rcParams["svg.hashsalt"]
    save_figure(figure, tmp_path / "a.svg")
    assert "<dc:date>" not in (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert matplotlib.rcParams["svg.hashsalt"] == before


def test_both_kinds_are_written_beside_each_other(figure: Figure, tmp_path: Path) -> None:
    written = save_both(figure, tmp_path / "new" / "version_1.5")
    assert [path.name for path in written] == ["version_1.5.png", "version_1.5.svg"]
    assert sorted((tmp_path / "new").iterdir()) == written


@pytest.mark.parametrize(("name", "found"), [("a.jpg", "the suffix '.jpg'"), ("a", "no suffix")])
def test_another_suffix_is_refused(figure: Figure, tmp_path: Path, name: str, found: str) -> None:
    with pytest.raises(InputError, match=r"ends in \.png or \.svg") as caught:
        save_figure(figure, tmp_path / name)
    assert caught.value.found == found
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_a_save_error(figure: Figure, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SaveError):
        save_figure(figure, tmp_path / "file" / "a.png")


def test_tint_goes_from_white_to_the_colour() -> None:
    assert tint("#0072B2", 0) == "#ffffff"
    assert tint("#0072B2", 1) == "#0072b2"
    assert tint("#000000", 0.2) == "#cccccc"


def test_ink_is_legible() -> None:
    assert [ink_on(aspect.colour) for aspect in ASPECTS] == ["#FFFFFF", "#000000", "#000000"]
    assert (ink_on("#000000"), ink_on("#FFFFFF")) == ("#FFFFFF", "#000000")
