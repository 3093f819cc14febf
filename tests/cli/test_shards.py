from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from gotune.linking.annotator import Annotator
from gotune.model.classification import classify_document, classify_text
from gotune.model.loading import load_model
from tests.cli.conftest import Run

TEXTS = ["The kinase phosphorylates the receptor. It is in the nucleus.", "A paper.", "Autophagy is induced."]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    pd.DataFrame({"pmid": [7, 8], "text": TEXTS[:2]}).to_csv(folder / "a.tsv", sep="\t", index=False)
    (folder / "b.txt").write_text(TEXTS[2])
    (folder / "c.jsonl").write_text('{"body": "x"}\n')
    (folder / "d.pdf").write_text("x")
    return folder


def test_classify_a_corpus(run: Run, corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ("classify", corpus, "--text-column", "text", "-m", "fast", "--workers", 1, "-o", out)
    outcome = run(*arguments)
    assert outcome.code == 0
    assert outcome.out.splitlines() == [f"{out}: classify, complete.", "3 texts, 3 rows, 1 shard of 3 files."]
    assert "Left out: 1 file of other kinds." in outcome.err
    assert f"1 record rejected, see {out / 'rejected.jsonl'}" in outcome.err
    rejected = [json.loads(line) for line in (out / "rejected.jsonl").read_text().splitlines()]
    assert rejected == [{"file": "c.jsonl", "line": 1, "reason": "expected a text, found none"}]
    rows = pq.read_table(out / "shard-000000.parquet").to_pylist()
    assert [(row["file"], row["line"], row["article"]) for row in rows] == [
        ("a.tsv", 2, "7"), ("a.tsv", 3, "8"), ("b.txt", 1, ""),
    ]  # fmt: skip
    classifier = load_model("fast")
    for row, text in zip(rows, TEXTS, strict=True):
        found = classify_text(classifier, text)
        assert row["aspects"] == [aspect.value for aspect in found.aspects]
        assert row["molecular_function"] == pytest.approx(found.probabilities.molecular_function, abs=1e-6)
        assert row["doubts"] == list(found.doubts)
    assert run(*arguments).code == 0
    refused = run(*arguments, "--prefer", "recall")
    assert (refused.code, "found prefer recall, not balance" in refused.err) == (1, True)


def test_classify_the_sentences_of_a_corpus(run: Run, corpus: Path, tmp_path: Path) -> None:
    from gotune.corpus.documents import Document

    out = tmp_path / "out"
    arguments = ("--text-column", "text", "-m", "fast", "--by-sentence", "--workers", 1)
    assert run("classify", corpus, *arguments, "-o", out).code == 0
    rows = pq.read_table(out / "shard-000000.parquet").to_pylist()
    assert [(row["sentence"], TEXTS[0][row["start"] : row["end"]]) for row in rows[:2]] == [
        (1, "The kinase phosphorylates the receptor."),
        (2, "It is in the nucleus."),
    ]
    found = classify_document(load_model("fast"), Document("a", TEXTS[0])).sentences
    assert [row["aspects"] for row in rows[:2]] == [[one.value for one in part.aspects] for part in found]


def test_annotate_a_corpus(run: Run, corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    outcome = run("annotate", corpus, "--text-column", "text", "--workers", 1, "-o", out, "--json")
    told = json.loads(outcome.out)
    assert (outcome.code, told["complete"], told["texts"], told["rejected"]) == (0, True, 3, 1)
    rows = pq.read_table(out / "shard-000000.parquet").to_pylist()
    from gotune.corpus.documents import Document

    expected = [
        (text, one.go_id, one.start, one.end)
        for text in TEXTS
        for one in Annotator.load().annotate(Document("a", text)).annotations
    ]
    by_place = {("a.tsv", 2): TEXTS[0], ("a.tsv", 3): TEXTS[1], ("b.txt", 1): TEXTS[2]}
    found = [(by_place[row["file"], row["line"]], row["go_id"], row["start"], row["end"]) for row in rows]
    assert found == expected
    assert all(
        by_place[row["file"], row["line"]][row["start"] : row["end"]] == row["surface"] for row in rows
    )


def test_status_and_merge(run: Run, corpus: Path, tmp_path: Path) -> None:
    out, one = tmp_path / "out", tmp_path / "one.parquet"
    run("classify", corpus, "--text-column", "text", "-m", "fast", "--workers", 1, "-o", out)
    assert "classify, complete" in run("shards", "status", out).out
    outcome = run("shards", "merge", out, "-o", one)
    assert (outcome.code, outcome.out) == (0, f"3 rows. Written to {one}\n")
    assert pq.read_table(one).num_rows == 3
    (out / "shard-000000.parquet").write_text("x")
    outcome = run("shards", "status", out)
    assert "classify, stopped, 0.0% of" in outcome.out
    assert "1 shard damaged; the same command makes them anew." in outcome.err
    assert run("shards", "merge", out, "-o", one).code == 1
    outcome = run("shards", "status", corpus)
    assert (outcome.code, "expected the folder of a corpus run" in outcome.err) == (1, True)


def test_a_column_without_a_text_is_told_with_the_first_shard(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"body": "x"}\n' * 10_500)
    arguments = ("--text-column", "text", "-m", "fast", "--workers", 1, "-o", tmp_path / "out")
    outcome = run("classify", path, *arguments)
    told = "Not one of 10,000 records so far is a text. Check --text-column"
    assert (outcome.code, outcome.err.count(told)) == (0, 1)


def test_a_small_corpus_without_a_text_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"body": "x"}\n')
    outcome = run("classify", path, "--text-column", "text", "-m", "fast", "-o", tmp_path / "out")
    assert "1 record rejected and there is no text: check --text-column, see" in " ".join(outcome.err.split())


def test_an_output_that_links_to_itself_is_refused(run: Run, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to("out")
    outcome = run("classify", corpus, "--text-column", "text", "-m", "fast", "-o", tmp_path / "out")
    assert outcome.code == 1
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("output", ["-", "/dev/null"])
def test_standard_output_is_no_folder(
    output: str, run: Run, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run("annotate", corpus / "b.txt", "-o", output)
    assert outcome.code == 2
    assert f"found {output}" in " ".join(outcome.err.replace("│", " ").split())
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize(
    ("name", "column", "is_read"), [("a.tsv", True, True), ("new.tsv", True, True), ("new.tsv", False, False)]
)
def test_no_output_is_read_by_the_next_run(
    name: str, column: bool, is_read: bool, run: Run, corpus: Path
) -> None:
    output = corpus / name
    before = output.read_bytes() if output.exists() else b""
    outcome = run("annotate", corpus, "-o", output, *(("--text-column", "text") if column else ()))
    assert outcome.code == int(is_read), outcome.err
    assert ("outside of the folders that are read" in outcome.err) == is_read
    assert not is_read or (output.read_bytes() if output.exists() else b"") == before


def test_a_text_is_not_taken_for_a_file_with_any_option(run: Run, tmp_path: Path) -> None:
    text = "The kinase phosphorylates the receptor. " * 20
    outcome = run("annotate", text, "--text-column", "text")
    assert outcome.code == 2
    assert "--text-column: expected a table with it" in " ".join(outcome.err.replace("│", " ").split())
    outcome = run("label", text, "-o", tmp_path / "weak.jsonl")
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)


def test_what_makes_no_corpus_run_is_refused(run: Run, corpus: Path, tmp_path: Path) -> None:
    text = ("--text-column", "text")
    outcome = run("classify", corpus, *text, "-m", "fast", "-o", corpus / "out")
    assert (outcome.code, "expected a folder that is no part of the corpus" in outcome.err) == (1, True)
    for arguments, message in (
        (("classify", "A cell.", "-o", tmp_path / "out"), "which needs files, found a text"),
        (("classify", corpus, *text, "-o", tmp_path / "out", "-o", tmp_path / "a.tsv"), "found 2 outputs"),
        (("classify", corpus, *text, "-o", tmp_path / "out", "--terms"), "--terms: expected a file to write"),
        (("classify", corpus, *text, "-o", tmp_path / "a.tsv", "--workers", 2), "expected -o FOLDER with it"),
        (("annotate", corpus, "-o", tmp_path / "a.tsv", "--cluster", "x"), "expected -o FOLDER with it"),
    ):
        outcome = run(*arguments)
        assert (outcome.code, message in " ".join(outcome.err.split())) == (2, True), outcome.err
