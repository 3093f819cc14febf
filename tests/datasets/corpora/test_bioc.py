from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.datasets.corpora.annotated import AnnotatedDocument, Mention
from gotune.datasets.corpora.bioc import read_bioc
from gotune.errors import GotuneError
from tests.datasets.corpora.written import (
    MENTIONS,
    TEXT,
    Passages,
    annotated,
    as_json,
    as_xml,
    collection,
    find,
)
from tests.examples import some

TITLE = "Mkk9 \U0001d6fc & zinc <2>"
PASSAGES: Passages = (
    (TITLE, (find(TITLE, "Protein", "Mkk9 \U0001d6fc"), find(TITLE, "Ion", "zinc"))),
    (TEXT, MENTIONS),
)


def read(path: Path, content: str) -> AnnotatedDocument:
    path.write_text(content, encoding="utf-8")
    (document,) = read_bioc([path]).documents
    return document


@pytest.mark.parametrize("write", [as_xml, as_json])
def test_passages_and_their_mentions(write: Callable[[Any], str], tmp_path: Path) -> None:
    document = read(tmp_path / f"a{'.xml' if write is as_xml else '.json'}", write(collection(PASSAGES)))
    assert document.name == "one"
    assert [(one.text, one.mentions, one.is_sentence) for one in document.passages] == [
        (TITLE, PASSAGES[0][1], False),
        (TEXT, MENTIONS, False),
    ]


@pytest.mark.parametrize("suffix", [".xml", ".json", ".xml.gz", ".JSON.GZ"])
def test_files_of_a_folder(suffix: str, tmp_path: Path) -> None:
    value = collection(PASSAGES)
    content = (as_xml(value) if "xml" in suffix else as_json([value])).encode()
    path = tmp_path / "inner" / f"a{suffix}"
    path.parent.mkdir()
    path.write_bytes(gzip.compress(content) if suffix.lower().endswith("gz") else content)
    (tmp_path / "README.md").write_text("No collection.")
    corpus = read_bioc([tmp_path])
    assert corpus.documents[0].passages[1].mentions == MENTIONS
    assert corpus.unread == (str(tmp_path / "README.md"),)


def test_sentences_of_the_collection_are_kept(tmp_path: Path) -> None:
    """That is where a passage has no text; annotations of passages and documents are placed too."""
    value = collection(
        (("Mkk9 binds zinc.", (find("Mkk9 binds zinc.", "Protein", "Mkk9"),)), ("It moves.", ()))
    )
    first, second = value["documents"][0]["passages"]
    document = value["documents"][0]
    place = {
        "id": "D",
        "infons": {"type": "Move"},
        "text": "moves",
        "locations": [{"offset": 20, "length": 5}],
    }
    document["annotations"] = [place]
    document["passages"] = [
        {
            "offset": 0,
            "infons": {},
            "sentences": [first, second, {"offset": 90, "text": " "}],
            "annotations": [],
        }
    ]
    document["relations"] = [{"id": "R1", "infons": {}, "nodes": []}]
    first["relations"] = [{"id": "R2", "infons": {}, "nodes": []}]
    first["annotations"].append({"id": "T9", "infons": {}, "text": "", "locations": []})
    for name, content in (("a.json", as_json(value)), ("a.xml", as_xml(value))):
        found = read(tmp_path / name, content)
        assert [(one.text, one.is_sentence) for one in found.passages] == [
            ("Mkk9 binds zinc.", True),
            ("It moves.", True),
        ]
        assert [one.mentions for one in found.passages] == [
            (Mention("Protein", ((0, 4),)),),
            (Mention("Move", ((3, 8),)),),
        ]
        assert found.kept_out == {"relation": 2, "annotation without a location": 1}


def test_words_may_be_left_out_or_have_all_between_their_pieces(tmp_path: Path) -> None:
    value = collection(((TEXT, MENTIONS),))
    annotations = value["documents"][0]["passages"][0]["annotations"]
    annotations[3]["text"] = "nuclear and the plasma membrane"
    del annotations[0]["text"]
    assert read(tmp_path / "a.json", as_json(value)).passages[0].mentions == MENTIONS
    annotations[0]["score"] = float("nan")  # as pandas and taggers write it
    assert read(tmp_path / "a.json", json.dumps(value)).passages[0].mentions == MENTIONS


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    value = collection(PASSAGES)
    change(value["documents"][0])
    return value


