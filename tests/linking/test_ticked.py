from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gotune.corpus.documents import Document
from gotune.errors import TableError
from gotune.linking.annotator import Annotator
from gotune.linking.results import AnnotatedDocument
from gotune.linking.ticked import Ticked, read_ticked
from gotune.render.tick_sheets import Verdict
from tests.linking.ticking import NAMES, tick, ticked

TEXT = "The outer cell membrane and the eyespot _x0041_ are here. A nucleus is not."
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Decide = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture
def document(annotator: Annotator) -> AnnotatedDocument:
    return annotator.annotate(Document("a.txt", TEXT), threshold=0.0)


@pytest.fixture
def sheet(document: AnnotatedDocument, tmp_path: Path) -> Path:
    return ticked(tmp_path / "terms.xlsx", [document], lambda row: {})


def test_what_is_ticked_is_read(document: AnnotatedDocument, annotator: Annotator, tmp_path: Path) -> None:
    decisions: dict[str, dict[str, Any]] = {
        "outer cell membrane": {"decision": " Right "},
        "eyespot": {"decision": "other term", "other term": "go_9000033"},
        "nucleus": {"note": "look again"},
    }
    path = ticked(tmp_path / "terms.xlsx", [document], lambda row: decisions[row["surface"]])
    membrane, eyespot, nucleus = read_ticked(path, annotator.index)
    first = "The outer cell membrane and the eyespot _x0041_ are here."
    assert membrane == Ticked(
        *("a.txt", "a.txt", 1, first, 4, 23, "outer cell membrane", "GO:9000032"), Verdict.RIGHT, None, 2
    )
    assert (eyespot.verdict, eyespot.other) == (Verdict.OTHER, "GO:9000033")
    assert (nucleus.verdict, nucleus.other, nucleus.number) == (None, None, 2)


def test_what_is_not_saved_by_another_program_is_read(
    document: AnnotatedDocument, annotator: Annotator, tmp_path: Path
) -> None:
    """Our own workbook has its texts inside of the cells."""
    path = tmp_path / "terms.xlsx"
    untouched = ticked(path, [replace(document, article="7")], lambda row: {})
    read = read_ticked(untouched, annotator.index)
    assert [one.article for one in read] == ["7"] * 3
    assert read[0].text == "The outer cell membrane and the eyespot _x0041_ are here."


def test_rows_and_columns_may_be_moved(sheet: Path, annotator: Annotator) -> None:
    whole = read_ticked(sheet, annotator.index)
    book = openpyxl.load_workbook(sheet)
    page = book["suggestions"]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    page.delete_rows(1, len(rows))
    for number, row in enumerate([rows[0], rows[3], rows[1]]):
        page.append(["mine", *reversed(row)])
        page.insert_rows(2 + number)
    book.create_sheet("first", 0)
    book.save(sheet)
    assert read_ticked(sheet, annotator.index) == (whole[2], whole[0])


def test_a_workbook_of_old_is_read(sheet: Path, annotator: Annotator) -> None:
    book = openpyxl.load_workbook(sheet)
    book["suggestions"].delete_cols(NAMES.index("places") + 1)
    book.save(sheet)
    assert [one.n_places for one in read_ticked(sheet, annotator.index)] == [1, 1, 1]


def test_a_formula_is_never_computed(sheet: Path, annotator: Annotator) -> None:
    """Of a formula that no program has computed there is no value."""
    tick(sheet, lambda row: {"decision": '="ri"&"ght"'})
    assert {one.verdict for one in read_ticked(sheet, annotator.index)} == {None}


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            {"decision": "maybe"},
            "right, wrong, other term, unsure, or nothing, found 'maybe' in row 2, 'maybe' in",
        ),
        ({"decision": 1}, "found '1' in row 2"),
        ({"decision": "other term"}, "found nothing beside 'other term' in row 2"),
        ({"decision": "wrong", "other term": "GO:9000033"}, "found 'GO:9000033' beside 'wrong' in row 2"),
        ({"other term": "GO:9000033"}, "found 'GO:9000033' beside 'no decision' in row 2"),
        (
            {"decision": "other term", "other term": "nucleus"},
            "ids of terms to use in GO release 2024-02-29, found 'nu",
        ),
        ({"decision": "other term", "other term": "GO:1234567"}, "found 'GO:1234567' in row 2"),
        (
            {"decision": "other term", "other term": "GO:9000091"},
            "found 'GO:9000091', for which GO says to use GO:9000010 in row 2",
        ),
        ({"go_id": "=1+1"}, "found nothing in row 2"),
        ({"go_id": None}, "'go_id': ids of terms to use in GO release 2024-02-29, found nothing in row 2"),
        ({"release": "2021-12-15"}, "release 2024-02-29, which the index is of, found '2021-12-15' in row 2"),
        ({"number": "x"}, "a whole number in the hidden column 'number', found 'x' in row 2"),
        ({"start": 1.5}, "found '1.5' in row 2"),
        ({"end": -1}, "found '-1' in row 2"),
        ({"start": 10**30}, "a whole number in the hidden column 'start'"),
        ({"sentence": " "}, "something in the column 'sentence' of each row, found nothing in row 2"),
        ({"surface": None}, "something in the column 'surface' of each row"),
    ],
)
def test_bad_cells_are_told_with_their_rows(
    cells: dict[str, Any], message: str, sheet: Path, annotator: Annotator
) -> None:
    tick(sheet, lambda row: cells)
    with pytest.raises(TableError) as caught:
        read_ticked(sheet, annotator.index)
    assert str(caught.value).startswith(f"{sheet}: expected ")
    assert message in str(caught.value)


