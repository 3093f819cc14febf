"""Code in README and docs is run, or read as the program reads it; links lead somewhere."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from gotune.aspects import Head
from gotune.cli.app import app_with
from gotune.config import TrainConfig
from gotune.corpus.readers import READERS
from gotune.datasets.corpora.type_map import read_map
from gotune.training import recipes

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROGRAM = typer.main.get_group(app_with())
Command = Any  # typer has no public name for what it makes of a function
_BLOCK = re.compile(r"^( *)```(\S*)[^\n]*\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_NOT_RUN = re.compile(r"<!-- not run: \S.* -->\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code of a page."""

    page: str
    language: str
    code: str
    reason: bool
    """Whether the page says, in a comment just before it, why it is not run: ``<!-- not run: … -->``."""


def blocks_of(path: Path) -> list[Block]:
    text = path.read_text(encoding="utf-8")
    name = str(path.relative_to(ROOT))
    return [
        Block(name, found[2], found[3], bool(_NOT_RUN.search(text[: found.start()])))
        for found in _BLOCK.finditer(text)
    ]


BLOCKS = [block for path in PAGES for block in blocks_of(path)]
LINES = [
    (block.page, words)
    for block in BLOCKS
    if block.language == "sh"
    for line in block.code.splitlines()
    if (words := shlex.split(line, comments=True))
]
INLINE = [
    (str(path.relative_to(ROOT)), shlex.split(found[1]))
    for path in PAGES
    for found in re.finditer(
        r"`(?:torchrun [^`]*-m )?((?:gotune|make) [^`]+)`", path.read_text(encoding="utf-8")
    )
]
PYTHON_PAGES = sorted({block.page for block in BLOCKS if block.language == "python"})


def name_of(value: object) -> str | None:
    return " ".join(value) if isinstance(value, list) else None


def find_command(words: list[str]) -> tuple[Command, list[str]]:
    """Return the command that words name, and the words behind its name."""
    command: Command = PROGRAM
    rest = words[1:]
    while rest and isinstance(command, TyperGroup) and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    return command, rest


def check_options(command: Command, words: list[str]) -> None:
    known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
    assert {word for word in words if word.startswith("-")} <= known


def check_gotune(words: list[str]) -> None:
    """Read a line as the program does: unknown options, wrong values and missing arguments are errors."""
    command, rest = find_command(words)
    check_options(command, rest)
    if words[1:] != ["--version"]:
        assert not isinstance(command, TyperGroup), "no such command"
        command.make_context(command.name, rest)


def check_make(words: list[str]) -> None:
    assert all(re.search(rf"^{target}:", MAKEFILE, re.MULTILINE) for target in words[1:])


def check_script(words: list[str]) -> None:
    script = ROOT / words[1]
    assert ROOT / "benchmarks" in script.parents
    source = script.read_text(encoding="utf-8")
    assert all(f'"{word}"' in source for word in words[2:] if word.startswith("--"))


def check_pip(words: list[str]) -> None:
    """Only gotune with extras that it has, or what it depends on itself, is installed."""
    extras = PROJECT["optional-dependencies"]
    known = {
        re.split(r"[>\[]", line)[0]
        for line in (*PROJECT["dependencies"], *(one for lines in extras.values() for one in lines))
    }
    name, _, wanted = words[2].rstrip("]").partition("[")
    assert words[1] == "install"
    assert name in known | {"gotune", "."}
    assert set(wanted.split(",")) - {""} <= set(extras)
    assert words[3:] == []


def check_export(words: list[str]) -> None:
    assert words[1].startswith("GOTUNE_CACHE=")


CHECKS = {
    "gotune": check_gotune,
    "make": check_make,
    "python": check_script,
    ".venv/bin/python": check_script,
    "pip": check_pip,
    "export": check_export,
}


def test_a_block_is_run_or_says_why_not() -> None:
    assert [block for block in BLOCKS if block.language not in ("sh", "python") and not block.reason] == []


@pytest.mark.parametrize(("page", "words"), LINES, ids=name_of)
def test_a_line_of_shell_is_one_of_ours(page: str, words: list[str]) -> None:
    assert words[0] in CHECKS, page
    CHECKS[words[0]](words)


