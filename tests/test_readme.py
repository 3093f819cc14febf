"""The README's commands and code are those of the program."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
import typer

import gotune
from gotune import presets
from gotune.cli.app import app
from gotune.config import TrainConfig
from gotune.data.dataset import LabelledDataset
from gotune.ontology.ontology import Ontology

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    line.partition("#")[0].strip()
    for kind, block in BLOCKS
    if kind == "sh"
    for line in block.splitlines()
    if line.startswith("gotune ")
]
MAKE_TARGETS = re.findall(r"^make (\w+)", "\n".join(block for _, block in BLOCKS), re.MULTILINE)


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_has_these_options(line: str) -> None:
    words = shlex.split(line)[1:]
    command = typer.main.get_command(app)
    while words and hasattr(command, "commands") and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    assert not hasattr(command, "commands"), line
    assert {word for word in words if word.startswith("-")} <= known


def test_all_commands_are_shown() -> None:
    shown = {shlex.split(line)[1] for line in COMMANDS}
    assert shown == set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_the_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert MAKE_TARGETS == ["demo", "test"]
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in MAKE_TARGETS)


def test_linked_files_exist() -> None:
    links = re.findall(r"\]\((?!http)([^)]+)\)", README)
    assert all((ROOT / link).exists() for link in links)


def test_the_python_runs(
    dataset: LabelledDataset, tiny_config: TrainConfig, multi_config: TrainConfig, sentence_file: Path,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Run it as it stands, with the example ontology for GO and the tiny encoder for MiniLM."""
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path / "cache"))
    example = gotune.example_ontology()
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "mine.tsv").write_text(_as_tsv(sentence_file), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gotune.ontology.loading.load_ontology", lambda source: example)
    monkeypatch.setattr(
        "gotune.config.TrainConfig", lambda train_size: replace(tiny_config, train_size=train_size // 100)
    )
    monkeypatch.setitem(
        presets._RECIPES, presets.Preset.PAPERS, presets.Recipe(replace(multi_config, lexicon=True))
    )
    first, tagger, second = (block for kind, block in BLOCKS if kind == "python")
    exec(first, {})  # noqa: S102 (our own README)
    assert (tmp_path / "model/model.safetensors").is_file()
    assert (tmp_path / "paper.xlsx").is_file()
    assert (tmp_path / "paper.png").is_file()
    exec(tagger, {})  # noqa: S102
    assert (tmp_path / "tagger/model.safetensors").is_file()
    assert (tmp_path / "folds/fold-2/model.safetensors").is_file()
    monkeypatch.setattr(Ontology, "__getitem__", lambda ontology, _: next(ontology.terms()))
    exec(second, {})  # noqa: S102


def _as_tsv(path: Path) -> str:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    lines = ("\t".join((row["text"], row["aspects"] or "none", row["article"])) for row in rows)
    return "\n".join(["text\taspects\tarticle", *lines]) + "\n"
