"""`gotune classify` with documents: what counts, and what is told of it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.conftest import Run

PAGES = """\
Rings of septins

Received 3 May 2011

Septins form a ring at the neck of the

Doe et al. 12

bud. It opens in G1.1 It closes in S phase.

References

1. Doe J, Roe A. Rings. J Example. 2001;3:4-9.
"""
ROLES = ["heading", "other", "sentence", "other", "sentence", "sentence", "heading", "reference"]


def test_only_sentences_count_unless_all_roles_do(run: Run, tagger_folder: Path, tmp_path: Path) -> None:
    source, table = tmp_path / "pages.txt", tmp_path / "out.csv"
    source.write_text(PAGES)
    arguments = ("classify", source, "-m", tagger_folder, "--device", "cpu")
    shown = run(*arguments, "-o", table).out
    assert "Not counted: 5 pieces beside the sentences" in shown
    rows = pd.read_csv(table, keep_default_na=False)
    assert rows["role"].tolist() == ROLES
    assert rows["text"][2] == "Septins form a ring at the neck of the bud."
    assert PAGES[rows["start"][2] : rows["end"][2]].startswith("Septins form")
    assert PAGES[: rows["end"][2]].endswith("\nbud.")
    found = json.loads(run(*arguments, "--json").out)
    assert (found["shares"]["n_sentences"], found["all_roles"]) == (3, False)
    assert len(found["sentences"][2]["spans"]) == 2
    everything = json.loads(run(*arguments, "--all-roles", "--json").out)
    assert (everything["shares"]["n_sentences"], everything["all_roles"]) == (8, True)
    assert "Not counted" not in run(*arguments, "--all-roles").out
    assert "(reference) 1. Doe J" in run(*arguments).out
    (tmp_path / "more.txt").write_text(PAGES)
    assert "Not counted: 10 pieces" in run("classify", tmp_path, "-m", tagger_folder, "--device", "cpu").out


@pytest.mark.parametrize("arguments", [("A cell.",), ("table.csv", "-o", "out.csv")])
def test_roles_are_those_of_documents(
    arguments: tuple[str, ...], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("table.csv").write_text("text\nA cell.\n")
    outcome = run("classify", *arguments, "--all-roles", "-m", "none")
    assert (outcome.code, "--all-roles" in outcome.err) == (2, True)
