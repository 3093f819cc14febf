"""What a person sees of a model that is not as it was saved, or that cannot be checked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gotune.files import sha256_of
from gotune.model.bundle import load_bundle
from tests.cli.conftest import Run
from tests.model.test_bundle import as_older, flip

SENTENCE = "The kinase phosphorylates the membrane receptor."


@pytest.fixture
def flipped(bundle_folder: Path, tmp_path: Path) -> Path:
    """A model with one bit of a weight turned."""
    copy = Path(shutil.copytree(bundle_folder, tmp_path / "model"))
    flip(copy / "model.safetensors", -3)
    return copy


def test_a_flipped_bit_is_told(flipped: Path, bundle_folder: Path, run: Run) -> None:
    size = (flipped / "model.safetensors").stat().st_size
    found, saved = (sha256_of(folder / "model.safetensors") for folder in (flipped, bundle_folder))
    outcome = run("classify", SENTENCE, "-m", flipped)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == (
        f"error: {flipped}: expected a model folder as `gotune train` wrote it, found model.safetensors with "
        f"other content than was saved: {size:,} bytes, sha256 {found[:8]}…, saved {size:,} bytes, sha256 "
        f"{saved[:8]}…. Train the model again, or get it again from where it came.\n"
    )


@pytest.mark.parametrize(
    "command",
    [
        ("classify", SENTENCE),
        ("explain", SENTENCE, "-n", "0"),
        ("ask", "paper.txt", "-o", "ask.tsv"),
        ("attention", SENTENCE, "-o", "attention.html"),
    ],
)
def test_a_person_may_insist(
    command: tuple[str, ...], flipped: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("paper.txt").write_text(f"{SENTENCE} It is found in the nucleus of the cell.\n")
    assert run(*command, "-m", flipped).code == 1
    outcome = run(*command, "-m", flipped, "--no-verify")
    assert outcome.code == 0, outcome.err


def test_an_older_model_says_that_it_is_not_checked(
    bundle_folder: Path, dataset_folder: Path, run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    copy = Path(shutil.copytree(bundle_folder, tmp_path / "model"))
    as_older(copy, 1)
    outcome = run("evaluate", dataset_folder, "-m", copy, "--json")
    assert outcome.code == 0, outcome.err
    assert caplog.messages == [
        f"{copy}: its files are not checked, as bundle format 1 has no hashes of them."
    ]
    assert json.loads(outcome.out)["definitions"]["split"] == (
        'Beware: it is not known for sure what "model" learned from. If that includes a definition of any '
        "test part, the figures are too good."
    )
    whole = run("evaluate", dataset_folder, "-m", bundle_folder, "--json")
    assert json.loads(whole.out)["definitions"]["split"] == (
        "The model has not learned from a definition of any test part."
    )


def test_an_emptied_list_of_what_was_learned_is_no_way_round(
    bundle_folder: Path, dataset_folder: Path, run: Run, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(bundle_folder, tmp_path / "model"))
    learned = json.loads((copy / "learned.json").read_text())
    (copy / "learned.json").write_text(json.dumps({**learned, "go_ids": []}))
    for options in ((), ("--no-verify",)):
        outcome = run("evaluate", dataset_folder, "-m", copy, *options)
        assert outcome.code == 1
        assert "learned.json with " in outcome.err
    assert load_bundle(bundle_folder).learned.go_ids
