"""Texts as they come, with the pieces that a person would cut them into."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gotune.corpus.sentences import split_sentences

PROBES = Path(__file__).parents[2] / "benchmarks" / "sentence_probes.jsonl"
CASES = Path(__file__).parents[3] / "shared" / "cases"


def pieces(text: str) -> list[list[str]]:
    return [[piece.role.value, piece.text] for piece in split_sentences(text)]


def probes() -> list[Any]:
    if not PROBES.is_file():  # the tests of a source distribution
        return []
    return [json.loads(line) for line in PROBES.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("probe", probes(), ids=lambda probe: f"{probe['kind']}: {probe['text'][:40]!r}")
def test_probes(probe: dict[str, Any]) -> None:
    assert pieces(probe["text"]) == probe["pieces"]


@pytest.mark.skipif(not CASES.exists(), reason="needs the inputs in ../shared/cases")
@pytest.mark.parametrize(
    ("name", "beginnings"),
    [
        ("01_refmark_digits", ["The pump", "It sits", "Repair"]),
        ("02_refmark_bracket", ["The kinase", "Repair"]),
        ("03_capital_end", ["The signal", "The next", "The gel", "The salt", "The rest"]),
        ("04_abbrev_lower", ["We grew"]),
        ("05_hyphen", ["We found"]),
        ("17_ligature", ["The flux", "Receptors undergo endosomal"]),
    ],
)
def test_cases_begin_sentences_where_a_person_would(name: str, beginnings: list[str]) -> None:
    text = (CASES / f"{name}.txt").read_text(encoding="utf-8")
    found = split_sentences(text)
    assert [piece.role.value for piece in found] == ["sentence"] * len(beginnings)
    assert [piece.text[: len(start)] for piece, start in zip(found, beginnings, strict=True)] == beginnings
    # Marks and stops stand at the end of what they belong to, and no word is broken.
    assert all(piece.text[-1] in ".]\u00b3" or piece.text[-1].isdigit() for piece in found)
    assert not any("- " in piece.text or "\n" in piece.text for piece in found)


@pytest.mark.skipif(not CASES.exists(), reason="needs the inputs in ../shared/cases")
def test_case_of_a_page_with_all_that_is_no_sentence() -> None:
    text = (CASES / "18_dateline.txt").read_text(encoding="utf-8")
    found = split_sentences(text)
    assert [piece.role.value for piece in found] == [
        "other", "other", "heading", "sentence", "sentence", "other", "heading", "reference"
    ]  # fmt: skip
    joined = found[4]
    assert len(joined.spans) == 2
    assert joined.text.endswith(" recycled by endocytosis.")
    assert text[joined.start : joined.start + 4] == "They"
    assert found[5].start < joined.end
