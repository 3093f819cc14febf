from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from tests.cli.conftest import Run

OBO = str(files("gotune.ontology") / "example.obo")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "papers" / "paper.txt"
    path.parent.mkdir()
    path.write_text("The nucleus is round. A sugar kinase was seen. We had lunch.\n")
    return path


def test_folder_is_labelled(run: Run, paper: Path, tmp_path: Path) -> None:
    output = tmp_path / "weak.jsonl"
    outcome = run("label", paper.parent, "-o", output, "--release", OBO)
    assert outcome.code == 0, outcome.err
    assert "3 sentences" in outcome.out
    assert f"Written to {output}" in outcome.out
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert [(row["article"], row["aspects"]) for row in rows] == [
        ("paper.txt", "CC"),
        ("paper.txt", "MF"),
        ("paper.txt", "none"),
    ]
    (mention,) = rows[1]["mentions"]
    assert (mention["name"], mention["text"]) == ("sugar kinase activity", "sugar kinase")


def test_table_is_labelled_quietly_and_as_json(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "texts.tsv"
    table.write_text("id\tbody\n1\tThe nucleus.\n2\tLunch.\n")
    output = tmp_path / "weak.jsonl"
    arguments = ("label", table, "-o", output, "--release", OBO, "--text-column", "body")
    assert run(*arguments, "--quiet") == (0, "", "")
    found = json.loads(run(*arguments, "--json").out)
    assert (found["sentences"], found["articles"], found["path"]) == (2, 2, str(output))
    assert found["expected"]["cellular_component"] == pytest.approx(0.8, abs=0.1)


def test_usage(run: Run, paper: Path, tmp_path: Path) -> None:
    outcome = run("label", paper, "-o", tmp_path / "weak.tsv")
    assert outcome.code == 1
    assert "expected a file name that ends in .jsonl, found the suffix '.tsv'" in outcome.err
    outcome = run("label", tmp_path / "absent", "-o", tmp_path / "weak.jsonl", "--release", OBO)
    assert outcome.code == 1
    assert "Check the name" in outcome.err
