from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def index(run: Run, example_release: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    outcome = run("index", "--release", example_release, "-o", folder)
    assert (outcome.code, "labels of release 2024-02-29" in outcome.out) == (0, True)
    return folder


def test_search_shows_what_words_mean(run: Run) -> None:
    outcome = run("search", "programmed cell death", "--top", "1")
    assert outcome.code == 0
    assert "GO:0012501" in outcome.out
    assert "Terms of GO release 2021-12-15." in outcome.out


def test_search_of_an_index_of_ones_own(run: Run, index: Path) -> None:
    outcome = run("search", "sugar catabolism", "GO:9000091", "--index", index, "--json", "--top", "2")
    first, second = json.loads(outcome.out)
    assert first["matches"][0]["go_id"] == "GO:9000012"
    assert [match["go_id"] for match in second["matches"]] == ["GO:9000010"]
    assert "GO:9000091 is obsolete or was merged" in outcome.err


def test_index_tells_what_changed(run: Run, example_release: Path, index: Path, tmp_path: Path) -> None:
    table = tmp_path / "drift.tsv"
    outcome = run(
        "index", "--release", example_release, "--index", index, "-o", tmp_path / "b", "--drift", table
    )
    assert (outcome.code, table.read_text()) == (0, "change\tgo_id\tbefore\tnow\n")
    assert "Since release 2024-02-29: 0 new, 0 gone, 0 renamed, 0 reworded, 0 withdrawn, 0 allowed." in (
        " ".join(outcome.out.split())
    )


def test_search_says_what_it_cannot_answer(run: Run) -> None:
    assert "No term is near" in run("search", "programmed cell death", "--threshold", "1").err
    assert "not English" in run("search", "Die Teilung der Hefe wird durch viele Gene gesteuert").err
    outcome = run("search", "cell", "--aspect", "XX")
    assert (outcome.code, "expected BP or biological_process" in outcome.err) == (2, True)
    outcome = run("search", "GO:9999999", "cell cycle", "--top", "1")
    assert (outcome.code, "GO:0007049" in outcome.out) == (0, True)
    assert "GO:9999999 is not in release 2021-12-15" in outcome.err
    outcome = run("search", "  ")
    assert (outcome.code, "expected some words" in outcome.err) == (1, True)


def test_annotate_takes_a_text(run: Run) -> None:
    outcome = run("annotate", "Loss of Drp1 blocks mitochondrial fission.", "--json")
    (document,) = json.loads(outcome.out)["documents"]
    assert [(one["go_id"], one["start"], one["end"]) for one in document["annotations"]] == [
        ("GO:0000266", 20, 41)
    ]


def test_annotate_takes_files_and_writes_tables(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.txt").write_text("Mitochondrial fission is a process.")
    (folder / "b.txt").write_text("The Golgi apparatus and the mitochondrial fission.")
    table, lines, page = (tmp_path / f"terms.{suffix}" for suffix in ("tsv", "jsonl", "html"))
    outcome = run("annotate", folder, "-o", table, "-o", lines, "-o", page, "--aspect", "BP")
    assert (outcome.code, "2 documents; of the first, a.txt:" in outcome.out) == (0, True)
    rows = [line.split("\t") for line in table.read_text().splitlines()[1:]]
    assert [(row[0], row[5]) for row in rows] == [("a.txt", "GO:0000266"), ("b.txt", "GO:0000266")]
    assert len(lines.read_text().splitlines()) == 2
    assert page.read_text().count("<mark ") == 2


def test_annotate_takes_a_table(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "abstracts.tsv"
    path.write_text("pmid\tabstract\n1\tMitochondrial fission.\n2\tNothing.\n")
    outcome = run("annotate", path, "--text-column", "abstract", "--json")
    documents = json.loads(outcome.out)["documents"]
    assert [len(document["annotations"]) for document in documents] == [1, 0]
    assert run("annotate", "A text.", "--article-column", "pmid").code == 2


def test_a_workbook_is_no_overview(run: Run, tmp_path: Path) -> None:
    outcome = run("annotate", "A nucleus.", "--slim", "goslim_yeast", "-o", str(tmp_path / "a.xlsx"))
    assert outcome.code == 2
    assert "expected no workbook beside it" in " ".join(outcome.err.replace("│", " ").split())


def test_annotate_rolls_up_to_a_slim(run: Run, tmp_path: Path) -> None:
    text = "Mitochondrial fission."
    outcome = run("annotate", text, "--slim", "goslim_yeast", "--json")
    (document,) = json.loads(outcome.out)["documents"]
    assert [one["name"] for one in document["annotations"]] == [
        "mitochondrion organization",
        "organelle fission",
    ]
    mine = tmp_path / "mine.txt"
    mine.write_text("# a comment\nGO:0005739 mitochondrion\n\nGO:0048285\torganelle fission\n")
    outcome = run("annotate", text, "--slim", mine, "--json")
    (document,) = json.loads(outcome.out)["documents"]
    assert [one["go_id"] for one in document["annotations"]] == ["GO:0048285"]
    mine.write_text("GO:9999999\n")
    outcome = run("annotate", text, "--slim", mine)
    assert (outcome.code, "found GO:9999999" in outcome.err) == (1, True)


def test_annotate_refuses_what_it_cannot_do(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "abstracts.tsv"
    path.write_text("pmid\tabstract\n1\tMitochondrial fission.\n2\tNothing.\n")
    outcome = run("annotate", path, "--text-column", "abstract", "-o", path)
    assert (outcome.code, "expected a file of its own to write" in outcome.err) == (1, True)
    assert path.read_text().startswith("pmid")
    outcome = run("annotate", " ")
    assert (outcome.code, "expected some words" in outcome.err) == (1, True)
    assert run("annotate", path, "-o", tmp_path / "terms.doc").code == 1
