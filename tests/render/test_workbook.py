from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.aspects import ASPECTS
from gotune.errors import InputError
from gotune.records import ClassifiedDocument
from gotune.render import workbook as module
from gotune.render.cells import cell_text
from gotune.render.wording import NONE_COLOUR, describe_unfit
from gotune.render.workbook import describe_losses, render_workbook

MakeDocument = Callable[..., ClassifiedDocument]
NAMES = [aspect.value for aspect in ASPECTS]
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def read(document: ClassifiedDocument) -> Any:  # noqa: ANN401  # openpyxl has no types
    return openpyxl.load_workbook(io.BytesIO(render_workbook(document)))


def chart_of(document: ClassifiedDocument) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(render_workbook(document))) as archive:
        return ElementTree.fromstring(archive.read("xl/charts/chart1.xml"))  # noqa: S314  # our own


def test_sentences(document: ClassifiedDocument) -> None:
    book = read(document)
    assert book.sheetnames == ["sentences", "shares"]
    rows = list(book["sentences"].iter_rows(values_only=True))
    assert rows == [
        ("sentence", "start", "end", "role", "text", "aspects", *NAMES, "doubt"),
        (1, 0, 17, "sentence", "Kinases bind ATP.", "molecular_function", 0.125, 0.125, 0.75, None),
        (2, 18, 39, "sentence", "=1+1 is the membrane.", "cellular_component", 0.25, 0.5, 0.25, None),
    ]


def test_doubts_stand_beside_their_sentence(document: ClassifiedDocument) -> None:
    first, second = document.sentences
    doubtful = replace(second, doubts=("too short", "not English"))
    sheet = read(replace(document, sentences=(first, doubtful)))["sentences"]
    assert [cell.value for cell in sheet["J"]] == ["doubt", None, "too short, not English"]


def test_a_model_of_whole_texts_is_called_unfit(
    document: ClassifiedDocument, tagged: ClassifiedDocument
) -> None:
    facts = {row[0]: row[1] for row in read(document)["shares"].iter_rows(values_only=True)}
    assert facts["unfit"] == describe_unfit(document.model, 2)
    assert "unfit" not in [row[0] for row in read(tagged)["shares"].iter_rows(values_only=True)]


def test_a_sentence_without_aspect_is_grey_and_says_none(tagged: ClassifiedDocument) -> None:
    sheet = read(tagged)["sentences"]
    assert [cell.value for cell in sheet["F"]] == [
        "aspects",
        "biological_process, cellular_component",
        "none",
        "molecular_function",
        "none",
    ]
    grey = f"FF{NONE_COLOUR[1:]}"
    assert {cell.font.color.rgb for cell in sheet[3]} == {grey}
    for row in (2, 4):
        assert grey not in {cell.font.color.rgb for cell in sheet[row]}
    # Two names stand on two lines.
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4)] == [30, None, None]


def test_terms_stand_below_each_other_beside_their_sentence(named: ClassifiedDocument) -> None:
    book = read(named)
    sheet = book["sentences"]
    assert [cell.value for cell in sheet["K"]] == [
        "terms",
        "GO:0046034 ATP metabolic process, of a kind\nGO:0005759 mitochondrial matrix (negated)",
        None,
        "GO:0046034 ATP metabolic process, of a kind",
        None,
    ]
    assert (sheet["K2"].alignment.wrap_text, sheet.auto_filter.ref) == (True, "A1:K5")
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4)] == [30, None, None]
    facts = {row[0]: row[1] for row in book["shares"].iter_rows(values_only=True)}
    assert facts["terms"] == "3 places name 2 terms of GO release 2021-12-15."


def test_sheet_is_made_for_reading(document: ClassifiedDocument) -> None:
    sheet = read(document)["sentences"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:J3"
    assert sheet["E2"].alignment.wrap_text
    assert sheet.column_dimensions["E"].width > 80
    assert [cell.number_format for cell in sheet[2]] == ["General"] * 6 + ["0.0%"] * 3 + ["General"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://a.b")',
        "+a",
        "-1",
        "@SUM(A1)",
        "{=A1}",
        "123",
        "http://a.b",
        "mailto:a@b",
        "",
    ],
)
def test_text_stays_text(make_document: MakeDocument, text: str) -> None:
    sheet = read(make_document(text))["sentences"]
    assert sheet["E2"].data_type == "s"
    assert (sheet["E2"].value or "") == text
    assert sheet["E2"].hyperlink is None


LONG = "x" * 32_768
WHOLE = (
    "",
    "Pores open.",
    "x" * 32_767,
    "\U0001f9ec" * 16_383,
    "a\r\n" * 16_383,
    "tab\tand\nline",
    "a\rb",
    "\u2028",
    "\ufffd",
    "=1+1",
    "_x0041_",
)
CUT = "Longer than the 32,767 characters of a cell, and cut: "
REPLACED = "With characters that a workbook cannot hold, replaced by U+FFFD: "


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        *(([text], "") for text in WHOLE),
        ([LONG], f"{CUT}1 sentence (1)."),
        (["a", LONG, "b", LONG], f"{CUT}2 sentences (2, 4)."),
        (["\U0001f9ec" * 16_384], f"{CUT}1 sentence (1)."),
        ([LONG] * 12, f"{CUT}12 sentences (1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more)."),
        (["a", "a\x00b"], f"{REPLACED}1 sentence (2)."),
        (["\x1b[1m", "\x0b", "half \ud83d"], f"{REPLACED}3 sentences (1, 2, 3)."),
        (["\ufffe", "b", "\uffff"], f"{REPLACED}2 sentences (1, 3)."),
        (["\x08" + LONG], f"{CUT}1 sentence (1). {REPLACED}1 sentence (1)."),
        ([LONG, "a", "\x1f"], f"{CUT}1 sentence (1). {REPLACED}1 sentence (3)."),
    ],
)
def test_what_does_not_fit_is_told(make_document: MakeDocument, texts: list[str], told: str) -> None:
    document = make_document(*texts)
    assert describe_losses(document) == told
    if len(texts) < 5:
        facts = {row[0]: row[1] for row in read(document)["shares"].iter_rows(values_only=True)}
        assert facts.get("cut", "") == told


