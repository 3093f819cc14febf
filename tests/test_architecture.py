"""The shape of the house: arrows point down, modules stay small, the root stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import gotune

ROOT = Path(gotune.__file__).parent
LAYERS = {
    "": 0,  # modules of the root: aspects, errors, records, files, …
    "ontology": 1,
    "corpus": 2,
    "render": 3,
    "lexicon": 4,
    "datasets": 5,
    "model": 6,
    "training": 7,
    "explanation": 8,
    "evaluation": 9,
    "cli": 10,
}
MODULES = sorted(ROOT.rglob("*.py"))


def layer_of(name: str) -> int:
    parts = name.split(".")[1:]
    return LAYERS[parts[0] if parts and parts[0] in LAYERS else ""]


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_its_own_layer_and_those_below(path: Path) -> None:
    name = ".".join(("gotune", *path.relative_to(ROOT).with_suffix("").parts))
    if name in ("gotune.__init__", "gotune.__main__"):
        return  # the public names, and the start of the command line
    above = [
        found
        for found in imports_of(path)
        if found.startswith("gotune.") and layer_of(found) > layer_of(name)
    ]
    assert above == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_are_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize(
    "code",
    [
        "import gotune",
        "from gotune.cli import main; main(['--help'])",
        "import gotune.evaluation.definitions.results",
    ],
)
def test_no_torch_before_it_is_needed(code: str) -> None:
    check = f"{code}\nimport sys; print(sorted({{'torch', 'transformers', 'pandas'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_public_names_exist() -> None:
    for name in gotune.__all__:
        assert getattr(gotune, name) is not None
    assert set(gotune.__all__) <= set(dir(gotune))
    with pytest.raises(AttributeError, match="no_such_name"):
        gotune.no_such_name  # noqa: B018
