from __future__ import annotations

import json
from pathlib import Path

import pytest

from gotune.corpus.unlabelled import UnlabelledSentence, read_unlabelled
from gotune.errors import DocumentError, TableError

PAPER = "Cells moved\nslowly. They stopped."


def test_folder_of_documents(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.txt").write_text("One more.")
    (tmp_path / "one.txt").write_text(PAPER)
    (tmp_path / "notes.md").write_text("Not this.")
    assert read_unlabelled([tmp_path]) == [
        UnlabelledSentence("One more.", "b/two.txt"),
        UnlabelledSentence("Cells moved", "one.txt"),
        UnlabelledSentence("slowly.", "one.txt"),
        UnlabelledSentence("They stopped.", "one.txt"),
    ]


def test_white_space_becomes_one_blank(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Cells \t moved.")
    assert [sentence.text for sentence in read_unlabelled([tmp_path / "a.txt"])] == ["Cells moved."]


def test_tables(tmp_path: Path) -> None:
    plain = tmp_path / "a.tsv"
    plain.write_text("id\tbody\n1\tOne. Two.\n2\t \n3\tThree.\n")
    known = tmp_path / "b.jsonl"
    known.write_text(json.dumps({"body": "Four.", "article": "x"}) + "\n" + json.dumps({"body": None}))
    assert read_unlabelled([plain, known], text_column="body") == [
        UnlabelledSentence("One.", "a.tsv, line 2"),
        UnlabelledSentence("Two.", "a.tsv, line 2"),
        UnlabelledSentence("Three.", "a.tsv, line 4"),
        UnlabelledSentence("Four.", "x"),
    ]


@pytest.mark.parametrize("column", [None, "text"])
def test_text_column_must_be_there(column: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,body\n1,One.\n")
    with pytest.raises(TableError, match="one of id, body"):
        read_unlabelled([path], text_column=column)


def test_table_without_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,body\n1,\n")
    with pytest.raises(TableError, match="at least one text"):
        read_unlabelled([path], text_column="body")


def test_folder_without_documents(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"a folder with \.txt files"):
        read_unlabelled([tmp_path])
    with pytest.raises(DocumentError, match="Check the name"):
        read_unlabelled([tmp_path / "absent.txt"])
