from __future__ import annotations

from pathlib import Path

import pytest

from gotune.datasets.corpora.annotated import Mention
from gotune.datasets.corpora.genia import _CLASS, read_genia
from gotune.errors import DatasetError
from tests.datasets.corpora.written import GENIA, genia

FIRST = "Mkk9 & co raises viral and other Mkk9 kinase activity."
SECOND = "Growth and splitting need transcription."


def test_sentences_terms_and_events(tmp_path: Path) -> None:
    (tmp_path / "7.xml").write_text(GENIA)
    (tmp_path / "readme.txt").write_text("About it.")
    corpus = read_genia([tmp_path])
    (document,) = corpus.documents
    assert (document.name, corpus.unread) == ("7", (str(tmp_path / "readme.txt"),))
    assert [(one.text, one.is_sentence) for one in document.passages] == [
        ("A made-up kinase.", True), (FIRST, True), (SECOND, True),
    ]  # fmt: skip
    first, second = document.passages[1:]
    assert [(one.type, first.words_of(one)) for one in first.mentions] == [
        ("Protein_molecule", "Mkk9 & co"),
        ("Other", "viral and other"),
        ("Virus", "viral and other"),
        ("Protein_molecule", "Mkk9"),
        ("Other", "Mkk9 kinase activity"),
        ("Positive_regulation", "raises"),
        ("UNCLASSIFIED", ""),
    ]
    assert first.mentions[3].pieces == ((33, 37),)
    assert second.mentions == (
        Mention("Cell_adhesion", ((0, 6), (11, 20))),
        Mention("Gene_expression", ()),
    )
    assert document.kept_out["term without a class"] == 1


BAD = {
    "another sentence": (
        genia('<sentence id="S1">One.</sentence><event id="E1"><type class="A"/><clue>Two.</clue></event>'),
        "expected a clue that is the sentence before it, 'One.', found 'Two.'",
    ),
    "no clue": (genia('<event id="E1"><type class="A"/></event>'), "an event with a type and a clue"),
    "no id": (genia("", pmid=" "), "expected an article with a PMID, found none"),
    "other XML": ("<collection/>", "expected the XML of the GENIA event corpus, found <collection>"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_other_files(name: str, tmp_path: Path) -> None:
    content, message = BAD[name]
    (tmp_path / "7.xml").write_text(content)
    with pytest.raises(DatasetError) as caught:
        read_genia([tmp_path / "7.xml"])
    assert str(tmp_path / "7.xml") in str(caught.value)
    assert message in str(caught.value)


def test_classes_are_words_with_a_small_letter() -> None:
    assert _CLASS.findall("(AND Protein_molecule DNA_Na NOT_x)") == ["Protein_molecule", "DNA_Na", "NOT_x"]
    assert _CLASS.findall("A" * 1_000_000) == []


def test_what_is_no_sequence_or_empty(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="wrap it in a list"):
        read_genia(str(tmp_path))
    with pytest.raises(DatasetError, match="expected documents with annotations, found none"):
        read_genia([tmp_path])
