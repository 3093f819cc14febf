"""The shape of the house: arrows point down, modules are few and stay small, the root stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import gotune

ROOT = Path(gotune.__file__).parent
TESTS = Path(__file__).parent
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
    "adaptation": 10,
    "export": 11,
    "linking": 12,
    "genes": 13,
    "scale": 14,
    "cli": 15,
}
PATHS = sorted(ROOT.rglob("*.py"))
SMALL = 60
"""Lines below which a module with a single user belongs into that user."""
ROOMS_OF_THEIR_OWN = {"gotune.genes.families", "gotune.genes.information"}
"""Small modules with a single user that would be looked for where they are."""
OF_THE_REPOSITORY = {
    "benchmarks",
    "figures",
    "architecture",
    "check",
    "docs",
    "docs_site",
    "forge",
    "notebook",
    "pinned",
    "real",
}
"""What the tests in the root of tests are of, beside modules."""


def name_of(path: Path) -> str:
    return ".".join(("gotune", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")


MODULES = {name_of(path): path for path in PATHS}


def layer_of(name: str) -> int:
    parts = name.split(".")[1:]
    return LAYERS[parts[0] if parts and parts[0] in LAYERS else ""]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def users() -> dict[str, set[str]]:
    """Return the modules that import each one; the public names of ``gotune`` are no use."""
    found: dict[str, set[str]] = {name: set() for name in MODULES}
    for user, path in MODULES.items():
        for name in imports_of(path):
            used = name if name in MODULES else name.rpartition(".")[0]
            if used in MODULES and "gotune" != user != used:
                found[used].add(user)
    return found


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_its_own_layer_and_those_below(path: Path) -> None:
    name = name_of(path)
    if name in ("gotune", "gotune.__main__"):
        return  # the public names, and the start of the command line
    above = [
        found
        for found in imports_of(path)
        if found.startswith("gotune.") and layer_of(found) > layer_of(name)
    ]
    assert above == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_are_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_no_module_only_forwards() -> None:
    """A body of imports alone gives names a second home."""
    forwarding = [
        name
        for name, path in MODULES.items()
        if (body := [node for node in tree_of(path).body if not is_text(node)])
        and all(isinstance(node, ast.Import | ast.ImportFrom) for node in body)
    ]
    assert forwarding == []


def is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_a_small_module_has_several_users() -> None:
    found = {
        name
        for name, who in users().items()
        if len(who) == 1
        and MODULES[name].name != "__init__.py"
        and len(MODULES[name].read_text(encoding="utf-8").splitlines()) < SMALL
    }
    assert found == ROOMS_OF_THEIR_OWN


def test_no_module_draws_with_pyplot() -> None:
    """It keeps figures alive, and wants a display."""
    found = [
        name
        for name, path in MODULES.items()
        if any(used.startswith("matplotlib.pyplot") for used in imports_of(path))
    ]
    assert found == []


def loaded_by(code: str) -> set[str]:
    """Return the heavy packages that are loaded once the code has run in an interpreter of its own."""
    check = f"{code}\nimport sys; print(*({{'torch', 'transformers', 'pandas'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("code", ["import gotune", "from gotune.cli import main; main(['--help'])"])
def test_no_torch_before_it_is_needed(code: str) -> None:
    assert loaded_by(code) == set()


def test_results_and_reports_load_no_torch() -> None:
    light = [
        name
        for name in MODULES
        if name.startswith(("gotune.corpus", "gotune.render")) or name.endswith(("results", "report"))
    ]
    assert len(light) > 30
    assert loaded_by(f"import {', '.join(light)}") == set()


def test_public_names_exist() -> None:
    for name in gotune.__all__:
        assert getattr(gotune, name) is not None
    assert set(gotune.__all__) <= set(dir(gotune))
    with pytest.raises(AttributeError, match="no_such_name"):
        gotune.no_such_name  # noqa: B018


def test_tests_mirror_the_house() -> None:
    """``room/module.py`` is tested by ``room/test_module.py``, or by ``room/test_module_what.py`` beside it.

    Commands are tested by what a person does with them.
    """
    astray = [
        str(path.relative_to(TESTS))
        for path in TESTS.rglob("test_*.py")
        if path.parent.name != "cli" and not has_module(path.relative_to(TESTS))
    ]
    assert astray == []


def has_module(test: Path) -> bool:
    """Whether the name of a test file, or its beginning, is that of a module in the same room."""
    what = test.stem.removeprefix("test_")
    names = {path.stem for path in (ROOT / test.parent).glob("*.py")} - {"__init__"}
    if test.parent == Path():
        names |= OF_THE_REPOSITORY
    return any(f"{what}_".startswith(f"{name}_") for name in names)
