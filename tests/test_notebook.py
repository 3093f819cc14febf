"""The notebook runs from top to bottom, and its committed copy is that of its source."""

from __future__ import annotations

import ast
import json
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jupytext
import pytest

from gotune.errors import DownloadError
from gotune.model.encoders import locate_encoder
from gotune.ontology.loading import load_ontology

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "notebooks" / "case_study.py"
COPY = SOURCE.with_suffix(".ipynb")
SMALL = ("TRAIN_SIZE=60", "VALIDATION_SIZE=30", "EPOCHS=1", "TEST_SIZE=40", "CUT_SIZE=10")
MOST_BYTES = 2_000_000
HOST = platform.node()
_OWN_PATHS = re.compile(r"/(?:home|tmp|root|Users|work|var|opt)/|\\Users\\")
Notebook = dict[str, Any]


def read(path: Path) -> Notebook:
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def cells_of(notebook: Notebook) -> list[tuple[str, str, list[str]]]:
    return [
        (cell["cell_type"], joined(cell["source"]), cell["metadata"].get("tags", []))
        for cell in notebook["cells"]
    ]


def shows(source: str) -> bool:
    """Whether a cell prints, or ends in a value, which Jupyter shows."""
    code = re.sub(r"^%.*$", "", source, flags=re.MULTILINE)
    body = ast.parse(code).body
    return "print(" in code or isinstance(body[-1], ast.Expr)


def texts_of(outputs: list[dict[str, Any]]) -> Iterator[str]:
    """Yield all that can be read in outputs; pictures are left out."""
    for output in outputs:
        yield joined(output.get("text", ""))
        for kind, content in output.get("data", {}).items():
            if kind.startswith("text/"):
                yield joined(content)


def check_outputs(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        source, outputs = joined(cell["source"]), cell["outputs"]
        assert bool(outputs) == shows(source), source
        assert [one for one in outputs if one["output_type"] == "error" or one.get("name") == "stderr"] == []
        for text in texts_of(outputs):
            assert not _OWN_PATHS.search(text), text
            assert not (HOST and re.search(rf"\b{re.escape(HOST)}\b", text)), text


def test_the_copy_is_that_of_the_source() -> None:
    assert cells_of(read(COPY)) == cells_of(jupytext.read(SOURCE)), "run `make notebook`"


def test_the_copy_has_the_outputs_of_a_full_run() -> None:
    notebook = read(COPY)
    check_outputs(notebook)
    numbers = [cell["execution_count"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert numbers == list(range(1, len(numbers) + 1))
    assert COPY.stat().st_size < MOST_BYTES


def test_only_public_names_are_used() -> None:
    names = set(re.findall(r"(?<!from )\bgotune\.(\w+)", SOURCE.read_text(encoding="utf-8")))
    import gotune

    assert names <= set(gotune.__all__)


def test_links_lead_to_pages_of_the_docs() -> None:
    """All links into the repository are to docs, as the site has the notebook for a page of its own."""
    links = re.findall(r"\]\((?!https?:)([^)\s]+)", SOURCE.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not link.startswith("../docs/")] == []
    assert [link for link in links if not (SOURCE.parent / link).is_file()] == []


@pytest.fixture
def files_at_hand() -> None:
    """The releases and the encoder are in the cache, or were fetched into it."""
    try:
        load_ontology("2021-12-15")
        load_ontology("2020-01-01")
        locate_encoder("all-MiniLM-L6-v2")
    except DownloadError as exc:
        pytest.skip(f"the releases or the encoder of the notebook cannot be had here: {exc}")


@pytest.mark.network
@pytest.mark.usefixtures("files_at_hand")
def test_it_runs_from_top_to_bottom(tmp_path: Path) -> None:
    path = tmp_path / "small.ipynb"
    script = ROOT / "scripts" / "run_notebook.py"
    done = subprocess.run(
        [sys.executable, str(script), "-o", str(path), *SMALL], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    check_outputs(read(path))
