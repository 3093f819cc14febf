from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from gotune.corpus.table_sources import open_source
from gotune.errors import InputError, SaveError
from gotune.records import ClassifiedDocument
from gotune.render import document_table
from gotune.render.document_page import render_document_report
from gotune.render.document_table import document_frame, open_documents, write_document

HEADER = [
    "sentence", "start", "end", "role", "text", "aspects",
    "biological_process", "cellular_component", "molecular_function", "doubt",
]  # fmt: skip
TABLES = [".csv", ".tsv", ".parquet", ".jsonl", ".json"]
SUFFIXES = [".xlsx", ".html", ".png", ".svg", *TABLES]
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
    assert lines[1] == '1,0,17,"sentence","Kinases bind ATP.","molecular_function",0.125,0.125,0.75,""'
    assert lines[3:] == [""]


def test_tsv_has_a_row_a_line_and_few_quotes(
    make_document: Callable[..., ClassifiedDocument], tmp_path: Path
) -> None:
    path = tmp_path / "a.tsv"
    write_document(make_document('The 5" gene\tis\r\nlong.', "=1+1", '"Open."', '"Open'), path)
    lines = path.read_bytes().decode().split("\n")
    assert lines[0] == "\t".join(HEADER)
    assert [line.split("\t")[4] for line in lines[1:5]] == [
        'The 5" gene is long.', "=1+1", '"""Open."""', '"""Open"'
    ]  # fmt: skip
    assert lines[5:] == [""]
    rows = [row["text"] for _, row in open_source(path).numbered_rows()]
    assert rows == ['The 5" gene is long.', "=1+1", '"Open."', '"Open']


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


@pytest.mark.parametrize("suffix", [".xlsx", *TABLES])
def test_half_a_surrogate_pair_is_replaced(
    make_document: Callable[..., ClassifiedDocument], tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"a{suffix}"
    write_document(make_document("a\ud83db", name="\udc00"), path)
    if suffix == ".xlsx":
        found = openpyxl.load_workbook(path)["sentences"]["E2"].value
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
    with pytest.raises(InputError, match=r"\.xlsx, \.html, \.png, \.svg, \.csv, \.tsv") as caught:
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


def test_json_lines_have_an_object_a_sentence(tagged: ClassifiedDocument, tmp_path: Path) -> None:
    write_document(tagged, tmp_path / "a.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert rows == [
        {"sentence": number, **sentence.to_dict()}
        for number, sentence in enumerate(tagged.sentences, start=1)
    ]


def write_several(documents: Iterable[ClassifiedDocument], path: Path) -> None:
    with open_documents(path, several=True) as write:
        for document in documents:
            write(document)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".jsonl"])
def test_a_table_of_several_documents_names_each(
    suffix: str,
    document: ClassifiedDocument,
    tagged: ClassifiedDocument,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(document_table, "_ROW_GROUP_ROWS", 3)
    path = tmp_path / f"a{suffix}"
    documents = [replace(document, name="a\tb.txt"), replace(tagged, name="c.txt"), document]
    write_several(documents, path)
    match suffix:
        case ".parquet":
            frame = pd.read_parquet(path)
        case ".jsonl":
            frame = pd.read_json(path, lines=True)
        case _:
            frame = pd.read_csv(path, sep="\t" if suffix == ".tsv" else ",")
    first = "a b.txt" if suffix == ".tsv" else "a\tb.txt"
    assert list(frame["document"]) == [first] * 2 + ["c.txt"] * 4 + ["paper.txt"] * 2
    assert list(frame["sentence"]) == [1, 2, 1, 2, 3, 4, 1, 2]
    assert list(frame["text"][:2]) == ["Kinases bind ATP.", "=1+1 is the membrane."]


def test_json_of_several_documents_is_a_list(
    document: ClassifiedDocument, tagged: ClassifiedDocument, tmp_path: Path
) -> None:
    write_several([document, tagged], tmp_path / "a.json")
    found = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert found == [document.to_dict(), tagged.to_dict()]


@pytest.mark.parametrize("suffix", [".xlsx", ".html", ".png", ".svg"])
def test_what_holds_one_document_is_refused_for_several(
    suffix: str, document: ClassifiedDocument, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"holds several documents \(\.csv, .*Name one document"):
        write_several([document], tmp_path / f"a{suffix}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", TABLES)
def test_a_failure_among_several_leaves_nothing(
    suffix: str, document: ClassifiedDocument, tmp_path: Path
) -> None:
    def documents() -> Iterator[ClassifiedDocument]:
        yield document
        raise RuntimeError("no memory")

    with pytest.raises(RuntimeError, match="no memory"):
        write_several(documents(), tmp_path / f"a{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_pages_and_pictures(document: ClassifiedDocument, tmp_path: Path) -> None:
    for name in ("a.html", "a.png", "a.svg"):
        write_document(document, tmp_path / name)
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == render_document_report(document)
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_files_have_the_terms_that_sentences_name(named: ClassifiedDocument, tmp_path: Path) -> None:
    for suffix in TABLES:
        write_document(named, tmp_path / f"a{suffix}")
    for suffix in (".tsv", ".csv"):
        rows = [row for _, row in open_source(tmp_path / f"a{suffix}").numbered_rows()]
        assert [row["go_ids"] for row in rows] == ["GO:0046034|GO:0005759", "", "GO:0046034", ""]
    assert list(pd.read_parquet(tmp_path / "a.parquet")["terms"]) == list(document_frame(named)["terms"])
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert [line["go_ids"] for line in lines] == [["GO:0046034", "GO:0005759"], [], ["GO:0046034"], []]
    assert json.loads((tmp_path / "a.json").read_text()) == named.to_dict()
