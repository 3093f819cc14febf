"""What a forge and git hooks run is what `make` runs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def read(name: str) -> Any:  # noqa: ANN401 (whatever YAML holds)
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def steps() -> Iterator[dict[str, Any]]:
    for path in sorted((ROOT / ".github" / "workflows").iterdir()):
        for job in read(str(path.relative_to(ROOT)))["jobs"].values():
            yield from job["steps"]


def test_every_step_is_a_target_or_a_pinned_action() -> None:
    runs = {step["run"] for step in steps() if "run" in step}
    assert {"make test", "make wheel", "make docs"} <= runs <= {f"make {target}" for target in TARGETS}
    actions = [step["uses"] for step in steps() if "uses" in step]
    assert [one for one in actions if not re.fullmatch(r"[\w-]+/[\w-]+@(v\d+|[0-9a-f]{40})", one)] == []


def test_every_python_that_we_claim_is_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    claimed = [one.rpartition(" ")[2] for one in project["classifiers"] if "Python :: 3" in one]
    assert read(".github/workflows/ci.yml")["jobs"]["test"]["strategy"]["matrix"]["python"] == claimed


def test_every_hook_is_a_target_and_fetches_nothing() -> None:
    (repository,) = read(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        assert hook["entry"].removeprefix("make ") in TARGETS
        assert (hook["language"], hook["pass_filenames"]) == ("system", False)
