"""Old spellings of commands and options are answered with the new ones."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from gotune.cli.app import app_with
from gotune.cli.options import RENAMED
from gotune.cli.recipes import KEYS
from tests.cli.conftest import Run

COMMANDS = typer.main.get_group(app_with()).commands


@pytest.mark.parametrize("old", RENAMED)
def test_old_names_tell_the_new_ones_in_a_line(old: str, run: Run) -> None:
    *command, name = old.split()
    told = name if name.startswith("-") else old
    for word in (name, f"{name}=5") if name.startswith("-") else (name,):
        outcome = run(*command, word, "data", "-o", "out")
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err == f"error: {told} is now {RENAMED[old]}\n"


@pytest.mark.parametrize("old", [old for old in RENAMED if " -" in old])
def test_new_options_exist(old: str) -> None:
    command, name = old.split()
    options = {option for parameter in COMMANDS[command].params for option in parameter.opts}
    new, *setting = RENAMED[old].split()
    assert name not in options
    assert new in options
    if new == "--set":
        assert setting[0].split("=")[0] in KEYS


def test_what_stands_behind_two_dashes_is_no_option(run: Run, tmp_path: Path) -> None:
    outcome = run("train", "-o", tmp_path / "model", "--", "--engine")
    assert outcome.code == 1
    assert "--engine: expected a dataset folder" in outcome.err
