"""Run the tests nearest to what has changed, for a minute: `make check`, after lint and types.

Usage: python scripts/check.py [--base REF] [--seconds N] [--list]

Changed is what differs from the merge base with the main branch, committed or not. Nearest are the changed
tests and those named after a changed module, then those that import it, then those that reach it through one
module, through two, and so on; fixtures do not count. What a minute does not reach, `make test` runs.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("src", "tests")
MAIN = ("origin/main", "main")


def changed_files(base: str | None) -> set[Path]:
    """Return what differs from a commit, by default the one where this branch left the main one."""
    starts = [_git("merge-base", "HEAD", name) for name in ((base,) if base else MAIN)]
    start = next(filter(None, starts), "" if base else "HEAD")
    if not start:
        sys.exit(f"--base {base}: expected a branch or commit of this repository, found none of that name.")
    names = _git("diff", "--name-only", start), _git("ls-files", "--others", "--exclude-standard")
    return {Path(name) for lines in names for name in lines.splitlines()}


def _git(*arguments: str) -> str:
    """Return what git says, nothing where it has nothing of that name."""
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def nearest_first(changed: set[Path]) -> list[Path]:
    """Return the test files that a change may break, the nearest first; all paths are from the root."""
    modules = {_name(path): path for folder in FOLDERS for path in _python(folder)}
    importers: dict[str, set[str]] = {name: set() for name in modules}
    for name, path in modules.items():
        for used in _imports(path):
            importers.get(used, importers.get(used.rpartition(".")[0], set())).add(name)
    ring = {name for path in changed for name in _at(path, modules)}
    distances: dict[str, int] = {}
    while ring:
        distances |= dict.fromkeys(ring, len(set(distances.values())))
        ring = {user for name in ring for user in importers[name]} - distances.keys()
    tests = [name for name in distances if modules[name].name.startswith("test_")]
    return [modules[name] for name in sorted(tests, key=lambda name: (distances[name], name))]


def _python(folder: str) -> Iterator[Path]:
    return (path.relative_to(ROOT) for path in (ROOT / folder).rglob("*.py"))


def _name(path: Path) -> str:
    """Return the dotted name of a module, or of the package of a file that is none."""
    parts = path.with_suffix("").parts if path.suffix == ".py" else path.parent.parts
    return ".".join(parts).removeprefix("src.").removesuffix(".__init__")


def _imports(path: Path) -> Iterator[str]:
    """Yield the names that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and str(node.value).startswith("gotune."):
            yield str(node.value)  # imported by its name, when it is needed


def _at(changed: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    """Yield the modules that a changed file is, or belongs to by its name or its place."""
    name = _name(changed)
    if changed.parts[0] not in FOLDERS:
        # Tests of the repository name the files and folders that they look at.
        for one, path in modules.items():
            if path.parent == Path("tests") and f'"{changed.parts[0]}"' in (ROOT / path).read_text("utf-8"):
                yield one
    elif changed.suffix == ".py":
        room, _, module = name.replace("gotune", "tests", 1).rpartition(".")
        test = f"{room}.test_{module}_"
        yield from (one for one in modules if one == name or f"{one}_".startswith(test))
    else:  # a template, or data
        yield from (one for one, path in modules.items() if changed.is_relative_to(path.parent))


class Budget:
    """Runs tests until the time is up, and counts the others."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.end = time.monotonic() + seconds
        self.left_out = 0

    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Say that a test is dealt with when it comes too late."""
        if time.monotonic() < self.end:
            return None
        self.left_out += 1
        return True

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how many came too late."""
        if self.left_out:
            late = f"{self.left_out:,} more distant tests were left out after {self.seconds:g} s"
            terminalreporter.write_line(f"{late}; `make test` runs all")


def main() -> int:
    """Return pytest's exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", help="branch or commit to compare with, instead of the main branch")
    parser.add_argument("--seconds", type=float, default=60, help="after which no more tests are begun")
    parser.add_argument("--list", action="store_true", help="print the test files, and run none")
    arguments = parser.parse_args()
    tests = [str(path) for path in nearest_first(changed_files(arguments.base))]
    if arguments.list or not tests:
        print("\n".join(tests) or "no test is near to what has changed")
        return 0
    print(f"{len(tests)} test files, the nearest first: {', '.join(tests[:5])}{', …' * (len(tests) > 5)}")
    options = ["--quiet", "--rootdir", str(ROOT), "-m", "not network"]
    code = pytest.main([*options, *(str(ROOT / test) for test in tests)], [Budget(arguments.seconds)])
    return 0 if code == pytest.ExitCode.NO_TESTS_COLLECTED else code  # all need the network


if __name__ == "__main__":
    sys.exit(main())
