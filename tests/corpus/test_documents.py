from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from gotune.corpus.documents import Document, read_documents, split_documents
from gotune.errors import DocumentError, InputError, TableError
from gotune.records import Role

PAPER = "Cells moved\nslowly. They stopped."


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_files_are_read_under_their_names(tmp_path: Path) -> None:
    paths = [write(tmp_path / "b.txt", PAPER), write(tmp_path / "a.md", "One.")]
    assert list(read_documents(paths)) == [Document("b.txt", PAPER), Document("a.md", "One.")]
    assert list(read_documents([str(paths[1])])) == [Document("a.md", "One.")]


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("two.txt", "one.TXT", "b/three.txt", ".hidden.txt", ".git/four.txt"):
        write(tmp_path / name, name)
    assert [document.name for document in read_documents([tmp_path])] == ["b/three.txt", "one.TXT", "two.txt"]


def test_what_no_reader_takes_is_skipped_and_named(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", PAPER)
    bad = [
        write(tmp_path / "b.pdf", b"%PDF-1.7"),
        write(tmp_path / "c.txt", b"\x00\x01\x02"),
        write(tmp_path / "d.tsv", "text\nOne.\n"),
        write(tmp_path / "e", "One."),
        write(tmp_path / "f.xlsx", b"PK\x03\x04"),
    ]
    skipped: list[InputError] = []
    assert list(read_documents([tmp_path], on_skip=skipped.append)) == [Document("a.txt", PAPER)]
    assert [problem.where for problem in skipped] == list(map(str, bad))
    assert [problem.found for problem in skipped] == [
        "the suffix '.pdf'",
        "binary data",
        "none",
        "no suffix",
        "'.xlsx'",
    ]


def test_a_named_file_that_cannot_be_read_shows_before_anything_is_given(tmp_path: Path) -> None:
    good, bad = write(tmp_path / "a.txt", PAPER), write(tmp_path / "b.txt", b"%PDF-1.7")
    with pytest.raises(DocumentError, match=r"b\.txt: expected plain text in UTF-8, found a PDF"):
        read_documents([good, bad])
    with pytest.raises(DocumentError, match="absent: expected a file, found nothing"):
        read_documents([good, tmp_path / "absent"])


def test_a_folder_without_any_text_is_refused(tmp_path: Path) -> None:
    good = write(tmp_path / "a.txt", PAPER)
    write(tmp_path / "papers/a.pdf", b"%PDF-1.7")
    write(tmp_path / "papers/b.txt", b"%PDF-1.7")
    with pytest.raises(
        DocumentError, match=r"papers: expected a folder with texts, found none among 2 files"
    ):
        read_documents([good, tmp_path / "papers"])


def test_one_name_is_no_sequence(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="wrap it in a list"):
        read_documents("paper.txt")
    with pytest.raises(TypeError, match="wrap it in a list"):
        read_documents(tmp_path)  # type: ignore[arg-type]


def test_names_that_would_be_the_same_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a/one.txt", "b/one.txt", "b/two.txt"):
        write(Path(name), name)
    found = read_documents(["a", "b"])
    assert [document.name for document in found] == ["a/one.txt", "b/one.txt", "two.txt"]
    found = read_documents(["a/one.txt", "b/one.txt"])
    assert [document.name for document in found] == ["a/one.txt", "b/one.txt"]


def test_cells_of_tables(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.tsv", "id\tbody\n1\tOne. Two.\n2\t \n3\tThree.\n")
    rows = [{"body": "Four.", "pmid": 12, "paper": "x"}, {"body": None}, {"body": "Five."}]
    known = write(tmp_path / "b.jsonl", "\n".join(map(json.dumps, rows)))
    assert list(read_documents([plain, known], text_column="body")) == [
        Document("a.tsv, line 2", "One. Two."),
        Document("a.tsv, line 4", "Three."),
        Document("b.jsonl, line 1", "Four.", "12"),
        Document("b.jsonl, line 3", "Five."),
    ]
    (first, _) = read_documents([known], text_column="body", article_column="paper")
    assert first == Document("b.jsonl, line 1", "Four.", "x")


def test_tables_of_a_folder_are_read_if_their_column_is_named(tmp_path: Path) -> None:
    write(tmp_path / "a.tsv", "article\ttext\nx\tOne.\n")
    write(tmp_path / "b.csv", "body\nTwo.\n")
    skipped: list[InputError] = []
    found = list(read_documents([tmp_path], text_column="text", on_skip=skipped.append))
    assert found == [Document("a.tsv, line 2", "One.", "x")]
    assert [problem.where for problem in skipped] == [str(tmp_path / "b.csv")]


@pytest.mark.parametrize(
    ("content", "columns", "message"),
    [
        (
            "id,body\n1,One.\n",
            (None, None),
            "the column with the texts, found none. Name one of id, body",
        ),
        ("id,body\n1,One.\n", ("text", None), "a column 'text', found the columns id, body"),
        (
            "id,body\n1,One.\n",
            ("body", "pmid"),
            "a column 'pmid', found the columns id, body",
        ),
        ("id,body\n1,\n", ("body", None), "at least one text, found 1 rows without any"),
    ],
)
def test_columns_of_tables_must_be_there(
    content: str, columns: tuple[str | None, str | None], message: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", content)
    with pytest.raises(TableError, match=message):
        read_documents([path], text_column=columns[0], article_column=columns[1])


def test_a_spreadsheet_is_sent_back(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", b"PK\x03\x04")
    with pytest.raises(TableError, match=r"found '\.xlsx'\. Save the sheet as \.csv"):
        read_documents([path], text_column="text")


def test_standard_input_is_one_of_the_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Ubiquitin.")))
    paper = write(tmp_path / "a.txt", PAPER)
    assert list(read_documents(["-", paper])) == [
        Document("standard input", "Ubiquitin."),
        Document("a.txt", PAPER),
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = Thread(target=path.write_text, args=("Ubiquitin.",))
    writer.start()
    assert list(read_documents([path])) == [Document("pipe", "Ubiquitin.")]
    writer.join()


def test_documents_are_read_one_by_one(tmp_path: Path) -> None:
    paths = [write(tmp_path / name, name) for name in ("a.txt", "b.txt")]
    found: Iterator[Document] = read_documents(paths)
    assert next(found).text == "a.txt"
    paths[1].write_text("changed")
    assert next(found).text == "changed"


def test_sentences_stand_on_one_line_with_their_articles() -> None:
    documents = [Document("a.txt", "Cells \t moved. They\nstopped."), Document("b.tsv, line 2", "One.", "x")]
    assert split_documents(documents) == (
        ["Cells moved.", "They", "stopped.", "One."],
        ["a.txt", "a.txt", "a.txt", "x"],
        [Role.SENTENCE] * 4,
    )


def test_a_file_that_is_named_twice_is_one_document(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "One.")
    write(tmp_path / "b.md", "Two.")
    sources = [tmp_path, tmp_path / "a.txt", tmp_path / "b.md", tmp_path / ".." / tmp_path.name]
    found = [(one.name, one.text) for one in read_documents(sources)]
    assert found == [("a.txt", "One."), ("b.md", "Two.")]
