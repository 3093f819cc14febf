"""Help, versions, wrong usage, errors: what every command has in common."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import typer

from gotune.cli.app import app_with
from tests.cli.conftest import Run


def leaves(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 (typer keeps click private)
    """Yield every command that does something, with its full name."""
    if not hasattr(command, "commands"):
        yield path.strip(), command
    for name, child in getattr(command, "commands", {}).items():
        yield from leaves(child, f"{path} {name}")


COMMANDS = dict(leaves(typer.main.get_command(app_with())))


def test_a_shipped_model_is_known_where_an_encoder_for_torch_is_needed(run: Run, tmp_path: Path) -> None:
    made = tmp_path / "small"
    outcome = run("export", "-m", "fast", "--without", "encoder", "-o", made)
    assert (outcome.code, (made / "gotune.json").is_file()) == (0, True)
    outcome = run("attention", "It binds calcium.", "-m", "papers", "-o", tmp_path / "a.html")
    assert (outcome.code, "found one for ONNX Runtime" in outcome.err) == (1, True)


def test_the_commands_are_those_of_the_manual() -> None:
    assert sorted(COMMANDS) == [
        "adapt",
        "annotate",
        "ask",
        "attention",
        "audit",
        "cache clean",
        "cache show",
        "classify",
        "compare",
        "corpus bioc",
        "corpus craft",
        "corpus genia",
        "corpus standoff",
        "crossval",
        "curated",
        "dataset",
        "evaluate",
        "explain",
        "explore dataset",
        "explore map",
        "explore term",
        "export",
        "genes",
        "index",
        "label",
        "models",
        "release fetch",
        "release info",
        "release list",
        "report model",
        "search",
        "shards merge",
        "shards status",
        "stress",
        "tokens",
        "train",
    ]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_fits_80_columns_and_breaks_no_word(
    name: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is cut, every word is on one line, every option has a text, and there is an example."""
    monkeypatch.setenv("COLUMNS", "80")
    command = COMMANDS[name]
    outcome = run(*name.split(), "--help")
    assert outcome.code == 0
    assert max(map(len, outcome.out.splitlines())) <= 80
    assert "…" not in outcome.out
    assert command.epilog.startswith(f"Example: gotune {name}")
    assert command.epilog in outcome.out
    words = set(outcome.out.split())
    context = command.make_context(f"gotune {name}", [], resilient_parsing=True)
    for parameter in command.params:
        names, meaning = parameter.get_help_record(context)
        assert parameter.name == "help" or parameter.help, parameter.name
        # What an option takes has a name, such as FILE, or is one of several words, but is no type of Python.
        assert not (names.startswith("-") and re.search(r"<[^|>]+>", names)), names
        assert [word for word in (*names.split(), *meaning.split()) if word not in words] == []
    assert [word for word in command.help.split() if word not in words] == []


