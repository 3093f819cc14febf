from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gotune.datasets.corpora.annotated import (
    AnnotatedDocument,
    Mention,
    Passage,
    check_pieces,
    gather,
    list_files,
)
from gotune.errors import DatasetError


def document(name: str, *texts: str) -> AnnotatedDocument:
    return AnnotatedDocument(name, tuple(Passage(text, ()) for text in texts))


def test_documents_without_text_are_left_out() -> None:
    corpus = gather([document("a", "Text."), document("b", " ", "\u200b"), document("c")], "here")
    assert [one.name for one in corpus.documents] == ["a"]
    with pytest.raises(DatasetError, match="here: expected documents with annotations, found none"):
        gather([document("b", " ")], "here")


def test_names_are_distinct_and_copies_are_found() -> None:
    # Extracts of papers may say the same in a few words.
    assert len(gather([document("x", "None declared."), document("y", "None declared.")], "h").documents) == 2
    for other in (document("in/x", "Other."), document("out/x", "none\ndeclared.")):
        with pytest.raises(DatasetError, match="expected every document once"):
            gather([document("in/x", "None declared."), other], "h")


def test_mentions_stay_in_proportion_to_their_text() -> None:
    passage = Passage("a" * 5000, (Mention("A", ((0, 5000),)),) * 121)
    with pytest.raises(DatasetError, match=r"up to 100 times, found 605,000 characters of them in 5,000"):
        gather([AnnotatedDocument("x", (passage,))], "h")
    assert gather([AnnotatedDocument("x", (replace(passage, mentions=passage.mentions[1:]),))], "h").documents


def test_files_are_listed_with_their_folders(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.txt", ".hidden/d.txt", "a/.e"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = list(list_files([tmp_path, tmp_path / "b.txt"]))
    assert found == [
        (tmp_path / "a" / "c.txt", tmp_path),
        (tmp_path / "b.txt", tmp_path),
        (tmp_path / "b.txt", tmp_path),
    ]


def test_pieces() -> None:
    text = "alpha\nbeta  gamma"
    assert check_pieces([(12, 17), (0, 5)], text, "alpha gamma", "w", do="") == ((0, 5), (12, 17))
    assert check_pieces([(0, 5), (12, 17)], text, "alpha beta gamma", "w", do="") == ((0, 5), (12, 17))
    assert check_pieces([(0, 10)], text, None, "w", do="") == ((0, 10),)
    with pytest.raises(DatasetError, match=r"w: .* at 0-5, 12-17, 'alpha gamma', found 'beta'\. Mend\."):
        check_pieces([(0, 5), (12, 17)], text, "beta", "w", do="Mend.")
