from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.datasets.craft_release import write_release


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return write_release(tmp_path / "CRAFT", ["1", "2", "15917436"])


def test_craft(release: Path, tmp_path: Path, run: Run) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("1\n15917436\n")
    outcome = run("corpus", "craft", release, "--articles", ids, "-o", tmp_path / "out")
    assert outcome.code == 0
    assert outcome.err == ""
    assert "sentences" in outcome.out
    assert "For non-commercial use only: 15917436" in outcome.out
    assert "Bada et al. 2012" in outcome.out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["craft.json", "craft.tsv.gz"]


def test_machine_readable_and_without_noncommercial(release: Path, tmp_path: Path, run: Run) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("2\n15917436\n")
    arguments = ("--articles", ids, "-o", tmp_path / "out", "--without-noncommercial", "--json")
    outcome = run("corpus", "craft", release, *arguments)
    assert outcome.code == 0
    assert outcome.err == "1 of them are CRAFT's test articles: never train on these\n"
    printed = json.loads(outcome.out)
    assert printed["articles"] == ["2"]
    written = json.loads((tmp_path / "out" / "craft.json").read_text())
    assert printed == {"folder": str(tmp_path / "out"), **written}


def test_the_articles_are_always_named(release: Path, tmp_path: Path, run: Run) -> None:
    outcome = run("corpus", "craft", release, "-o", tmp_path / "out")
    assert outcome.code == 2
    assert "Missing option '--articles'" in outcome.err
    ids = tmp_path / "ids.txt"
    ids.write_text("3\n")
    outcome = run("corpus", "craft", release, "--articles", ids, "-o", tmp_path / "out")
    assert outcome.code == 1
    assert "expected the articles that are asked for, found no 3" in outcome.err
    assert not (tmp_path / "out").exists()


def test_other_folders_are_not_replaced(release: Path, tmp_path: Path, run: Run) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("1\n")
    outcome = run("corpus", "craft", release, "--articles", ids, "-o", release)
    assert outcome.code == 1
    assert "one that gotune wrote, with a craft.json" in outcome.err