@pytest.mark.parametrize("group", ["", "release", "corpus", "explore", "report", "cache", "shards"])
def test_lists_of_commands_fit_80_columns(group: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first sentence of each is there as a whole."""
    monkeypatch.setenv("COLUMNS", "80")
    out = run(*group.split(), "--help").out
    assert max(map(len, out.splitlines())) <= 80
    listed = dict(line.split(maxsplit=1) for line in out.partition("Commands:\n")[2].splitlines() if line)
    for name, text in listed.items():
        assert not text.endswith("..."), name


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"gotune {version('gotune')}\n", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["unknown"], "No such command 'unknown'"),
        (["dataset"], "Missing option '--output'"),
        (["train", "data", "-o", "model", "--loop", "steam"], "'steam' is not one of 'native', 'trainer'"),
        (
            ["explore", "dataset", "d", "-o", "a", "--terms", "1"],
            "Input should be greater than or equal to 2",
        ),
        (["classify", "A text.", "-m", "model", "-o", "a.xlsx"], "need a file, found a text"),
        (["classify", "A text.", "-m", "model", "--text-column", "a"], "need a file, found a text"),
    ],
)
def test_wrong_usage_gives_2(arguments: list[str], message: str, run: Run) -> None:
    outcome = run(*arguments)
    assert outcome.code == 2
    assert message in " ".join(outcome.err.replace("│", " ").split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "missing", "-o", "m"], "missing: expected a dataset folder"),
        (["evaluate", "-m", "missing", "data"], "missing: expected a model folder of gotune"),
        (["classify", "A text.", "-m", "missing"], "missing: expected a model folder of gotune"),
        (["classify", "papers/missing", "-m", "m"], "papers/missing: expected a file"),
        (["classify", "missing.txt", "-m", "m"], "missing.txt: expected a file, found none of that name"),
        (["release", "info", "1999-01-01"], "expected one of 2020-01-01, 2021-07-02, 2021-12-15"),
        (["release", "info", "2021-12-5"], "expected one of 2020-01-01, 2021-07-02, 2021-12-15"),
        (["release", "fetch", "2021"], "expected one of 2020-01-01, 2021-07-02, 2021-12-15"),
        (["dataset", "-o", "d", "--earlier", "2020"], "expected one of 2020-01-01, 2021-07-02, 2021-12-15"),
        (["release", "info", "missing.obo"], "missing.obo: expected"),
        (["tokens", "a", "--encoder", "./missing"], "./missing: expected an encoder folder"),
    ],
)
def test_errors_give_1_and_one_line(
    arguments: list[str], message: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run(*arguments)
    assert outcome.code == 1
    assert outcome.err.startswith("error: ")
    assert message in outcome.err
    assert outcome.err.count("\n") == 1
    assert outcome.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["train", ".", "-o", "m", "--epochs", "0"],
            "Invalid value: --epochs: expected a whole number of at least 1",
        ),
        (
            ["classify", "A text.", "-m", "model", "--device", "abacus"],
            "error: --device: expected auto, cpu, or",
        ),
        (["tokens", "a", "--max-tokens", "2"], "Error: Invalid value for '--max-tokens': "),
    ],
)
def test_a_setting_out_of_range_names_its_option(
    arguments: list[str], message: str, run: Run, bundle_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bundle_folder.parent)
    outcome = run(*arguments)
    assert outcome.code == 2
    assert message in outcome.err


def test_the_installed_program_and_the_module_are_the_same() -> None:
    program = Path(sys.executable).with_name("gotune")
    for start in ([str(program)], [sys.executable, "-m", "gotune"]):
        done = subprocess.run(
            [*start, "release", "list", "--json"], capture_output=True, text=True, check=True
        )
        assert '"release": "2021-12-15"' in done.stdout
        assert subprocess.run([*start, "nonsense"], capture_output=True, check=False).returncode == 2


def test_interruption_gives_130_and_says_how_to_go_on(
    run: Run, dataset_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gotune.training.run.fit", interrupt)
    outcome = run("train", dataset_folder, "-o", tmp_path / "model")
    assert (outcome.code, outcome.err) == (130, "")  # before the first whole epoch
    epoch = tmp_path / "model.training" / "epoch-1"
    epoch.mkdir(parents=True)
    (epoch / "state.json").touch()
    (epoch.parent / "run.json").write_text('{"dataset": "any"}')
    outcome = run("train", dataset_folder, "-o", tmp_path / "model", "--resume")
    assert outcome.code == 130
    assert "repeat the command with --resume" in outcome.err
    assert not (tmp_path / "model").exists()


def test_base_install_works_without_torch(tmp_path: Path) -> None:
    """Without the train extra, all works but what needs a model, which says what to install."""
    start = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "transformers", "datasets", "click"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
from gotune.cli import main
sys.exit(main())
"""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", start, *arguments]
        environment = os.environ | {"GOTUNE_CACHE": str(tmp_path / "cache")}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    obo = str(files("gotune.ontology") / "example.obo")
    data = str(tmp_path / "data")
    assert run("dataset", "--release", obo, "-o", data).returncode == 0
    done = run("train", data, "-o", str(tmp_path / "model"))
    assert done.returncode == 1
    assert done.stderr == (
        "error: gotune[train]: expected torch and transformers, found no module torch. "
        'Install them with: pip install "gotune[train]"\n'
    )
