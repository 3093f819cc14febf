"""What a terminal or a pipe really gets: nothing that steers it, nothing endless, no traceback."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import pytest

from tests.cli.conftest import Run

OBO = str(files("gotune.ontology") / "example.obo")
TEXT = "The binding of ATP to an enzyme that is a part of the cell membrane."
FULL = Path("/dev/full")
HOSTILE = "a\x1b]0;title\x07\x9b31m\u202e[red]\nb"
SHOWN = r"a\x1b]0;title\x07\x9b31m\u202e[red]\nb"
MODEL_FREE = [
    ["--help"],
    ["--version"],
    ["release", "list", "--json"],
    ["release", "info", OBO],
    ["train", "--set", "help"],
]


def start(arguments: Sequence[str | bytes | Path], **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gotune", *arguments]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


def into_closed_pipe(arguments: Sequence[str | Path]) -> tuple[int, str]:
    """Return exit code and standard error of a command whose output nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    done = start(arguments, stdout=writer)
    os.close(writer)
    return done.returncode, done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", MODEL_FREE, ids=" ".join)
def test_output_that_nobody_takes(
    arguments: list[str], unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind ``| head -1``, which may stop reading at any time, or on a full disk."""
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    assert into_closed_pipe(arguments) == (1, "")
    if not FULL.exists():
        return
    with FULL.open("w") as full:
        done = start(arguments, stdout=full)
    assert (done.returncode, done.stderr) == (
        1,
        "error: standard output: expected a place that can be written, found No space left on device. "
        "Free some space or write to another place.\n",
    )


def test_results_of_a_model_that_nobody_takes(bundle_folder: Path) -> None:
    assert into_closed_pipe(["classify", TEXT, "-m", bundle_folder, "--json"]) == (1, "")


def test_without_any_output_a_command_works() -> None:
    command = f'"{sys.executable}" -m gotune release list >&-'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["release", "info", HOSTILE + ".obo"], 1, f"error: {SHOWN}.obo: expected an OBO file"),
        (
            ["classify", HOSTILE, "b", "-m", "m"],
            1,
            r"error: 'a\x1b]0;title\x07\x9b31m\u202e[red]\nb': expected",
        ),
        (["train", ".", "-o", "m", "--set", HOSTILE], 2, r"\x1b]0;title\x07\x9b31m\u202e[red]"),
        (["train", ".", "-o", "m", "--loop", HOSTILE], 2, r"\x1b]0;title\x07\x9b31m\u202e[red]"),
        ([HOSTILE], 2, r"No such command 'a\x1b]0;title\x07\x9b31m\u202e[red]\nb'"),
        (["release", "--" + HOSTILE], 2, r"No such option: --a\x1b]0;title\x07\x9b31m\u202e[red]\x0ab"),
    ],
)
def test_errors_steer_nothing(arguments: list[str], code: int, told: str, run: Run) -> None:
    outcome = run(*arguments)
    assert outcome.code == code
    assert told in outcome.err
    assert all(line.isprintable() for line in outcome.err.split("\n"))
    assert not any(line.startswith("b") for line in outcome.err.split("\n"))


def test_columns_of_a_table_are_told_shortly(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    columns = ",".join(f"\x1b[2J\u202e{number}" for number in range(5000))
    table.write_text(f"{columns}\n{columns}\n", encoding="utf-8")
    missing = run("classify", table, "-m", "m", "--text-column", "text", "-o", tmp_path / "a.csv")
    unnamed = run("classify", table, "-m", "m", "-o", tmp_path / "a.csv")
    assert (missing.code, unnamed.code) == (1, 2)
    for line in (missing.err.rstrip("\n"), unnamed.err.splitlines()[-1]):
        assert line.isprintable()
        assert 500 < len(line) < 650
        assert r"\x1b[2J\u202e0, \x1b[2J\u202e1, " in line
        assert r", \x1b[2J\u202e4999" in line
    assert missing.err.endswith("Name one of them.\n")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_of_files_are_told_whatever_they_are(tmp_path: Path, bundle_folder: Path) -> None:
    """Also with line ends and bytes that are no text."""
    folder = os.fsencode(tmp_path) + b"/papers\xff"
    Path(os.fsdecode(folder)).mkdir()
    for name in (b"one\n\x1b[2J.txt", b"two\xfe.txt"):
        Path(os.fsdecode(folder + b"/" + name)).write_text(
            "ATP is bound. A part of a cell.", encoding="utf-8"
        )
    Path(os.fsdecode(folder + b"/bad\xfd.txt")).write_bytes(b"\xff\xfe")
    results = {
        kind: os.fsencode(tmp_path / f"all.{kind}") for kind in ("csv", "tsv", "jsonl", "json", "parquet")
    }
    outputs = [part for path in results.values() for part in (b"-o", path)]
    environment = os.environ | {"COLUMNS": "200", "PYTHONIOENCODING": "utf-8"}
    told = start(["classify", folder, "-m", bundle_folder, *outputs], stdout=subprocess.PIPE, env=environment)
    assert told.returncode == 0
    assert all(line.isprintable() for line in (told.stdout + told.stderr).split("\n"))
    assert r"one\n\x1b[2J.txt" in told.stdout
    assert r"two\xfe.txt" in told.stdout
    assert r"papers\udcff/bad\udcfd.txt: expected" in told.stderr
    names = {row["name"] for row in json.loads(Path(os.fsdecode(results["json"])).read_text("utf-8"))}
    assert names == {"one\n\x1b[2J.txt", r"two\xfe.txt"}
    lines = Path(os.fsdecode(results["tsv"])).read_text("utf-8").splitlines()
    assert {line.count("\t") for line in lines} == {lines[0].count("\t")}


def test_what_libraries_log_and_warn_of_steers_nothing() -> None:
    code = """
import logging, warnings
from gotune.cli import main
main(["--version"])
logging.getLogger("library").warning("a \\x1b[2J %s", "b\\u202e")
warnings.warn("c \\x1b[2J\\n" + "d" * 5000, stacklevel=1)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    logged, warned = done.stderr.splitlines()
    assert logged == r"a \x1b[2J b\u202e"
    assert warned.startswith(r"warning: c \x1b[2J\nddd")
    assert len(warned) == len("warning: ") + 600


def test_a_terminal_gets_no_codes_but_those_of_its_own_lines() -> None:
    """Markup of rich in a name is no markup, and what is being done is as safe as what is said."""
    code = f"""
from gotune.cli.console import Screen
screen = Screen()
name = {HOSTILE!r} + "[link=http://a]:smile:"
with screen.doing(name):
    pass
for _ in screen.track([1], description=name):
    pass
screen.warn(name)
"""
    master, slave = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"}
    subprocess.run([sys.executable, "-c", code], stderr=slave, check=True, env=environment)
    os.close(slave)
    told = b""
    while chunk := read(master):
        told += chunk
    os.close(master)
    shown = SHOWN + "[link=http://a]:smile:"
    text = told.decode()
    assert text.count(shown) >= 3
    assert "\x1b]" not in text
    assert not {"\x07", "\x9b", "\u202e"} & set(text)


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that the other side is closed
        return b""
