"""The page of an explanation in a browser with the network off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gotune.aspects import ASPECTS
from gotune.explanation.attribution.report import render_explanation
from gotune.explanation.attribution.results import Explanation, WordWeight
from tests.explanation.explanations import make_explanation, make_occlusion

if TYPE_CHECKING:
    from playwright.sync_api import Page

Show = Callable[[Explanation], "Page"]

HOSTILE = (
    "</p><script>document.title='run'</script><img src=x onerror=alert(1)> {{ 7 * 7 }} &amp; "
    "\u05e9\u05dc\u05d5\u05dd \u202egnp.exe \u200bcell\u200bwall\ufeff \U0001f469\u200d\U0001f52c x\n\ny"
)


@pytest.fixture
def show(page: Page, tmp_path: Path) -> Show:
    """Return what opens the page of an explanation."""

    def show(explanation: Explanation) -> Page:
        path = tmp_path / "explanation.html"
        path.write_text(render_explanation(explanation), encoding="utf-8")
        page.goto(path.as_uri())
        return page

    return show


def styles(page: Page, name: str) -> list[str]:
    script = f"all => all.map(one => getComputedStyle(one)['{name}'])"
    found: list[str] = page.locator(".word").evaluate_all(script)
    return found


def test_words_are_tinted_by_weight_and_those_against_underlined(show: Show) -> None:
    page = show(make_explanation())
    assert page.locator("h1").inner_text() == "Why molecular function"
    assert page.locator(".text").inner_text() == "Kinases bind cold ATP."
    assert page.locator(".word").all_inner_texts() == ["Kinases", "bind", "cold", "."]
    # Green for the aspect, purple against it; a quarter of the weight has a quarter of the tint.
    assert styles(page, "backgroundColor") == [
        "rgb(51, 177, 143)", "rgb(235, 201, 220)", "rgb(204, 236, 227)", "rgb(51, 177, 143)",
    ]  # fmt: skip
    assert [line.split()[0] for line in styles(page, "textDecorationLine")] == [
        "none", "underline", "none", "none",
    ]  # fmt: skip


def test_all_that_was_found_is_told(show: Show) -> None:
    page = show(make_explanation())
    text = page.locator("body").inner_text()
    assert "Carries molecular function. Molecular function: probability 0.750, carried from 0.750 on." in text
    assert "Log-odds +1.75 = encoder +1.00, names +0.50, words +0.50, constant -0.25. Encoder +1.00 =" in text
    assert "Encoder +1.00 = masked text -2.50, words unmasked +3.50; completeness error 1.23%.\n" in text
    assert "What names and words add is in no word's weight." in text
    assert 'Read by the model "tiny" (MiniLM, GO release 2021-12-15).' in text
    assert "is what they miss of it, after 64 steps." in text
    rows = page.locator("section:has(#words-heading) tbody tr").all_inner_texts()
    assert [row.split() for row in rows] == [
        ["Kinases", "+2.000"], [".", "+2.000"], ["bind", "-1.000"], ["cold", "+0.500"], ["ATP", "+0.000"],
    ]  # fmt: skip
    assert "exact synonym" in page.locator("section:has(#names-heading)").inner_text()
    neighbours = page.locator("section:has(#neighbours-heading)")
    assert "<i>Moves</i> a phosphate group." in neighbours.inner_text()
    link = neighbours.get_by_role("link", name="GO:0016301")
    assert link.get_attribute("href") == "https://amigo.geneontology.org/amigo/term/GO:0016301"


def bars(page: Page, section: str) -> list[list[str | None]]:
    """Return the rows of a table, each with the side of its bar and its width."""
    found = []
    for row in page.locator(f"section:has(#{section}-heading) tbody tr").all():
        bar = row.locator(".bar")
        found.append(
            [*row.inner_text().split("\t")[:2], bar.get_attribute("class"), bar.get_attribute("style")]
        )
    return found


def test_a_glance_shows_which_witness_decided(show: Show) -> None:
    page = show(make_explanation())
    assert bars(page, "witnesses") == [
        ["encoder", "+1.00", "bar plus", "width: 57.1%"],
        ["names", "+0.50", "bar plus", "width: 28.6%"],
        ["words", "+0.50", "bar plus", "width: 28.6%"],
        ["constant", "-0.25", "bar minus", "width: 14.3%"],
        ["score", "+1.75", "bar plus", "width: 100.0%"],
    ]
    told = page.locator("section:has(#witnesses-heading)").inner_text()
    assert "Log-odds of molecular function by each witness, carried from +1.10 on." in told
    assert bars(page, "phrases") == [
        ["kinases", "+0.750", "bar plus", "width: 100.0%"],
        ["kinases bind", "-0.250", "bar minus", "width: 33.3%"],
    ]


def test_what_there_is_not_is_left_out(show: Show) -> None:
    page = show(make_occlusion())
    assert page.locator("h2").all_inner_texts() == ["The text", "All words by weight", "All three aspects"]
    assert "Occlusion: a weight is by how much the log-odds fall" in page.locator("main").inner_text()
    text = page.locator("body").inner_text()
    assert "carried from 0.750 on.\n\nLog-odds +1.75.\n\n" in text
    assert "completeness" not in text


def test_a_hostile_text_is_shown_and_not_run(show: Show) -> None:
    page = show(make_explanation(HOSTILE, ASPECTS[0]))
    assert page.title() == "Why biological process"
    assert page.locator(".text").text_content() == HOSTILE
    assert page.locator("img, script").count() == 0


def test_no_weight_gives_no_tint(show: Show) -> None:
    page = show(replace(make_explanation(), words=(WordWeight(0, 7, "Kinases", 0.0),)))
    assert page.locator(".word").count() == 0
    assert page.locator(".text").inner_text() == "Kinases bind cold ATP."


def test_a_long_text_fits_a_narrow_window(show: Show) -> None:
    page = show(make_explanation("phosphorylation " * 300 + "a" * 400))
    page.set_viewport_size({"width": 360, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
