from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from gotune.errors import InputError, SaveError
from gotune.records import ClassifiedDocument
from gotune.render.document_table import document_frame, write_document

HEADER = [
    "sentence", "start", "end", "text", "aspects",
    "biological_process", "cellular_component", "molecular_function",
]  # fmt: skip
SUFFIXES = [".xlsx", ".csv", ".tsv", ".parquet", ".json"]
AWKWARD = [
    "=1+1",
    "+a",
    "-b",
    "@SUM(A1)",
    'a "quoted", text; with\ttab',
    "carriage\rreturn, line\r\nends\nof all kinds",
    "NUL\x00 and \x1b",
    "שלום עולם",
    "🧬 酵母",
    " spaces ",
    "NA",
    "",
]


def test_frame(document: ClassifiedDocument) -> None:
    frame = document_frame(document)
    assert list(frame.columns) == HEADER
    assert [tuple(row) for row in frame.itertuples(index=False)] == [
        (1, 0, 17, "Kinases bind ATP.", "molecular_function", 0.125, 0.125, 0.75),
        (2, 18, 39, "=1+1 is the membrane.", "cellular_component", 0.25, 0.5, 0.25),
    ]


def test_frame_says_none(tagged: ClassifiedDocument) -> None:
    frame = document_frame(tagged)
    assert list(frame["aspects"]) == [
        "biological_process, cellular_component",
        "none",
        "molecular_function",
        "none",
    ]
    assert list(frame["molecular_function"]) == [0.25, 0.25, 0.875, 0.0]


def test_json_tells_the_head_and_the_shares(tagged: ClassifiedDocument, tmp_path: Path) -> None:
    write_document(tagged, tmp_path / "a.json")
    values = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert values["model"]["head"] == "multi"
    assert values["shares"]["none"]["value"] == 0.5
    assert [sentence["aspects"] for sentence in values["sentences"]][1:3] == [[], ["molecular_function"]]


def test_csv_quotes_every_text(document: ClassifiedDocument, tmp_path: Path) -> None:
    write_document(document, tmp_path / "a.csv")
    lines = (tmp_path / "a.csv").read_bytes().decode().split("\n")
    assert lines[0] == ",".join(f'"{name}"' for name in HEADER)
    assert lines[1] == '1,0,17,"Kinases bind ATP.","molecular_function",0.125,0.125,0.75'
    assert lines[3:] == [""]


def test_tsv_has_a_row_a_line_and_no_quotes(
    make_document: Callable[..., ClassifiedDocument], tmp_path: Path
) -> None:
    path = tmp_path / "a.tsv"
    write_document(make_document('The 5" gene\tis\r\nlong.', "=1+1"), path)
    lines = path.read_bytes().decode().split("\n")
    assert lines[0] == "\t".join(HEADER)
    assert [line.split("\t")[3] for line in lines[1:3]] == ['The 5" gene is long.', "=1+1"]
    assert lines[3:] == [""]


def test_csv_reads_back_exactly(make_document: Callable[..., ClassifiedDocument], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_document(make_document(*AWKWARD, rows=((1 / 3, 1 / 7, 11 / 21),)), path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == AWKWARD
    assert {float(row["biological_process"]) for row in rows} == {1 / 3}


def test_parquet_reads_back_exactly(make_document: Callable[..., ClassifiedDocument], tmp_path: Path) -> None:
    made = make_document(*AWKWARD)
    write_document(made, tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "a.parquet"), document_frame(made))
    assert list(document_frame(made)["text"]) == AWKWARD


def test_json_is_the_whole_result(make_document: Callable[..., ClassifiedDocument], tmp_path: Path) -> None:
    made = make_document(*AWKWARD)
    write_document(made, tmp_path / "a.json")
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert json.loads(text) == made.to_dict()
    assert "酵母" in text


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_half_a_surrogate_pair_is_replaced(
    make_document: Callable[..., ClassifiedDocument], tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"a{suffix}"
    write_document(make_document("a\ud83db", name="\udc00"), path)
    if suffix == ".xlsx":
        found = openpyxl.load_workbook(path)["sentences"]["D2"].value
    elif suffix == ".parquet":
        found = pd.read_parquet(path)["text"][0]
    else:
        content = path.read_text(encoding="utf-8")
        found = "a\N{REPLACEMENT CHARACTER}b" if "a\N{REPLACEMENT CHARACTER}b" in content else content
    assert found == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_result_gives_the_same_bytes(
    document: ClassifiedDocument, tmp_path: Path, suffix: str
) -> None:
    one, two = tmp_path / f"one{suffix}", tmp_path / "deeper" / f"two{suffix.upper()}"
    write_document(document, one)
    write_document(document, two)
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(("name", "found"), [("a.xls", "the suffix '.xls'"), ("a", "no suffix")])
def test_another_suffix_is_refused(
    document: ClassifiedDocument, tmp_path: Path, name: str, found: str
) -> None:
    with pytest.raises(InputError, match=r"\.xlsx, \.csv, \.tsv, \.parquet, \.json") as caught:
        write_document(document, tmp_path / name)
    assert caught.value.found == found
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_place_that_cannot_be_written_is_a_save_error(
    document: ClassifiedDocument, tmp_path: Path, suffix: str
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SaveError):
        write_document(document, tmp_path / "file" / f"a{suffix}")
