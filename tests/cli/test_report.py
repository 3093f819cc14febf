from __future__ import annotations

import json
from pathlib import Path

import lxml.html
import pytest

from gotune.corpus.documents import read_document
from gotune.model.classification import classify_document
from gotune.model.classifier import AspectClassifier
from tests.cli.conftest import Run
from tests.labelled_sentences import write_sentences

PAPER = "Doors & <walls>\n\nThe door opens in the membrane. It was cold outside on that day.\n"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.txt"
    path.write_text(PAPER, encoding="utf-8")
    return path


def test_report_of_a_paper(
    run: Run, paper: Path, tagger_folder: Path, tagger: AspectClassifier, tmp_path: Path
) -> None:
    page = tmp_path / "pages" / "paper.html"
    outcome = run("report", "paper", paper, "--model", tagger_folder, "-o", page, "--device", "cpu")
    assert outcome.code == 0, outcome.err
    assert outcome.out == f"Written to {page}\n"
    text = lxml.html.parse(str(page)).xpath("//*[@id='text']")[0]
    assert text.text_content() == PAPER
    classified = classify_document(tagger, read_document(paper))
    assert [node.get("data-carries") for node in text.xpath(".//bdi")] == [
        " ".join(aspect.short for aspect in found.aspects) or "none" for found in classified.sentences
    ]
    assert f"{tagger.spec.encoder}, GO release" in page.read_text(encoding="utf-8")


def test_report_of_a_paper_as_json(run: Run, paper: Path, bundle_folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "paper.html"
    outcome = run(
        "report", "paper", paper, "-m", bundle_folder, "-o", page, "--json", "--device", "cpu"
    )  # fmt: skip
    assert json.loads(outcome.out)["sentences"][0]["text"] == "Doors & <walls>"
    assert page.exists()


def test_report_of_a_model(run: Run, bundle_folder: Path, dataset_folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "model.html"
    outcome = run(
        "report", "model", bundle_folder, dataset_folder, "-o", page, "--test-size", 8, "--json",
        "--device", "cpu",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    values = json.loads(outcome.out)
    assert list(values) == ["definitions"]
    assert values["definitions"]["n_test"] == 8
    text = page.read_text(encoding="utf-8")
    assert "<h1>Model &#34;model&#34;</h1>" in text
    assert f"{len(values['definitions']['hardest'])} of" in text
    assert 'id="sentences"' not in text


def test_report_of_a_tagger_with_sentences(
    run: Run, tagger_folder: Path, dataset_folder: Path, tmp_path: Path, example_release: Path
) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(
        write_sentences().replace('"article ', '"paper ').replace(" in trial ", " in round "),
        encoding="utf-8",
    )
    page = tmp_path / "model.html"
    outcome = run(
        "report", "model", tagger_folder, dataset_folder, "-o", page, "--sentences", other,
        "--device", "cpu",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert outcome.out.endswith(f"Written to {page}\n")
    assert "dictionary of GO names" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["paper", "missing.txt", "-m", "model", "-o", "a.html"], 1, "missing.txt: expected a file"),
        (["paper", "paper.txt", "-m", "model", "-o", "a.pdf"], 1, "a.pdf: expected a file name that ends in"),
        (["paper", "paper.txt", "-m", "model", "-o", "a.html"], 1, "model: expected a model folder"),
        (["model", "model", "data", "-o", "a"], 1, "a: expected a file name that ends in .html"),
        (["model", "model", "data", "-o", "a.html"], 1, "data: expected a dataset folder"),
        (["model", "model", "data", "-o", "a.html", "--test-size", "0"], 2, "greater than or equal to 1"),
        (
            ["model", "model", "data", "-o", "a.html", "--aspects-column", "b"],
            2,
            "--aspects-column: expected --sentences FILE with it",
        ),
    ],
)
def test_what_cannot_be_reported(
    arguments: list[str], code: int, message: str, run: Run, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(paper.parent)
    outcome = run("report", *arguments)
    assert outcome.code == code
    assert message in " ".join(outcome.err.replace("│", " ").split())
    assert list(paper.parent.iterdir()) == [paper]
