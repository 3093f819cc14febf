from __future__ import annotations

import json
from pathlib import Path

import pytest

from gotune.workspaces import PREFIX, workspace
from tests.cli.conftest import Run
from tests.conftest import EXAMPLE

LEFT_BYTES = 2_500_000


def leave(folder: Path) -> Path:
    with workspace(folder / "a") as living:
        machine = (living / "lock").read_bytes()
    left = folder / f"{PREFIX}01234567-left"
    left.mkdir()
    (left / "lock").write_bytes(machine)
    (left / "new").write_bytes(bytes(LEFT_BYTES - len(machine)))
    return left


def test_the_cache_is_shown_and_cleaned(run: Run, example_release: Path) -> None:
    cache = example_release.parents[2]
    assert run("release", "info", EXAMPLE).code == 0
    left = leave(example_release.parent)

    shown = run("cache", "show")
    assert (shown.code, shown.err) == (0, "")
    assert f"Cache folder: {cache}\n" in shown.out
    assert f"releases/{EXAMPLE} " in shown.out
    assert f"releases/{EXAMPLE}/{left.name}" in shown.out
    found = json.loads(run("cache", "show", "--json").out)
    assert found["folder"] == str(cache)
    assert [(part["name"], part["files"]) for part in found["parts"]] == [
        (f"releases/{EXAMPLE}", 2),
        ("parsed", 2),
    ]
    unfinished = [{"name": f"releases/{EXAMPLE}/{left.name}", "files": 2, "bytes": LEFT_BYTES}]
    assert found["unfinished"] == unfinished

    cleaned = run("cache", "clean")
    assert f"Removed 2.5 MB from {cache}\n" in cleaned.out
    assert not left.exists()
    assert example_release.exists()
    assert run("cache", "clean").out == f"Removed 0.0 MB from {cache}\n"
    assert run("cache", "clean", "--quiet") == (0, "", "")

    everything = json.loads(run("cache", "clean", "--all", "--json").out)
    assert everything == {**found, "unfinished": []}
    assert not example_release.exists()
    assert run("cache", "show").out == f"Cache folder: {cache}\n"


def test_a_home_folder_of_nobody_is_an_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    message = (
        "expected a folder, found '~nobody-of-this-name/a', and no home folder of '~nobody-of-this-name'"
    )
    monkeypatch.setenv("GOTUNE_CACHE", "~nobody-of-this-name/a")
    for arguments in (["cache", "show"], ["cache", "clean"], ["release", "fetch", "2021-12-15", "--offline"]):
        outcome = run(*arguments)
        assert (outcome.code, outcome.out) == (1, "")
        assert outcome.err == f"error: GOTUNE_CACHE: {message}. Give the whole path, without ~.\n"
    outcome = run("tokens", "A text.", "--encoder", "~nobody-of-this-name/a")
    assert (outcome.code, outcome.err) == (1, f"error: encoder: {message}. Give the whole path, without ~.\n")
