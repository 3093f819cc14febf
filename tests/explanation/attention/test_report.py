"""The page of attention in a browser with the network off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gotune.errors import InputError
from gotune.explanation.attention.report import render_attention
from gotune.explanation.attention.results import Attention
from gotune.records import Witness
from tests.explanation.attentions import make_attention

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

HOSTILE = (
    "[CLS]",
    "<script>document.title='run'</script>",
    "</script>",
    "<img src=x onerror=alert(1)>",
    "\u05e9\u05dc\u05d5\u05dd",
    "\u202egnp.exe",
    "\u200b",
    "\U0001f9ec",
    "a&amp;b",
    "Ġthe",
)
BOXES = "#vis .heads > rect"
CELLS = "#vis svg > g[role=button]"


@pytest.fixture
def show(page: Page, tmp_path: Path) -> Callable[[str], Page]:
    """Return what opens a page of which the text is given."""

    def show(text: str) -> Page:
        path = tmp_path / "attention.html"
        path.write_text(text, encoding="utf-8")
        page.goto(path.as_uri())
        page.wait_for_selector("#vis [role=button]")
        return page

    return show


Show = Callable[[str], "Page"]


def opacities(page: Page, head: int) -> list[float]:
    """Return how dark the lines of one head are, row by row."""
    lines = page.locator(f"#attention g[head-index='{head}'] line")
    found: list[float] = lines.evaluate_all("all => all.map(line => +line.getAttribute('stroke-opacity'))")
    return found


def rows(page: Page) -> list[str]:
    found: list[str] = page.locator("#links tbody tr").evaluate_all(
        "all => all.map(row => [...row.cells].map(cell => cell.textContent).join(' '))"
    )
    return found


def texts(places: Locator) -> list[str]:
    found: list[str] = places.evaluate_all("all => all.map(one => one.textContent)")
    return found


def test_another_layer_gives_another_picture(show: Show) -> None:
    attention = make_attention("[CLS]", "cell", "[SEP]")
    page = show(render_attention(attention, layer=1))
    layer = page.get_by_label("Layer")
    assert (layer.input_value(), texts(layer.locator("option"))) == ("1", ["0", "1"])
    # Two heads are shown, so each is half as dark.
    assert opacities(page, 0) == pytest.approx(attention.weights[1, 0].ravel() / 2, abs=1e-4)
    before = page.locator("#vis").screenshot()
    layer.select_option("0")
    assert opacities(page, 1) == pytest.approx(attention.weights[0, 1].ravel() / 2, abs=1e-4)
    assert page.locator("#shown").inner_text() == "Layer 0, all heads"
    assert page.locator("#vis").screenshot() != before


def test_a_head_is_hidden_and_shown(show: Show) -> None:
    attention = make_attention("[CLS]", "cell", "[SEP]")
    page = show(render_attention(attention))
    first, second = page.locator(BOXES).all()
    before = page.locator("#vis").screenshot()
    first.click()
    assert first.get_attribute("aria-pressed") == "false"
    assert page.locator("#shown").inner_text() == "Layer 0, head 1"
    assert set(opacities(page, 0)) == {0}
    assert opacities(page, 1) == pytest.approx(attention.weights[0, 1].ravel(), abs=1e-4)
    assert page.locator("#vis").screenshot() != before
    second.click()  # the last one shown stays
    assert second.get_attribute("aria-pressed") == "true"
    first.dblclick()
    assert page.locator("#shown").inner_text() == "Layer 0, head 0"


def test_the_head_view_obeys_the_keyboard(show: Show) -> None:
    page = show(render_attention(make_attention("[CLS]", "cell", "[SEP]")))
    page.get_by_label("Layer").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert page.locator("#shown").inner_text() == "Layer 0, head 0"
    page.keyboard.press("Shift+Enter")
    assert page.locator("#shown").inner_text() == "Layer 0, head 1"
    visible = page.locator("#attention line[visibility=visible]")
    page.locator("#left [role=img]").first.focus()
    assert visible.count() == 2 * 3
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.closest('#right').textContent") == "[CLS]cell[SEP]"
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "cell"
    page.keyboard.press("Tab")
    assert visible.count() == 0


def test_the_page_opens_with_the_head_that_is_asked_for(show: Show) -> None:
    page = show(render_attention(make_attention("[CLS]", "cell", "[SEP]"), layer=1, head=1))
    assert page.locator("#shown").inner_text() == "Layer 1, head 1"
    assert [box.get_attribute("aria-pressed") for box in page.locator(BOXES).all()] == ["false", "true"]


def test_the_table_names_the_strongest_links(show: Show) -> None:
    weights = np.zeros((1, 2, 2, 2))
    weights[0, 0] = ((0.25, 0.75), (1, 0))
    weights[0, 1] = ((0.5, 0.5), (0.5, 0.5))
    page = show(render_attention(make_attention("cell", "wall", weights=weights)))
    assert rows(page) == ["0 cell wall 0.63 cell 0.38", "1 wall cell 0.75 wall 0.25"]
    page.locator(BOXES).first.click()
    assert rows(page) == ["0 cell cell 0.50 wall 0.50", "1 wall cell 0.50 wall 0.50"]


def test_a_cell_of_the_model_view_is_enlarged_and_closed(show: Show) -> None:
    attention = make_attention("[CLS]", "cell", "[SEP]")
    page = show(render_attention(attention, view="model"))
    cells = page.locator(CELLS)
    assert (cells.count(), page.locator(".detail").count()) == (4, 0)
    assert page.locator("#shown").inner_text() == "No head is enlarged"
    before = page.locator("#vis").screenshot()
    cells.nth(2).click()
    assert texts(page.locator("text.detail")) == ["Layer 1, Head 0"]
    assert texts(page.locator("g.detail text.token")) == ["[CLS]", "cell", "[SEP]"] * 2
    assert page.locator("#shown").inner_text() == "Layer 1, head 0"
    assert [cell.get_attribute("aria-pressed") for cell in cells.all()] == ["false", "false", "true", "false"]
    assert page.locator("#vis").screenshot() != before
    cells.nth(2).focus()
    page.keyboard.press("Enter")
    assert page.locator(".detail").count() == 0
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator("#shown").inner_text() == "Layer 0, head 1"
    assert len(rows(page)) == 3


def test_the_model_view_opens_with_the_head_that_is_asked_for(show: Show) -> None:
    page = show(render_attention(make_attention("[CLS]", "[SEP]"), view="model", layer=1, head=1))
    assert texts(page.locator("text.detail")) == ["Layer 1, Head 1"]


@pytest.mark.parametrize("view", ["head", "model"])
def test_hostile_word_pieces_are_text(view: str, show: Show) -> None:
    attention = make_attention(*HOSTILE, text=" ".join(HOSTILE))
    page = show(render_attention(attention, view=view, layer=0, head=0))
    expected = [
        "[CLS]",
        "<script>document.ti…",
        "</script>",
        "<img src=x onerror=…",
        *HOSTILE[4:9],
        " the",
    ]
    places = "#left > g:last-child > g > text" if view == "head" else "g.detail text.token"
    assert texts(page.locator(places))[: len(expected)] == expected
    assert texts(page.locator("#links tbody td:nth-child(2)")) == expected
    assert page.locator("blockquote").evaluate("found => found.textContent") == " ".join(HOSTILE)
    assert page.title() == f"Attention, {view} view"
    assert page.locator("img").count() == 0
    widths = page.locator(places).evaluate_all("all => all.map(one => one.getBBox().width)")
    assert max(widths) <= 110


def test_the_text_before_the_picture_tells_what_was_found() -> None:
    page = render_attention(make_attention("[CLS]", "[SEP]", beside=(Witness.NAMES, Witness.WORDS)))
    assert "molecular function 0.750" in page
    assert "the evidence of names" in page
    assert "the evidence of names" not in render_attention(make_attention("[CLS]", "[SEP]"))
    assert "the text seems too short" in page


@pytest.mark.parametrize(
    ("layer", "head", "message"),
    [
        (2, None, "layer: expected one of 0 to 1, found 2"),
        (-1, None, "layer: expected one of 0 to 1, found -1"),
        (0, 2, "head: expected one of 0 to 1, found 2. The model has 2 heads, counted from 0"),
    ],
)
def test_a_layer_or_head_that_is_not_there_is_refused(layer: int, head: int | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        render_attention(make_attention("[CLS]"), layer=layer, head=head)


@pytest.mark.parametrize(("view", "most"), [("head", 144), ("model", 58)])
def test_more_than_a_browser_can_draw_is_refused(view: str, most: int) -> None:
    def attention(n: int) -> Attention:
        return make_attention(*"x" * n, weights=np.zeros((6, 12, n, n), dtype=np.float32))

    assert render_attention(attention(most), view=view)
    with pytest.raises(InputError, match=f"at most {most} word pieces.* found {most + 1}. Give"):
        render_attention(attention(most + 1), view=view)