@given(text=st.text(), n=st.integers(0, 40_000))
def test_what_is_told_is_what_differs(make_document: MakeDocument, text: str, n: int) -> None:
    whole = (text * (n // (len(text) or 1) + 1)).replace("\r\n", "\n").replace("\r", "\n")
    assert (describe_losses(make_document(whole)) != "") == (cell_text(whole) != whole)


def test_rows_are_as_high_as_their_text(make_document: MakeDocument) -> None:
    sheet = read(make_document("short", "one\ntwo\nthree", "word " * 40, "x" * 30_000))["sentences"]
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4, 5)] == [None, 45, 45, 408.75]


def test_shares(tagged: ClassifiedDocument) -> None:
    sheet = read(tagged)["shares"]
    shares = tagged.shares
    assert shares.aspects is not None
    figures = [(e.value, e.interval.low, e.interval.high) for e in (*shares.aspects, shares.none)]
    assert [row[0] for row in figures] == [0.25, 0.25, 0.5, 0.5]
    rows = list(sheet.iter_rows(min_row=1, max_row=16, max_col=4, values_only=True))
    assert rows == [
        ("sentences that carry", "share of those with any", "95 % interval from", "to"),
        ("biological_process", *figures[0]),
        ("cellular_component", *figures[1]),
        ("molecular_function", *figures[2]),
        (None,) * 4,
        ("sentences that carry", "share of all", "95 % interval from", "to"),
        ("none", *figures[3]),
        (None,) * 4,
        ("document", "paper.txt", None, None),
        ("model", '"tiny" (MiniLM, GO release 2021-12-15)', None, None),
        (
            "probabilities",
            "Each aspect is judged by itself: a text may carry none, one or several (multi head). "
            "An aspect is carried from this probability on: BP 0.500, CC 0.250, MF 0.750.",
            None,
            None,
        ),
        ("shares", "A sentence with several aspects counts in equal parts for each.", None, None),
        ("sentences", 4, None, None),
        ("sentences with an aspect", 2, None, None),
        ("other pieces, not counted", 0, None, None),
        ("read only in part", 1, None, None),
    ]
    assert [cell.number_format for cell in sheet[2][1:4]] == ["0.0%"] * 3
    assert sheet["A7"].font.color.rgb == sheet["B7"].font.color.rgb == f"FF{NONE_COLOUR[1:]}"
    assert len(sheet._charts) == 1


def test_shares_of_a_single_head_say_so(document: ClassifiedDocument) -> None:
    sheet = read(document)["shares"]
    assert [sheet.cell(row, 2).value for row in (2, 3, 4, 7)] == [0, 0.5, 0.5, None]
    assert sheet["B11"].value == (
        "One of the three aspects is chosen for every text: the probabilities add up to one (single head)."
    )


def test_shares_where_no_sentence_carries_anything(make_document: MakeDocument) -> None:
    sheet = read(make_document("One.", "Two.", carried=((),)))["shares"]
    rows = [[cell.value for cell in sheet[row][:4]] for row in (2, 3, 4, 7)]
    assert rows == [
        ["biological_process", "-", None, None],
        ["cellular_component", "-", None, None],
        ["molecular_function", "-", None, None],
        ["none", 1, pytest.approx(0.3424, abs=1e-4), 1],
    ]
    assert sheet["F1"].value == "no sentence carries an aspect"
    assert sheet._charts == []


def test_pie_refers_to_the_shares(document: ClassifiedDocument) -> None:
    chart = chart_of(document)
    assert chart.find(f".//{CHART}pieChart") is not None
    assert chart.findtext(f".//{CHART}cat//{CHART}f") == "shares!$A$2:$A$4"
    assert chart.findtext(f".//{CHART}val//{CHART}f") == "shares!$B$2:$B$4"
    colours = [element.get("val") for element in chart.iterfind(f".//{CHART}dPt//{DRAWING}srgbClr")]
    assert [f"#{colour}" for colour in colours] == [aspect.colour for aspect in ASPECTS]
    shown = chart.find(f".//{CHART}dLbls/{CHART}showPercent")
    assert shown is not None
    assert shown.get("val") == "1"
    title = "".join(element.text or "" for element in chart.iterfind(f".//{CHART}title//{DRAWING}t"))
    assert title == "Aspects of the sentences that carry any (n = 2)"


def test_an_odd_document_name_is_a_text(make_document: MakeDocument) -> None:
    cell = read(make_document("One.", name="=shares!A1"))["shares"]["B9"]
    assert (cell.data_type, cell.value) == ("s", "=shares!A1")


def test_more_sentences_than_rows(document: ClassifiedDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 3)
    render_workbook(document)
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    with pytest.raises(InputError, match="at most 1 sentences, as Excel has no more rows, found 2"):
        render_workbook(document)