def first(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["passages"][0]["annotations"][0]
    return found


BAD: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "other words": (
        lambda one: first(one).update(text="Mkk8"),
        "annotation T1: expected the words of the text at 0-6, 'Mkk9 \U0001d6fc', found 'Mkk8'",
    ),
    "bytes": (
        lambda one: one["passages"][0]["annotations"][1]["locations"][0].update(offset=10),
        "expected the words of the text at 10-14, 'inc', found 'zinc'. Offsets count characters",
    ),
    "outside": (
        lambda one: first(one)["locations"][0].update(length=99),
        f"expected a stretch of the text, which has {len(TITLE)} characters, found characters 0 to 99",
    ),
    "in no passage": (
        lambda one: one.update(passages=[], annotations=[first(one)]),
        "expected a stretch of the text, which has 0 characters",
    ),
    "no type": (lambda one: first(one).update(infons={}), "annotation T1: expected an infon `type`, found"),
    "no id": (lambda one: one.pop("id"), "expected a document with an id, found none"),
    "no offset": (
        lambda one: one["passages"][1].pop("offset"),
        "document one: expected the offset, in characters, found none",
    ),
    "no number": (
        lambda one: one["passages"][1].update(offset="x1"),
        "expected the offset, in characters, found 'x1'",
    ),
    "huge": (lambda one: one["passages"][1].update(offset=10**16), "expected the offset, in characters"),
    "one over the other": (
        lambda one: one["passages"][1].update(offset=3),
        f"document one: expected no passage before {len(TITLE)}, where that at 0 ends, found one at 3",
    ),
}


@pytest.mark.parametrize("write", [as_xml, as_json])
@pytest.mark.parametrize("name", sorted(BAD))
def test_what_does_not_fit_is_refused(name: str, write: Callable[[Any], str], tmp_path: Path) -> None:
    change, message = BAD[name]
    path = tmp_path / f"a{'.xml' if write is as_xml else '.json'}"
    with pytest.raises(GotuneError) as caught:
        read(path, write(changed(change)))
    assert str(path) in str(caught.value)
    assert message in str(caught.value)
    assert (", line " in str(caught.value)) == (write is as_xml)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xml", "<html/>", "expected a BioC collection, found <html>"),
        ("a.xml", "text", "expected a BioC collection, found Start tag expected"),
        (
            "a.xml",
            '<!DOCTYPE collection [<!ENTITY e SYSTEM "file:///etc/hostname">]><collection>&e;</collection>',
            "found a document type with declarations",
        ),
        ("a.json", "[1", "expected a BioC collection as JSON, found Expecting"),
        ("a.json", "[1]", "expected a BioC collection, with a list of documents, found 1"),
        ("a.json", '{"documents": {}}', "with a list of documents, found"),
        ("a.json", '{"documents": [{"id": "1", "passages": [1]}]}', "with a list of passages, found"),
        ("a.json", "{}", "expected documents with annotations, found none"),
        ("a.txt", "text", "expected documents with annotations, found none, but 1 other files"),
        ("a.xml.gz", "text", "expected a whole gzip file, found a damaged one"),
    ],
)  # fmt: skip
def test_other_files(name: str, content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(GotuneError) as caught:
        read(tmp_path / name, content)
    assert message in str(caught.value)


def test_what_unfolds_too_far_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(b" " * 20_000_000))
    with pytest.raises(GotuneError, match="unfolds to at most 100 times its size"):
        read_bioc([path])
    with pytest.raises(TypeError, match="wrap it in a list"):
        read_bioc(str(path))


@some(60)
@given(st.lists(annotated(), min_size=1, max_size=3), st.integers(0, 3), st.sampled_from([as_xml, as_json]))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[tuple[str, tuple[Mention, ...]]],
    gap: int,
    write: Callable[[Any], str],
) -> None:
    if write is as_xml:  # which has no control characters
        drawn = [
            ("".join(one if one.isprintable() or one in "\n\r" else "." for one in text), found)
            for text, found in drawn
        ]
    path = tmp_path_factory.getbasetemp() / f"drawn{'.xml' if write is as_xml else '.json'}"
    document = read(path, write(collection(drawn, gap=gap)))
    assert [(one.text, one.mentions) for one in document.passages] == drawn
