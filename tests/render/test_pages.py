from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import html

from gotune.explanation.attention.report import render_attention
from gotune.explanation.attribution.report import render_explanation
from gotune.files import write_text
from gotune.records import AspectProbabilities, ClassifiedDocument, ClassifiedSentence, ModelInfo, Sentence
from gotune.render.document_page import render_document_report
from gotune.render.pages import data_block
from tests.drawn import MakeDocument
from tests.explanation.attentions import make_attention
from tests.explanation.explanations import make_explanation
from tests.models_said import SINGLE

if TYPE_CHECKING:
    from playwright.sync_api import Page

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
HOSTILE = replace(SINGLE, name="\u202eledom</h1>", encoder="\x1b[2J\u2066", release="\u05d0\u05d1")
TOLD = (
    r'"<bdi>\u202eledom&lt;/h1&gt;</bdi>" (<bdi>\x1b[2J\u2066</bdi>, GO release <bdi>' + "\u05d0\u05d1</bdi>)"
)


def attention_page(model: ModelInfo) -> str:
    attention = make_attention("a", "b")
    return render_attention(replace(attention, classified=replace(attention.classified, model=model)))


def document_page(model: ModelInfo) -> str:
    sentence = ClassifiedSentence(Sentence(((0, 6),), "A cell"), AspectProbabilities(0.75, 0.25, 0.0), ())
    return render_document_report(ClassifiedDocument("a.txt", (sentence,), "A cell", model))


@pytest.mark.parametrize(
    "render",
    [
        attention_page,
        lambda model: render_explanation(replace(make_explanation(), model=model)),
        document_page,
    ],
)
def test_what_a_model_is_called_keeps_its_letters_to_itself(render: Callable[[ModelInfo], str]) -> None:
    page = render(HOSTILE)
    assert TOLD in page
    assert not STEERING.search(page)


def test_what_cannot_stand_in_a_page_is_replaced(tmp_path: Path) -> None:
    page = render_explanation(make_explanation("Half \ud83d a\0b\rand <b>."))
    write_text(tmp_path / "why.html", page)
    (text,) = html.fromstring(page).find_class("text")
    assert "".join(text.itertext()).strip() == "Half \ufffd a\ufffdb\rand <b>."


def test_names_turn_nothing_round_in_a_browser(
    page: Page, make_document: MakeDocument, tmp_path: Path
) -> None:
    """What stands behind a name of Hebrew letters, or of marks that turn letters round, stays behind it."""
    document = replace(
        make_document("\u202eATP is bound.", "It opens.", name="\u202epaper \u05d0.txt"),
        model=replace(SINGLE, name="\u05d0\u05d1\u05d2", encoder="12 \u202e34", release="\u05d3 5"),
    )
    path = tmp_path / "page.html"
    write_text(path, render_document_report(document))
    page.goto(path.as_uri())
    assert page.title() == "\\u202epaper \u05d0.txt"
    assert page.locator("h1").inner_text() == "\\u202epaper \u05d0.txt"
    lefts = page.evaluate(
        """() => {
            const lead = [...document.querySelectorAll("header p")][0];
            const walker = document.createTreeWalker(lead, NodeFilter.SHOW_TEXT);
            const lefts = [];
            while (walker.nextNode()) {
                const range = document.createRange();
                range.setStart(walker.currentNode, 0);
                range.setEnd(walker.currentNode, 1);
                const box = range.getClientRects()[0];
                if (box.top < lead.getBoundingClientRect().top + 20) lefts.push(box.left);
            }
            return lefts;
        }"""
    )
    assert len(lefts) == 7  # the words, and three names between them
    starts = lefts[::2]
    assert starts == sorted(starts)
    # A sentence that turns its own letters round leaves the next one where it is.
    first, second = (page.locator(f"#s{number}").bounding_box() for number in (1, 2))
    assert first is not None
    assert second is not None
    assert first["x"] < second["x"]


def test_data_cannot_end_their_block() -> None:
    block = str(data_block("it", {"a": "</script><!-- & \ud83d \u2028"}))
    assert block == (
        '<script type="application/json" id="it">'
        '{"a":"\\u003c/script\\u003e\\u003c!-- \\u0026 \\ud83d \\u2028"}</script>'
    )
