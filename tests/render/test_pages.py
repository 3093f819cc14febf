from __future__ import annotations

from pathlib import Path

from lxml import html

from gotune.explanation.attribution.report import render_explanation
from gotune.files import write_text
from gotune.render.pages import data_block
from tests.explanation.explanations import make_explanation


def test_what_cannot_stand_in_a_page_is_replaced(tmp_path: Path) -> None:
    page = render_explanation(make_explanation("Half \ud83d a\0b\rand <b>."))
    write_text(tmp_path / "why.html", page)
    (text,) = html.fromstring(page).find_class("text")
    assert "".join(text.itertext()).strip() == "Half \ufffd a\ufffdb\rand <b>."


def test_data_cannot_end_their_block() -> None:
    block = str(data_block("it", {"a": "</script><!-- & \ud83d \u2028"}))
    assert block == (
        '<script type="application/json" id="it">'
        '{"a":"\\u003c/script\\u003e\\u003c!-- \\u0026 \\ud83d \\u2028"}</script>'
    )