@pytest.mark.parametrize(("page", "words"), INLINE, ids=name_of)
def test_a_command_in_a_sentence_exists(page: str, words: list[str]) -> None:
    if words[0] == "make":
        check_make(words)
        return
    command, rest = find_command(words)
    assert rest != words[1:] or rest[0].startswith("-"), page
    check_options(command, rest)


def test_maps_of_types_are_read(tmp_path: Path) -> None:
    maps = [block.code for block in BLOCKS if block.language == "toml"]
    assert maps
    for code in maps:
        (tmp_path / "map.toml").write_text(code)
        assert read_map(tmp_path / "map.toml").rules()


def test_all_commands_are_shown() -> None:
    def leaves(command: Command) -> list[Command]:
        if isinstance(command, TyperGroup):
            return [leaf for one in command.commands.values() for leaf in leaves(one)]
        return [command]

    shown = [find_command(words)[0] for _, words in LINES if words[0] == "gotune"]
    assert [one.name for one in leaves(PROGRAM) if one not in shown] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_linked_files_exist(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", path.read_text(encoding="utf-8"))
    made = {"tutorial.md", "commands.md"}  # by mkdocs, which checks the links to them
    assert [link for link in links if not (path.parent / link).exists() and Path(link).name not in made] == []


def test_every_extra_is_told() -> None:
    told = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/install.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(PROJECT["optional-dependencies"]) <= set(told)


def test_every_suffix_that_is_read_is_told() -> None:
    tour = (ROOT / "docs/tour.md").read_text(encoding="utf-8")
    assert [suffix for suffix in READERS if f"`{suffix}`" not in tour] == []


def test_tests_that_hold_a_rule_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [name for name in re.findall(r"tests/[\w/.]+", text) if not (ROOT / name).exists()] == []


@pytest.fixture
def user_folder(
    tiny_config: TrainConfig, sentence_file: Path, bundle_folder: Path, example_release: Path,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> Path:  # fmt: skip
    """The folder of a user with a model and labelled sentences; the example ontology stands for GO."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "mine.tsv").write_text(_as_tsv(sentence_file), encoding="utf-8")
    (tmp_path / "genes.tsv").write_text("id\tsymbol\tname\ttaxon\nnew\tLid3\tlid opener 3\t9606\n")
    known = (
        f"Made\tL{n}\tLid{n}\tlocated_in\tGO:9000033\tPMID:1\tIDA\t\tC\tlid opener {n}\t\tgene\ttaxon:9606"
        "\t20300102\tMade\t\t\n"
        for n in (1, 2)
    )
    (tmp_path / "annotated.gaf").write_text("!gaf-version: 2.2\n" + "".join(known))
    shutil.copytree(bundle_folder, tmp_path / "model")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "gotune.config.TrainConfig", lambda train_size: replace(tiny_config, train_size=train_size // 100)
    )
    small = {**tiny_config.to_dict(), "validation_size": 20}
    monkeypatch.setattr(recipes, "CASE_STUDY", {**small, "train_size": 20})
    monkeypatch.setattr(
        recipes, "PAPERS", {**small, "head": Head.MULTI, "lexicon": True, "rationale_weight": 10.0}
    )
    return tmp_path


@pytest.mark.parametrize("page", PYTHON_PAGES)
def test_the_python_of_a_page_runs(page: str, user_folder: Path) -> None:
    """Run each block by itself, in order, as it stands but for the ids of terms."""
    for block in BLOCKS:
        if (block.page, block.language) == (page, "python"):
            code = re.sub(r"GO:\d{7}", "GO:9000011", block.code)
            exec(compile(code, page, "exec"), {"__name__": "__main__"})  # noqa: S102 (our own pages)
    promised = re.findall(r'"([\w/]+\.(?:png|xlsx|html))"', "".join(b.code for b in BLOCKS if b.page == page))
    assert all((user_folder / name).is_file() for name in promised)


def _as_tsv(path: Path) -> str:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    lines = ("\t".join((row["text"], row["aspects"] or "none", row["article"])) for row in rows)
    return "\n".join(["text\taspects\tarticle", *lines]) + "\n"
