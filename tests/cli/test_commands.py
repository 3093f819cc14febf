"""Each command does its one thing, on the example ontology and the tiny bundle."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from gotune.aspects import ASPECTS
from gotune.datasets.definitions import load_dataset
from gotune.model.bundle import load_bundle, save_bundle
from gotune.model.classification import classify_text
from gotune.model.classifier import AspectClassifier
from tests.cli.conftest import Run
from tests.provenances import provenance_of

OBO = str(files("gotune.ontology") / "example.obo")
NAMES = [aspect.value for aspect in ASPECTS]
SINGLE = "One of the three aspects is chosen for every text: the probabilities add up to one (single head)."
MULTI = "Each aspect is judged by itself: a text may carry none, one or several (multi head)."
PAPER = "The enzyme moves sugar across the membrane.\n\nIt is found in the cell wall. It binds a small ion.\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.txt"
    path.write_text(PAPER)
    return path


def test_releases_are_listed(run: Run) -> None:
    found = json.loads(run("release", "list", "--json").out)
    assert [release["release"] for release in found] == ["2020-01-01", "2021-07-02", "2021-12-15"]
    table = run("release", "list").out
    assert all(release["sha256"][:16] in table for release in found)


def test_release_is_fetched_from_the_cache_alone_when_offline(run: Run) -> None:
    outcome = run("release", "fetch", "2021-12-15", "--offline")
    assert outcome.code == 1
    assert "offline" in outcome.err


def test_release_info_counts(run: Run) -> None:
    outcome = run("release", "info", OBO, "--json")
    found = json.loads(outcome.out)
    assert found["live_terms"] == sum(found[name] for name in NAMES) == 51
    assert (found["obsolete_terms"], found["without_definition"], found["skipped_lines"]) == (2, 1, 0)
    assert "live terms" in run("release", "info", OBO).out


def test_lenient_reading_says_what_it_skipped(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.obo"
    path.write_text(Path(OBO).read_text().replace("\nname: ", "\nnonsense\nname: ", 1))
    strict = run("release", "info", path)
    assert strict.code == 1
    assert "line " in strict.err
    assert json.loads(run("release", "info", path, "--lenient", "--json").out)["skipped_lines"] == 1
    assert (
        "1 bad lines skipped, the first at line "
        in run("dataset", "--release", path, "--lenient", "-o", tmp_path / "d").out
    )


def test_dataset_is_written_and_described(run: Run, tmp_path: Path) -> None:
    outcome = run("dataset", "--release", OBO, "-o", tmp_path / "data", "--train-size", 20, "--seed", 7)
    assert outcome.code == 0
    dataset = load_dataset(tmp_path / "data")
    assert (len(dataset.parts["train"]), dataset.card.seed) == (20, 7)
    assert "biological process" in outcome.out
    assert f"Written to {tmp_path / 'data'}" in outcome.out
    quiet = run("dataset", "--release", OBO, "-o", tmp_path / "data", "--quiet")
    assert quiet == (0, "", "")
    found = json.loads(run("dataset", "--release", OBO, "-o", tmp_path / "data", "--json").out)
    assert found["fingerprint"] == load_dataset(tmp_path / "data").fingerprint


def test_tokens_are_shown(run: Run, tiny_encoder: Path) -> None:
    found = json.loads(run("tokens", "a CELL", "--encoder", tiny_encoder, "--json").out)
    assert [token["piece"] for token in found["tokens"]] == ["[CLS]", "a", "cell", "[SEP]"]
    assert found["encoder"] == str(tiny_encoder)
    table = run("tokens", "a CELL", "--encoder", tiny_encoder).out
    assert "type id" in table
    assert "[CLS]" in table


@pytest.mark.parametrize("engine", ["native", "trainer"])
def test_train_writes_a_bundle(
    engine: str, run: Run, dataset_folder: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    outcome = run(
        "train", dataset_folder, "-o", tmp_path / "model", "--loop", engine, "--encoder", tiny_encoder,
        "--epochs", 1, "--train-size", 24, "--set", "max_tokens=48", "--device", "cpu", "--seed", 3,
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert "epoch 1/1: loss " in outcome.out
    manifest = provenance_of(tmp_path / "model")
    assert (manifest.config.loop, manifest.config.seed, manifest.n_train) == (engine, 3, 24)


def test_evaluate_prints_and_writes(
    run: Run, bundle_folder: Path, dataset_folder: Path, tmp_path: Path
) -> None:
    outcome = run("evaluate", "-m", bundle_folder, dataset_folder, "-o", tmp_path / "evaluation")
    assert outcome.code == 0
    assert "TF-IDF + linear SVM" in outcome.out
    assert "majority" in outcome.out
    assert sorted(path.name for path in (tmp_path / "evaluation").iterdir()) == [
        "confusion.png",
        "confusion.svg",
        "evaluation.json",
        "evaluation.md",
    ]
    saved = json.loads((tmp_path / "evaluation/evaluation.json").read_text())
    printed = json.loads(run("evaluate", "-m", bundle_folder, dataset_folder, "--json").out)
    assert saved["model"] == printed["definitions"]["model"]
    assert (printed["model"]["name"], printed["model"]["release"]) == ("model", "2024-02-29")


def test_classify_a_sentence(run: Run, bundle_folder: Path, classifier: AspectClassifier) -> None:
    text = "Moves sugar across a membrane."
    found = json.loads(run("classify", text, "-m", bundle_folder, "--device", "cpu", "--json").out)
    assert [found[name] for name in NAMES] == pytest.approx(classifier.predict_proba([text])[0])
    aspect = classify_text(classifier, text).aspects[0]
    assert (found["model"]["head"], found["aspects"]) == ("single", [aspect.value])
    shown = run("classify", text, "-m", bundle_folder).out
    assert "molecular function" in shown
    assert f"carries: {aspect.words}\n{SINGLE}\n" in shown
    for blank in ("", "  "):
        outcome = run("classify", blank, "-m", bundle_folder)
        assert (outcome.code, "found an empty or blank text" in outcome.err) == (1, True)
    long = run("classify", "cell " * 100, "-m", bundle_folder)
    assert "only its start was looked at" in long.out


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".tsv", ".parquet", ".json"])
def test_classify_a_document(
    suffix: str, run: Run, bundle_folder: Path, paper: Path, tmp_path: Path, classifier: AspectClassifier
) -> None:
    target, pie = tmp_path / f"out{suffix}", tmp_path / "pie.png"
    outcome = run("classify", paper, "-m", bundle_folder, "-o", target, "--pie", pie, "--device", "cpu")
    assert outcome.code == 0, outcome.err
    assert "paper.txt: 3 sentences, 3 of them with an aspect" in outcome.out
    assert SINGLE in outcome.out
    assert "none" not in outcome.out
    assert pie.read_bytes().startswith(b"\x89PNG")
    match suffix:
        case ".xlsx":
            sheet = openpyxl.load_workbook(target)["sentences"]
            rows = list(sheet.iter_rows(values_only=True))
            table = pd.DataFrame(rows[1:], columns=[str(name) for name in rows[0]])
        case ".json":
            table = pd.DataFrame(json.loads(target.read_text())["sentences"])
        case ".parquet":
            table = pd.read_parquet(target)
        case _:
            table = pd.read_csv(target, sep="\t" if suffix == ".tsv" else ",")
    places = zip(table["start"].tolist(), table["end"].tolist(), strict=True)
    assert [PAPER[int(start) : int(end)] for start, end in places] == table["text"].tolist()
    expected = classifier.predict_proba(table["text"].tolist())
    assert table[NAMES].to_numpy(dtype=float) == pytest.approx(expected, abs=1e-6)


def test_classify_a_document_on_the_terminal(run: Run, bundle_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("It binds [bold]sugar[/bold]. " * 25)
    outcome = run("classify", path, "-m", bundle_folder)
    assert "20  It binds [bold]sugar[/bold]." in outcome.out
    assert "and 5 more; -o sentences.xlsx writes all." in outcome.out


@pytest.fixture
def tagger_with(tagger_folder: Path, tmp_path: Path) -> Callable[..., Path]:
    """Return what writes the tiny tagger with other thresholds."""

    def write(*thresholds: float) -> Path:
        bundle = load_bundle(tagger_folder)
        save_bundle(
            replace(
                bundle,
                manifest=replace(
                    bundle.manifest,
                    spec=replace(bundle.manifest.spec, thresholds=thresholds),
                    format_version=3,
                ),
            ),
            tmp_path / "tagger",
        )
        return tmp_path / "tagger"

    return write


@pytest.mark.parametrize(
    ("thresholds", "carried"),
    [((1.0, 1.0, 1.0), "none of the three"), ((0.0, 0.0, 1.0), "biological process, cellular component")],
)
def test_classify_a_sentence_with_a_multi_head(
    thresholds: tuple[float, float, float], carried: str, run: Run, tagger_with: Callable[..., Path]
) -> None:
    model = tagger_with(*thresholds)
    outcome = run("classify", "A cell wall.", "-m", model)
    assert f"carries: {carried}\n{MULTI} An aspect is carried from this" in outcome.out
    assert f"MF {thresholds[2]:.3f}." in outcome.out
    found = json.loads(run("classify", "A cell wall.", "-m", model, "--json").out)
    assert found["aspects"] == (NAMES[:2] if thresholds[0] == 0 else [])
    assert found["model"]["head"] == "multi"
    assert list(found["model"]["thresholds"].values()) == list(thresholds)


def test_classify_a_document_with_a_multi_head(
    run: Run, tagger_with: Callable[..., Path], paper: Path, tmp_path: Path
) -> None:
    out = run("classify", paper, "-m", tagger_with(1.0, 0.0, 0.0)).out
    assert [line.split("│")[2].strip() for line in out.splitlines() if line.startswith("│")][:3] == [
        "CC, MF"
    ] * 3
    assert "paper.txt: 3 sentences, 3 of them with an aspect" in out
    rows = [
        line.strip("│").split("│") for line in out.splitlines() if "component" in line or "function" in line
    ]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["cellular component", "50.0%", "12.5% to 87.5%"],
        ["molecular function", "50.0%", "12.5% to 87.5%"],
    ]
    assert "none: 0.0% of 3 sentences (95 % interval 0.0% to 56.1%)" in out
    assert MULTI in out
    pie = tmp_path / "pie.png"
    out = run("classify", paper, "-m", tagger_with(1.0, 1.0, 1.0), "--pie", pie).out
    assert [line.split("│")[2].strip() for line in out.splitlines() if line.startswith("│")] == ["none"] * 3
    assert "paper.txt: 3 sentences, no sentence carries an aspect" in out
    assert "none: 100.0% of 3 sentences" in out
    assert pie.stat().st_size > 1000


def test_names_that_cannot_be_written_are_refused_before_the_model_is_loaded(
    run: Run, paper: Path, tmp_path: Path
) -> None:
    outcome = run("classify", paper, "-m", tmp_path / "no model", "-o", tmp_path / "a.docx")
    assert (outcome.code, "a.docx: expected a file name that ends in .xlsx" in outcome.err) == (1, True)
    outcome = run("classify", paper, "-m", tmp_path / "no model", "--pie", tmp_path / "a.gif")
    assert (outcome.code, "a.gif: expected a file name that ends in .png" in outcome.err) == (1, True)
    outcome = run("evaluate", "-m", tmp_path / "no model", tmp_path / "no data", "-o", paper)
    assert (outcome.code, "expected a folder to write, found a file" in outcome.err) == (1, True)


def test_classify_a_table_keeps_every_row_and_column(
    run: Run, bundle_folder: Path, classifier: AspectClassifier, tmp_path: Path
) -> None:
    source, target = tmp_path / "in.tsv", tmp_path / "out.tsv"
    source.write_text('id\ttext\tnote\n007\tA cell wall.\tNA\n1e5\t\t=1+1\nx\tBinds sugar.\t5" end\n')
    outcome = run("classify", source, "--text-column", "text", "-m", bundle_folder, "-o", target)
    assert outcome.code == 0, outcome.err
    assert SINGLE in outcome.out
    lines = [line.split("\t") for line in target.read_text().splitlines()]
    assert lines[0] == ["id", "text", "note", "aspects", *NAMES]
    assert [line[:3] for line in lines] == [line.split("\t") for line in source.read_text().splitlines()]
    assert lines[2][3:] == ["", "", "", ""]
    rows = [[float(value) for value in lines[number][4:]] for number in (1, 3)]
    assert [lines[number][3] for number in (1, 3)] == [NAMES[row.index(max(row))] for row in rows]
    assert rows == pytest.approx(classifier.predict_proba(["A cell wall.", "Binds sugar."]), abs=0.02)
    missing = run("classify", source, "--text-column", "txt", "-m", bundle_folder, "-o", tmp_path / "x.tsv")
    assert missing.code == 1
    assert "expected a column 'txt', found the columns id, text, note" in missing.err


@pytest.mark.parametrize(
    ("thresholds", "carried"),
    [((1.0, 1.0, 1.0), "none"), ((0.0, 0.0, 1.0), "biological_process,cellular_component")],
)
def test_classify_a_table_with_a_multi_head(
    thresholds: tuple[float, float, float], carried: str, run: Run, tagger_with: Callable[..., Path],
    tmp_path: Path,
) -> None:  # fmt: skip
    source, target = tmp_path / "in.csv", tmp_path / "out.parquet"
    source.write_text("text\nA cell wall.\n")
    outcome = run("classify", source, "--text-column", "text", "-m", tagger_with(*thresholds), "-o", target)
    assert MULTI in outcome.out
    assert pd.read_parquet(target)["aspects"].tolist() == [carried]


def test_bad_documents_are_refused_and_nothing_is_written(
    run: Run, bundle_folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    target.write_text("years of work")
    for name, content in [
        ("a.txt", b""),
        ("b.txt", b" \n"),
        ("c.txt", b"%PDF-1.7\x00"),
        ("d.txt", b"caf\xe9"),
    ]:
        (tmp_path / name).write_bytes(content)
        outcome = run("classify", tmp_path / name, "-m", bundle_folder, "-o", target)
        assert outcome.code == 1
        assert outcome.err.startswith(f"error: {tmp_path / name}")
    assert target.read_text() == "years of work"
