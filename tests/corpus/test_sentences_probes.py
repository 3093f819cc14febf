"""Made-up texts of the kinds that splitters fail at, cut as a person would cut them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.corpus.sentences import split_sentences

ROOT = Path(__file__).parents[2]
PROBES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (ROOT / "benchmarks" / "sentence_probes.jsonl").read_text(encoding="utf-8").splitlines()
]
CASES = ROOT.parent / "shared" / "cases"


def cut(text: str) -> list[list[str]]:
    return [[piece.role.value, piece.text] for piece in split_sentences(text)]


@pytest.mark.parametrize("probe", PROBES, ids=[f"{probe['kind']} {n}" for n, probe in enumerate(PROBES)])
def test_a_probe_is_cut_as_by_a_person(probe: dict[str, Any]) -> None:
    assert cut(probe["text"]) == probe["pieces"]


@given(st.lists(st.sampled_from(PROBES), min_size=1, max_size=4))
def test_a_sentence_that_was_cut_is_cut_no_more(probes: list[dict[str, Any]]) -> None:
    for piece in split_sentences("\n\n".join(probe["text"] for probe in probes)):
        if piece.role.value == "sentence":
            assert [again.text for again in split_sentences(piece.text)] == [piece.text]


@pytest.mark.skipif(not CASES.exists(), reason="needs the inputs in ../shared/cases")
@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("01_refmark_digits.txt", ["sentence"] * 3),
        ("02_refmark_bracket.txt", ["sentence"] * 2),
        ("03_capital_end.txt", ["sentence"] * 5),
        ("04_abbrev_lower.txt", ["sentence"]),
        ("05_hyphen.txt", ["sentence"]),
        ("17_ligature.txt", ["sentence"] * 2),
        (
            "18_dateline.txt",
            ["other", "other", "heading", "sentence", "sentence", "other", "heading", "reference"],
        ),
    ],
)
def test_a_text_that_failed_is_cut(name: str, roles: list[str]) -> None:
    text = (CASES / name).read_text(encoding="utf-8")
    assert [role for role, _ in cut(text)] == roles
