from __future__ import annotations

import json
from pathlib import Path

import pytest
from bioc import biocjson

from gotune.corpus.documents import Document
from gotune.errors import InputError
from gotune.linking.annotator import Annotator
from gotune.linking.results import AnnotatedDocument
from gotune.linking.writing import COLUMNS, open_terms


@pytest.fixture
def document(annotator: Annotator) -> AnnotatedDocument:
    return annotator.annotate(Document("a.txt", "An outer\tcell membrane. Nuclei."), threshold=0.0)


def test_tsv_has_a_row_a_place(document: AnnotatedDocument, tmp_path: Path) -> None:
    with open_terms(tmp_path / "terms.tsv") as write:
        write(document)
        write(document)
    header, first, second, *again = (tmp_path / "terms.tsv").read_text().splitlines()
    assert header.split("\t") == list(COLUMNS)
    assert first.split("\t")[:8] == [
        *("a.txt", "1", "3", "22", "outer cell membrane"),
        *("GO:9000032", "outer cell membrane", "cellular_component"),
    ]
    assert again == [first, second]


def test_json_lines_keep_the_surface(document: AnnotatedDocument, tmp_path: Path) -> None:
    with open_terms(tmp_path / "terms.jsonl") as write:
        write(document)
    first, second = map(json.loads, (tmp_path / "terms.jsonl").read_text().splitlines())
    assert (first["surface"], first["start"], first["end"]) == ("outer\tcell membrane", 3, 22)
    assert list(second) == [*COLUMNS[:4], "spans", *COLUMNS[4:-2], "contexts", "article", "release"]
    assert second["spans"] == [[24, 30]]


def test_bioc_has_the_documents_with_their_places(document: AnnotatedDocument, tmp_path: Path) -> None:
    path = tmp_path / "terms.bioc.json"
    with open_terms(path) as write:
        write(document)
        write(document)
    values = json.loads(path.read_text())
    assert [one["id"] for one in values["documents"]] == ["a.txt", "a.txt"]
    (passage,) = values["documents"][0]["passages"]
    assert passage["text"] == document.text
    first = passage["annotations"][0]
    assert (first["infons"]["identifier"], first["locations"]) == (
        "GO:9000032",
        [{"offset": 3, "length": 19}],
    )
    with open_terms(path):
        pass
    assert json.loads(path.read_text())["documents"] == []


def test_scores_and_contexts_are_written(annotator: Annotator, tmp_path: Path) -> None:
    found = annotator.annotate(Document("a.txt", "There may be no nucleus.", "PMID:7"), threshold=0.0)
    (one,) = found.annotations
    for name in ("a.tsv", "a.jsonl", "a.bioc.json"):
        with open_terms(tmp_path / name) as write:
            write(found)
    score = round(one.score, 3)
    cells = (tmp_path / "a.tsv").read_text().splitlines()[1].split("\t")
    assert cells[8:] == [str(score), "negated, supposed", "PMID:7"]
    row = json.loads((tmp_path / "a.jsonl").read_text())
    assert (row["score"], row["contexts"]) == (score, ["negated", "supposed"])
    assert (row["article"], row["release"]) == ("PMID:7", "2024-02-29")
    (written,) = json.loads((tmp_path / "a.bioc.json").read_text())["documents"]
    (passage,) = written["passages"]
    assert written["infons"] == {"article": "PMID:7"}
    infons = {"type": "cellular_component", "identifier": "GO:9000033", "name": "nucleus"}
    told = {"score": f"{score:.3f}", "context": "negated, supposed"}
    assert passage["annotations"][0]["infons"] == infons | told


def test_bioc_is_read_by_its_own_library(tmp_path: Path) -> None:
    text = "Cell growth and divi-\nsion. \U0001f9ec At the nucleus."
    found = Annotator.load().annotate(Document("a.txt", text), threshold=0.0)
    with open_terms(tmp_path / "terms.bioc.json") as write:
        write(found)
    with (tmp_path / "terms.bioc.json").open(encoding="utf-8") as file:
        (document,) = biocjson.load(file).documents
    (passage,) = document.passages
    read = [
        (one.infons["identifier"], one.text, [passage.text[part.offset : part.end] for part in one.locations])
        for one in passage.annotations
    ]
    assert ("GO:0051301", "Cell divi-\nsion", ["Cell", "divi-\nsion"]) in read
    assert read == [
        (one.go_id, one.surface, [text[start:end] for start, end in one.spans]) for one in found.annotations
    ]


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.bioc\.json"), open_terms(tmp_path / "terms.json"):
        pass
