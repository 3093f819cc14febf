from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from gotune.records import ClassifiedDocument
from gotune.render.cells import cell_text
from gotune.render.workbook import render_workbook

MakeDocument = Callable[..., ClassifiedDocument]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NUL\x00, \x1b, \x0b, \ufffe", "NUL\N{REPLACEMENT CHARACTER}, \ufffd, \ufffd, \ufffd"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
        ("שלום 🧬 酵母", "שלום 🧬 酵母"),
        ("_x0041_", "_x0041_"),
    ],
)
def test_cell_text(make_document: MakeDocument, text: str, expected: str) -> None:
    assert cell_text(text) == expected
    with zipfile.ZipFile(io.BytesIO(render_workbook(make_document(text, name=text)))) as archive:
        strings = archive.read("xl/sharedStrings.xml").decode("utf-8")
    # xlsxwriter escapes what looks like Excel's own escape; openpyxl does not undo that.
    assert expected.replace("_x0041_", "_x005F_x0041_") in strings


def test_a_text_is_cut_where_a_cell_ends() -> None:
    assert cell_text("x" * 32_767) == "x" * 32_767
    cut = cell_text("x" * 32_768)
    assert len(cut) == 32_767
    assert cut.endswith("x [… cut: a cell holds no more]")
    # Excel counts UTF-16 units; the letter in front makes the cut fall inside a pair.
    for text in ("🧬" * 20_000, "a" + "🧬" * 20_000):
        cut = cell_text(text)
        assert 32_766 <= len(cut.encode("utf-16-le")) // 2 <= 32_767
        assert "\ufffd" not in cut


@pytest.mark.parametrize("text", ["<r><t>bold</t></r>", "<r>&</r>", "<r></r>"])
def test_markup_stays_text(make_document: MakeDocument, text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(make_document(text))))
    assert book["sentences"]["E2"].value == f"{text} "
