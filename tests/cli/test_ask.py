"""`gotune ask`, and the way back of what a person fills in."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.provenances import provenance_of

TEXT = """Results

The nucleus of the yeast cells was lost after two hours. Growth of the cells was not changed by zinc.

The kinase binds calcium ions in the cytoplasm. Membranes of these cells were thin and had many proteins.
"""
LABELS = ("CC", "BP", "MF,CC", "none")


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.txt").write_text(TEXT.replace("cells", f"cells of strain {name}"))
    return folder


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_what_a_person_fills_in_is_learned_from(
    run: Run, papers: Path, tagger_folder: Path, dataset_folder: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "to_label.tsv"
    asked = run("ask", papers, "--model", tagger_folder, "-n", 7, "-o", path, "--device", "cpu")
    assert asked.code == 0, asked.err
    # One sentence is the same in both papers, and headings are not asked about.
    assert "7 of 10 sentences, of 2 articles." in asked.out
    rows = read(path)
    assert {row["article"] for row in rows} == {"one.txt", "two.txt"}
    assert {row["aspects"] for row in rows} == {"?"}
    filled = path.read_text().replace("\t?\t", "\t{}\t").format(*LABELS, *LABELS[:2], "?")
    path.write_text(filled)
    trained = run(
        "train", dataset_folder, "-o", tmp_path / "model", "--encoder", tiny_encoder, "--head", "multi",
        "--sentences", path, "--epochs", 1, "--set", "max_tokens=48", "--device", "cpu",
    )  # fmt: skip
    assert trained.code == 0, trained.err
    (card,) = provenance_of(tmp_path / "model").sources
    assert (card.n_rows, card.n_none, card.n_skipped) == (6, 1, 1)
    assert list(card.counts.values()) == [2, 3, 1]
    arguments = ("ask", papers, "--model", tmp_path / "model", "--json", "--device", "cpu", "-o")
    refused = run(*arguments, path)
    assert (refused.code, "found one that may hold somebody's work" in refused.err) == (1, True)
    assert path.read_text() == filled
    again = run(*arguments, tmp_path / "more.tsv")
    found = json.loads(again.out)
    assert [row["text"] for row in found["sentences"]] == [rows[-1]["text"]]
    assert found["model"]["name"] == "model"


def test_one_article_is_warned_of(run: Run, papers: Path, bundle_folder: Path, tmp_path: Path) -> None:
    outcome = run("ask", papers / "one.txt", "-m", bundle_folder, "-n", 2, "-o", tmp_path / "a.tsv", "-q")
    assert (outcome.code, outcome.out) == (0, "")
    assert "All are of one article" in outcome.err
    told = run("ask", papers / "one.txt", "-m", bundle_folder, "-n", 2, "-o", tmp_path / "a.tsv")
    assert "sentences, of 1 article.\n" in told.out


def test_a_table_needs_its_text_column(run: Run, bundle_folder: Path, tmp_path: Path) -> None:
    table, output = tmp_path / "mine.csv", tmp_path / "to_label.tsv"
    table.write_text("article,said\na,The yeast cells grow in zinc.\nb,The nucleus is round in yeast.\n")
    refused = run("ask", table, "-m", bundle_folder, "-o", output)
    assert (refused.code, "one of article, said" in refused.err) == (2, True)
    outcome = run("ask", table, "-m", bundle_folder, "-o", output, "--text-column", "said")
    assert outcome.code == 0, outcome.err
    assert sorted(row["article"] for row in read(output)) == ["a", "b"]


def test_nothing_worth_labelling_is_told(run: Run, bundle_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "headings.txt"
    path.write_text("Results\n\nMethods\n")
    outcome = run("ask", path, "-m", bundle_folder, "-o", tmp_path / "to_label.tsv")
    assert outcome.code == 1
    assert "none among 2: headings" in outcome.err
    assert not (tmp_path / "to_label.tsv").exists()


def test_another_suffix_is_refused_before_any_work(run: Run, tmp_path: Path) -> None:
    outcome = run("ask", tmp_path / "missing", "-m", tmp_path / "model", "-o", tmp_path / "to_label.xlsx")
    assert outcome.code == 1
    assert "ends in .tsv" in outcome.err
