from __future__ import annotations

from dataclasses import replace

from gotune.records import ClassifiedDocument
from gotune.render.document_table import document_frame

HEADER = [
    "sentence", "start", "end", "role", "text", "aspects",
    "biological_process", "cellular_component", "molecular_function", "doubt",
]  # fmt: skip


def test_frame(document: ClassifiedDocument) -> None:
    frame = document_frame(document)
    assert list(frame.columns) == HEADER
    assert [tuple(row) for row in frame.itertuples(index=False)] == [
        (1, 0, 17, "sentence", "Kinases bind ATP.", "molecular_function", 0.125, 0.125, 0.75, ""),
        (2, 18, 39, "sentence", "=1+1 is the membrane.", "cellular_component", 0.25, 0.5, 0.25, ""),
    ]


def test_frame_says_none(tagged: ClassifiedDocument) -> None:
    frame = document_frame(tagged)
    assert list(frame["aspects"]) == [
        "biological_process,cellular_component",
        "none",
        "molecular_function",
        "none",
    ]
    assert list(frame["molecular_function"]) == [0.25, 0.25, 0.875, 0.0]


def test_frame_names_the_doubts_of_a_sentence(document: ClassifiedDocument) -> None:
    first, second = document.sentences
    doubtful = replace(second, doubts=("too short", "not English"))
    frame = document_frame(replace(document, sentences=(first, doubtful)))
    assert list(frame["doubt"]) == ["", "too short, not English"]


def test_frame_has_the_terms_that_sentences_name(named: ClassifiedDocument) -> None:
    frame = document_frame(named)
    assert list(frame.columns) == [*HEADER, "go_ids", "terms"]
    assert list(frame["go_ids"]) == ["GO:0046034|GO:0005759", "", "GO:0046034", ""]
    assert frame["terms"][0] == "ATP metabolic process, of a kind|mitochondrial matrix"
