"""Settings of a training run as a person writes them."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from gotune.config import Precision, TrainConfig
from tests.cli.conftest import Run
from tests.provenances import provenance_of

SETTINGS = {*(field.name for field in fields(TrainConfig)), "name_sentences"}


def test_settings_are_set(run: Run, dataset_folder: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    settings = (
        "batch_size=4",
        "class_weights=true",
        "validation_size=all",
        "precision=fp32",
        "max_tokens=48",
    )
    given = [word for setting in settings for word in ("--set", setting)]
    outcome = run(
        "train", dataset_folder, "-o", tmp_path / "model", "--preset", "case-study", "--train-size", 20,
        "--encoder", tiny_encoder, "--epochs", 1, "--device", "cpu", *given, "--json",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    config = provenance_of(tmp_path / "model").config
    assert (config.batch_size, config.class_weights, config.validation_size) == (4, True, None)
    assert (config.precision, config.train_size, config.epochs) == (Precision.FP32, 20, 1)
    found = json.loads(outcome.out)
    assert found["folder"] == str(tmp_path / "model")
    assert (found["model"]["name"], found["model"]["encoder"]) == ("model", str(tiny_encoder))
    assert found["provenance"]["config"]["batch_size"] == 4


def test_a_model_is_made_for_onnx_runtime_and_measured(
    run: Run, bundle_folder: Path, dataset_folder: Path, tmp_path: Path
) -> None:
    made = tmp_path / "small"
    start = ("export", "-m", bundle_folder, "-o", made)
    for arguments, told in (
        ((), "expected --engine or --without encoder, found neither or both"),
        (("--engine", "onnx-fp32"), "expected DATA, --sentences FILE or both to measure it on"),
        (("--without", "encoder", "--force"), "--force: expected --engine with it"),
    ):
        refused = run(*start, *arguments)
        assert refused.code == 2
        assert told in " ".join(refused.err.split())
    outcome = run(*start, dataset_folder, "--engine", "onnx-fp32", "--json")
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    assert (found["folder"], found["bytes"]) == (str(made), sum(one.stat().st_size for one in made.iterdir()))
    assert [(one["texts"], one["n_texts"]) for one in found["agreements"]] == [("definitions", 10)]


def test_settings_are_listed_with_those_of_presets(run: Run) -> None:
    outcome = run("train", "--set", "help")
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert {line.split(":")[0] for line in lines[::2]} == SETTINGS
    assert "batch_size: a whole number of at least 1 [default: 8; papers: 16]" in lines
    assert "train_size: at least 3, or all [default: all; case-study: 2000; papers: 16000]" in lines
    assert "report_to: names, with commas between them [default: none]" in lines
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "0"], "--epochs: expected a whole number of at least 1, found 0."),
        (["--set", "epochs=0"], "--set epochs: expected a whole number of at least 1, found 0."),
        (["--set", "epochs=many"], "--set epochs: expected a whole number of at least 1, found 'many'."),
        (["--set", "lexicon=maybe"], "--set lexicon: expected true or false, found 'maybe'."),
        (["--set", "head=double"], "--set head: expected single or multi, found 'double'."),
        (
            ["--set", "warmup_share=nan"],
            "--set warmup_share: expected a share from 0 to below 1, found 'nan'.",
        ),
        (["--set", "name_sentences=-1"], "--set name_sentences: expected a whole number of at least 0"),
        (["--set", "bath_size=3"], "found 'bath_size'. Did you mean batch_size?"),
        (["--set", "zzz=3"], "found 'zzz'. --set help lists them."),
        (["--set", "epochs"], "--set epochs: expected epochs=VALUE, a whole number of at least 1"),
        (["--epochs", "3", "--set", "epochs=2"], "--set epochs: expected once, found --epochs as well"),
        (["--set", "epochs=3", "--set", "epochs=2"], "expected once, found --set epochs as well"),
        (["--sentences", "a.tsv"], "--head: expected multi, as sentences may carry none"),
        (
            ["--preset", "papers", "--sentences", "a.tsv", "--loop", "trainer"],
            "--set rationale_weight: expected 0 with the trainer loop",
        ),
    ],
)
def test_settings_that_cannot_be_give_2(arguments: list[str], message: str, run: Run, tmp_path: Path) -> None:
    outcome = run("train", "-o", tmp_path / "model", *arguments)
    assert outcome.code == 2
    assert message in " ".join(outcome.err.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["train", "crossval"])
def test_help_is_two_screens_at_most(command: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = run(command, "--help").out.splitlines()
    assert len(lines) <= 100
    assert max(map(len, lines)) <= 80


def test_a_model_is_adapted_to_sentences(
    run: Run, witnesses_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["text\taspects\tarticle"]
    for number in range(60):
        what, aspect = (("a fox", "MF"), ("no bird", "none"))[number % 2]
        lines.append(f"Trial {number} was with {what} all day.\t{aspect}\tmy {number // 10}")
    (tmp_path / "mine.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "120")
    arguments = ("adapt", tmp_path / "mine.tsv", "-m", witnesses_folder, "-o", tmp_path / "mine")
    outcome = run(*arguments)
    assert outcome.code == 0, outcome.err
    assert "mine.tsv: 60 sentences of 6 articles" in outcome.out
    assert "macro F1" in outcome.out
    assert "Adapted to 60 sentences of mine.tsv: molecular function. As it was: biological" in outcome.out
    assert f"Written to {tmp_path / 'mine'}" in outcome.out
    again = run(*arguments, "--json")
    assert json.loads(again.out)["adapted"] == ["molecular_function"]
    refused = run("adapt", tmp_path / "mine.tsv", "-m", tmp_path / "mine", "-o", tmp_path / "more")
    assert refused.code == 1
    assert "that it has" in refused.err


def test_export_without_the_encoder(run: Run, witnesses_folder: Path, tmp_path: Path) -> None:
    outcome = run("export", "-m", witnesses_folder, "--without", "encoder", "-o", tmp_path / "fast")
    assert outcome.code == 0, outcome.err
    assert outcome.out.endswith(" MB\n")
    text = "Sugar moves."
    for command in ("classify", "explain"):
        whole = run(command, text, "-m", witnesses_folder, "--without", "encoder", "--json")
        alone = run(command, text, "-m", tmp_path / "fast", "--json")
        assert alone.code == 0, alone.err
        assert alone.out.replace("fast", "model") == whole.out
    assert "--device" in run("classify", "Sugar.", "-m", tmp_path / "fast", "--device", "cpu").err
    refused = run("explain", "Sugar.", "-m", tmp_path / "fast", "--neighbours", 3)
    assert (refused.code, "--neighbours" in refused.err) == (2, True)
    assert run("attention", text, "-m", tmp_path / "fast", "-o", tmp_path / "heads.html").code == 1


@pytest.mark.parametrize("witness", ["names", "words"])
def test_export_leaves_out_nothing_else(
    run: Run, witnesses_folder: Path, tmp_path: Path, witness: str
) -> None:
    outcome = run("export", "-m", witnesses_folder, "--without", witness, "-o", tmp_path / "fast")
    assert (outcome.code, f"expected encoder, found {witness}" in outcome.err) == (2, True)
