from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock

from gotune.corpus.documents import Document
from gotune.errors import InputError
from gotune.linking.annotator import Annotator
from gotune.linking.results import AnnotatedDocument
from gotune.linking.tick_sheet import COLUMNS, open_tick_sheet
from gotune.linking.writing import open_terms
from gotune.render import tick_sheets
from tests.sheets import hidden_columns

TEXT = (
    "Membranes of algae\n\nEach of them has an outer cell mem-\nbrane.\n\nNuclei\n\nNuclei. The nucleus =1+1."
)


@pytest.fixture
def document(annotator: Annotator) -> AnnotatedDocument:
    return annotator.annotate(Document("=a.txt", TEXT), threshold=0.0)


def written(path: Path, *documents: AnnotatedDocument) -> Any:  # noqa: ANN401 (openpyxl has no types)
    with open_terms(path) as write:
        for document in documents:
            write(document)
    return openpyxl.load_workbook(path, rich_text=True)


def column(sheet: Any, name: str) -> list[Any]:  # noqa: ANN401
    return [cell.value for cell in sheet["ABCDEFGHIJKLMNOPQR"[list(COLUMNS).index(name)]][1:]]


def bold_of(cell: CellRichText | str) -> list[str]:
    return [str(part) for part in cell if isinstance(part, TextBlock) and part.font.b]


def test_a_row_a_place(document: AnnotatedDocument, tmp_path: Path) -> None:
    sheet = written(tmp_path / "terms.xlsx", document)["suggestions"]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    surfaces = column(sheet, "surface")
    assert "outer cell membrane" in surfaces
    row = surfaces.index("outer cell membrane")
    start = TEXT.index("outer")
    assert {name: column(sheet, name)[row] for name in COLUMNS if name not in ("score", "sentence")} == {
        "document": "=a.txt",
        "section": "Membranes of algae",
        "surface": "outer cell membrane",
        "go_id": "GO:9000032",
        "name": "outer cell membrane",
        "aspect": "cellular_component",
        "context": "",
        "decision": None,
        "other term": None,
        "note": None,
        "article": "=a.txt",
        "number": 2,
        "start": start,
        "end": TEXT.index("brane.") + 5,
        "places": 1,
        "release": "2024-02-29",
    }
    assert column(sheet, "section")[-1] == "Nuclei"
    scores = [one.score for one in document.annotations]
    assert column(sheet, "score") == pytest.approx(scores)
    formats = {cell.number_format for cell in sheet["ABCDEFGHIJKLMNOPQ"[list(COLUMNS).index("score")]][1:]}
    assert formats == {'[=1]0.00;[>=0.995]">0.99";0.00'}


def test_the_sentence_is_as_read_and_its_words_are_bold(document: AnnotatedDocument, tmp_path: Path) -> None:
    sheet = written(tmp_path / "terms.xlsx", document)["suggestions"]
    sentences = column(sheet, "sentence")
    row = column(sheet, "surface").index("outer cell membrane")
    assert str(sentences[row]) == "Each of them has an outer cell membrane."
    assert bold_of(sentences[row]) == ["outer cell membrane"]
    assert str(sentences[-1]) == "The nucleus =1+1."
    assert bold_of(sentences[-1]) == ["nucleus"]
    (alone,) = written(
        tmp_path / "alone.xlsx", replace(document, annotations=(document.annotations[0],), text=TEXT)
    )["suggestions"]["C2":"C2"][0]
    assert bold_of(alone.value) == ["Membranes"]


def test_a_sentence_that_is_a_name_is_bold_as_a_whole(annotator: Annotator, tmp_path: Path) -> None:
    document = annotator.annotate(Document("a", "Nucleus"), threshold=0.0)
    cell = written(tmp_path / "terms.xlsx", document)["suggestions"]["C2"]
    assert (cell.value, cell.font.b) == ("Nucleus", True)


def test_the_sheet_is_made_for_ticking(document: AnnotatedDocument, tmp_path: Path) -> None:
    sheet = written(tmp_path / "terms.xlsx", document)["suggestions"]
    last = 1 + len(document.annotations)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:R{last}")
    shown = [number for number, width in enumerate(COLUMNS.values(), start=1) if width]
    assert hidden_columns(sheet) == sorted({*range(1, len(COLUMNS) + 1)} - {*shown})
    assert sheet["E2"].hyperlink.target == f"https://amigo.geneontology.org/amigo/term/{sheet['E2'].value}"
    choice = sheet.data_validations.dataValidation[0]
    assert (str(choice.sqref), choice.formula1) == (f"J2:J{last}", '"right,wrong,other term,unsure"')


def test_the_terms_of_each_document_are_ranked(document: AnnotatedDocument, tmp_path: Path) -> None:
    sheet = written(tmp_path / "terms.xlsx", document, replace(document, name="b"))["terms"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert rows[0][:5] == (
        "=a.txt",
        document.terms[0].go_id,
        document.terms[0].name,
        document.terms[0].aspect.value,
        len(document.terms[0].places),
    )
    assert [row[0] for row in rows] == ["=a.txt"] * len(document.terms) + ["b"] * len(document.terms)


def test_the_same_documents_give_the_same_bytes(document: AnnotatedDocument, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        written(tmp_path / name, document)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.xlsx", "two.xlsx"]


@pytest.mark.parametrize("name", ["=1+1", "<r><t>x</t></r>", "half \ud83d", "\x1b[1m", "http://a.b", "7"])
def test_odd_texts_stay_texts(annotator: Annotator, name: str, tmp_path: Path) -> None:
    document = annotator.annotate(Document(name, f"{name}, the nucleus {name}."), threshold=0.0)
    sheet = written(tmp_path / "terms.xlsx", document)["suggestions"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].hyperlink is None
    with zipfile.ZipFile(tmp_path / "terms.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert bold_of(column(sheet, "sentence")[0]) == ["nucleus"]


def test_no_suggestion_gives_empty_sheets(tmp_path: Path) -> None:
    book = written(tmp_path / "terms.xlsx")
    assert [book[name].max_row for name in ("suggestions", "terms")] == [1, 1]


def test_limits_of_a_sheet(
    document: AnnotatedDocument, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tick_sheets, "_MOST_LINKS", 1)
    sheet = written(tmp_path / "terms.xlsx", document)["suggestions"]
    assert [sheet[f"E{row}"].hyperlink is None for row in (2, 3)] == [False, True]
    assert sheet["E3"].value.startswith("GO:")
    monkeypatch.setattr(tick_sheets, "MOST_ROWS", 2)
    with pytest.raises(InputError, match="at most 1 rows, as Excel has no more"):
        written(tmp_path / "more.xlsx", document)
    assert not (tmp_path / "more.xlsx").exists()


def test_what_cannot_be_written_is_told(document: AnnotatedDocument, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="Is a directory"), open_tick_sheet(tmp_path / "folder") as write:
        write(document)
