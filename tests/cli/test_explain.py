"""`gotune explain`: the terminal, the files, and what it says when something is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gotune.config import Precision
from gotune.model.classifier import AspectClassifier
from gotune.ontology.loading import example_ontology
from tests.cli.conftest import Run

TEXT = "The enzyme moves sugar across the plasma membrane."
WORDS = "Cells showed less kinase activity."


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The OBO file that the tiny models learned from."""
    from importlib.resources import files

    path = tmp_path_factory.mktemp("release") / "example.obo"
    path.write_bytes((files("gotune.ontology") / "example.obo").read_bytes())
    return path


def test_the_terminal_tells_words_sum_and_neighbours(run: Run, bundle_folder: Path, release: Path) -> None:
    outcome = run("explain", TEXT, "-m", bundle_folder, "--aspect", "cc", "--release", release, "-n", 2)
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith(f"Why cellular component:\n{TEXT}\n\nCarries ")
    assert "Cellular component: probability 0." in outcome.out
    assert "completeness error" in outcome.out
    assert "membrane" in outcome.out
    assert outcome.out.count("GO:9") == 2
    assert "Integrated gradients" in outcome.out


def test_the_terminal_tells_what_each_witness_says(run: Run, witnesses_folder: Path) -> None:
    outcome = run("explain", WORDS, "-m", witnesses_folder, "--aspect", "mf", "-n", 0)
    assert outcome.code == 0, outcome.err
    assert "Log-odds of molecular function by each witness, carried from " in outcome.out
    rows = [line.split("│")[1:3] for line in outcome.out.splitlines() if line.count("│") == 4]
    assert [name.strip() for name, _ in rows[:5]] == ["encoder", "names", "words", "constant", "score"]
    weights = [float(weight) for _, weight in rows[:5]]
    assert sum(weights[:-1]) == pytest.approx(weights[-1], abs=0.03)
    assert "Encoder " in outcome.out
    assert "What words say of molecular function by themselves" in outcome.out
    assert "kinase activity" in outcome.out


def test_a_model_is_explained_without_its_encoder(run: Run, witnesses_folder: Path, tmp_path: Path) -> None:
    path, page = tmp_path / "why.json", tmp_path / "why.html"
    arguments = ("explain", WORDS, "-m", witnesses_folder, "--without", "encoder")
    outcome = run(*arguments, "-o", path, "-o", page)
    assert outcome.code == 0, outcome.err
    values = json.loads(path.read_text())
    assert values["method"] == "occlusion"
    assert values["account"]["encoder"] is None
    assert values["model"]["encoder"] == "words and names"
    assert "without its encoder" in run(*arguments, "--method", "gradients").err
    assert "--neighbours: expected the encoder with it" in run(*arguments, "-n", 3).err
    assert "--device: expected an encoder, which would use it" in run(*arguments, "--device", "cpu").err
    words = run(*arguments, "--without", "names", "--json")
    assert json.loads(words.out)["account"]["names"] is None
    nothing = run(*arguments, "--without", "names", "--without", "words")
    assert nothing.code == 1
    assert "found both left out. Leave out less" in nothing.err


def test_json_has_everything(run: Run, bundle_folder: Path, release: Path, tmp_path: Path) -> None:
    path = tmp_path / "why.json"
    arguments = ("explain", TEXT, "-m", bundle_folder, "--release", release, "-n", 3, "--json", "-o", path)
    outcome = run(*arguments, "--device", "cpu")
    assert outcome.code == 0, outcome.err
    values = json.loads(outcome.out)
    assert json.loads(path.read_text()) == values
    assert [word["word"] for word in values["words"]] == [*TEXT[:-1].split(), "."]
    assert values["completeness"]["error"] <= 0.05
    classifier = AspectClassifier.load(bundle_folder, device="cpu", precision=Precision.FP32)
    assert list(values["probabilities"].values()) == pytest.approx(classifier.predict_proba([TEXT])[0])
    ids = [one["go_id"] for one in values["neighbours"]]
    assert len(ids) == 3
    assert all(example_ontology()[go_id].definition for go_id in ids)


@pytest.mark.parametrize(
    ("suffix", "start"), [(".html", b"<!DOCTYPE html>"), (".png", b"\x89PNG"), (".svg", b"<?xml")]
)
def test_pages_and_pictures(suffix: str, start: bytes, run: Run, tagger_folder: Path, tmp_path: Path) -> None:
    path, other = tmp_path / f"why{suffix}", tmp_path / "why.json"
    outcome = run(
        "explain", "-m", tagger_folder, TEXT, "--method", "occlusion", "-n", 0, "-o", path, "-o", other
    )
    assert outcome.code == 0, outcome.err
    assert path.read_bytes().startswith(start)
    assert json.loads(other.read_text())["method"] == "occlusion"
    assert f"Written to {path}\nWritten to {other}\n" in outcome.out
    assert "completeness" not in outcome.out


def test_without_its_release_there_are_no_neighbours(run: Run, bundle_folder: Path, tmp_path: Path) -> None:
    outcome = run("explain", TEXT, "-m", bundle_folder, "--method", "occlusion", "--offline", "-q")
    assert outcome.code == 0
    assert outcome.out == ""
    assert "Similar definitions are left out; --release names an OBO file." in outcome.err
    asked = run("explain", TEXT, "-m", bundle_folder, "--release", tmp_path / "missing.obo")
    assert asked.code == 1
    assert "missing.obo: expected an OBO file" in asked.err


def test_a_hostile_text_does_not_steer_the_terminal(run: Run, bundle_folder: Path) -> None:
    text = "[bold]cell[/bold] \x1b[31m\x1b]0;title\x07 \u202egnp \u200b\U0001f9ec wall"
    outcome = run("explain", text, "-m", bundle_folder, "-n", 0, "--method", "occlusion")
    assert outcome.code == 0, outcome.err
    shown = r"[bold]cell[/bold] \x1b[31m\x1b]0;title\x07 \u202egnp " + "\U0001f9ec wall"
    assert shown in outcome.out.splitlines()
    assert all(line.isprintable() for line in outcome.out.split("\n"))


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (
            ("-o", "why.html", "-o", "why.pdf"),
            "why.pdf: expected a file name that ends in .html, .png, .svg",
            1,
        ),
        (
            ("--aspect", "XX"),
            "expected BP or biological_process, CC or cellular_component, MF or molecular_function, found XX",
            2,
        ),
        (("--method", "magic"), "'magic' is not one of 'gradients', 'occlusion'", 2),
        ((), "missing: expected a model folder of gotune", 1),
        (("-n", "0", "--release", "a.obo"), "--release: expected --neighbours above 0 with it", 2),
        (("--release", "no.obo"), "no.obo: expected an OBO file, or the date of a pinned release", 1),
    ],
)
def test_wrong_usage_is_told_before_any_work(
    arguments: tuple[str, ...], message: str, code: int, run: Run
) -> None:
    outcome = run("explain", TEXT, "-m", "missing", *arguments)
    assert outcome.code == code
    assert message in " ".join(outcome.err.replace("│", " ").split())


@pytest.mark.parametrize(
    ("text", "message"),
    [("\u200b", "found nothing that can be seen"), ("cell " * 600, "sentence by sentence")],
)
def test_what_cannot_be_explained_is_told(text: str, message: str, run: Run, bundle_folder: Path) -> None:
    outcome = run("explain", text, "-m", bundle_folder)
    assert outcome.code == 1
    assert message in outcome.err