def test_merged_cells_are_refused(sheet: Path, annotator: Annotator) -> None:
    book = openpyxl.load_workbook(sheet)
    book["suggestions"].merge_cells("A2:A3")
    book.save(sheet)
    with pytest.raises(TableError, match=r"expected no cells that are merged.* Unmerge them"):
        read_ticked(sheet, annotator.index)


def test_columns_sorted_apart_from_the_hidden_ones_are_told(sheet: Path, annotator: Annotator) -> None:
    texts = iter("abc" * 9)
    tick(sheet, lambda row: {"sentence": next(texts), "number": 1})
    with pytest.raises(TableError, match=r"others in those of sentence 1 of .* sorted apart"):
        read_ticked(sheet, annotator.index)


def test_the_suggested_term_is_no_other_term(sheet: Path, annotator: Annotator) -> None:
    tick(sheet, lambda row: {"decision": "other term", "other term": row["go_id"]})
    with pytest.raises(TableError, match="another term than the suggested one, found GO:9000032 in row 2"):
        read_ticked(sheet, annotator.index)


def test_missing_columns_and_sheets_are_told(sheet: Path, annotator: Annotator) -> None:
    book = openpyxl.load_workbook(sheet)
    book["suggestions"]["L1"] = "decision"
    book.save(sheet)
    with pytest.raises(TableError, match="found decision twice"):
        read_ticked(sheet, annotator.index)
    book["suggestions"]["L1"] = None
    book["suggestions"].delete_cols(NAMES.index("start") + 1)
    book.save(sheet)
    with pytest.raises(TableError, match=r"sheet 'suggestions': expected each of .*, found start nowhere"):
        read_ticked(sheet, annotator.index)
    book["suggestions"].title = "mine"
    book.save(sheet)
    with pytest.raises(TableError, match="expected a sheet 'suggestions', found 'mine', 'terms'"):
        read_ticked(sheet, annotator.index)
    book.create_chartsheet("suggestions")
    book.save(sheet)
    with pytest.raises(TableError, match=r"expected a workbook, \.xlsx"):
        read_ticked(sheet, annotator.index)


def test_what_is_no_workbook_is_told(tmp_path: Path, annotator: Annotator) -> None:
    path = tmp_path / "terms.xlsx"
    with pytest.raises(TableError, match=r"found no file of that name\. Check the name"):
        read_ticked(path, annotator.index)
    path.write_text("document\tgo_id\n")
    with pytest.raises(TableError, match=r"expected a workbook, \.xlsx, found File is not a zip file"):
        read_ticked(path, annotator.index)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(TableError, match=r"expected a workbook, \.xlsx"):
        read_ticked(path, annotator.index)


def with_part(path: Path, part: str, content: bytes) -> Path:
    """Replace a part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in (parts | {part: content}).items():
            archive.writestr(name, held)
    return path


def with_rows(path: Path, rows: str, before: str = "") -> Path:
    head = f'{before}<worksheet xmlns="{MAIN}"><sheetData>'
    return with_part(path, "xl/worksheets/sheet1.xml", f"{head}{rows}</sheetData></worksheet>".encode())


@pytest.mark.parametrize(
    "rows", ["<row>" + "<c/>" * 500_000 + "</row>", "<row/>" * 500_000], ids=["wide", "long"]
)
def test_a_workbook_that_unfolds_too_far_is_refused(rows: str, sheet: Path, annotator: Annotator) -> None:
    with pytest.raises(TableError, match="unfolds to at most 100 times its size"):
        read_ticked(with_rows(sheet, rows), annotator.index)


def test_far_cells_take_no_room(sheet: Path, annotator: Annotator) -> None:
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    with pytest.raises(TableError, match="found document nowhere"):
        read_ticked(with_rows(sheet, far), annotator.index)


def test_entities_do_not_unfold(sheet: Path, annotator: Annotator) -> None:
    names = [f"e{number}" for number in range(12)]
    entities = "".join(f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in pairwise(names))
    before = f'<!DOCTYPE x [<!ENTITY e0 "lol">{entities}]>'
    with pytest.raises(TableError, match=r"expected a workbook, \.xlsx"):
        read_ticked(
            with_rows(sheet, '<row><c t="inlineStr"><is><t>&e11;</t></is></c></row>', before), annotator.index
        )


def test_other_files_are_not_opened(sheet: Path, annotator: Annotator, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    before = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    with pytest.raises(TableError, match=r"expected a workbook, \.xlsx"):
        read_ticked(
            with_rows(sheet, '<row><c t="inlineStr"><is><t>&e;</t></is></c></row>', before), annotator.index
        )


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("content", [b"", b"<a", b"\xff\xfe"])
def test_damaged_parts_are_told(part: str, content: bytes, sheet: Path, annotator: Annotator) -> None:
    with pytest.raises(TableError) as caught:
        read_ticked(with_part(sheet, part, content), annotator.index)
    assert caught.value.where.startswith(str(sheet))
