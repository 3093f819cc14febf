from __future__ import annotations

import pytest
from matplotlib import font_manager

from gotune.render import lettering
from gotune.render.lettering import drawable, fitted, font_families, text_advance, text_width


@pytest.fixture(autouse=True)
def only_base_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the outcome the same on machines with more fonts."""
    glyphs = frozenset(font_manager.get_font(font_manager.findfont("DejaVu Sans")).get_charmap())
    monkeypatch.setattr(lettering, "_glyphs", lambda: glyphs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("  two\n\tlines ", "two lines"),
        ("β-catenin שלום", "β-catenin שלום"),
        ("酵母 kinase", "□□ kinase"),
        ("a\x00b\u200bc\u202ed", "abcd"),
        ("half \ud83d pair", "half □ pair"),
        ("$x_1^2$", "$x_1^2$"),
        ("", ""),
    ],
)
def test_text_is_made_drawable(text: str, expected: str) -> None:
    assert drawable(text) == expected


@pytest.mark.parametrize("letter", ["W", "i", "□"])
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_long_text_is_cut_with_a_mark_to_the_width(letter: str, weight: str) -> None:
    line = fitted(letter * 1000, 4, size=12, weight=weight)
    assert line.endswith(f"{letter}…")
    assert text_width(line, size=12, weight=weight) <= 4
    assert text_width(letter + line, size=12, weight=weight) > 4


def test_text_that_fits_is_whole() -> None:
    assert fitted("paper.txt", 4, size=12) == "paper.txt"
    assert fitted("", 4, size=12) == ""


def test_width_is_in_inches() -> None:
    assert text_width("H" * 50, size=24) == pytest.approx(2 * text_width("H" * 50, size=12), rel=0.01)
    # DejaVu Sans draws H 0.752 em wide.
    assert text_width("H" * 50, size=72) == pytest.approx(50 * 0.752, rel=0.01)
    assert text_width(" ", size=12) == 0
    assert text_width("$H^H$", size=12) > text_width("$H$", size=12) > text_width("H", size=12)


def test_an_advance_has_the_bearings_in_it() -> None:
    # In units of DejaVu Sans, 2048 an em.
    for line, units in (("H", 1540), (" ", 651), (".", 651), ("", 0)):
        assert text_advance(line, size=72) == pytest.approx(units / 2048, abs=0.002)
    assert text_advance("it.", size=12) == pytest.approx(
        text_advance("it", size=12) + text_advance(".", size=12), abs=0.001
    )


def test_the_base_font_comes_first() -> None:
    assert font_families()[0] == "DejaVu Sans"
