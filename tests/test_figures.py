"""Figures of README and docs are those of ``benchmarks/results``."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[1]
_SPEC = importlib.util.spec_from_file_location("figures", ROOT / "scripts/figures.py")
assert _SPEC is not None
assert _SPEC.loader is not None
figures = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(figures)


def test_pages_say_what_was_measured() -> None:
    assert figures.main(["--check"]) == 0


def test_every_block_is_used_and_known() -> None:
    used = [name for page in figures.PAGES for _, name in figures.BLOCK.findall(page.read_text())]
    assert sorted(used) == sorted(figures.MADE)


def test_a_figure_that_differs_is_found() -> None:
    page = (ROOT / "docs/science.md").read_text(encoding="utf-8")
    assert figures.filled(page) == page
    figure = figures.estimate(figures.results("crossval_papers.json")["model"]["macro_auroc"])
    assert figure in page
    assert figures.filled(page.replace(figure, ".999 (.998 to 1.000)")) == page


def test_figures_are_written_as_the_field_does() -> None:
    found = {"value": 0.9574, "interval": {"low": -0.1, "high": 1.0}}
    assert figures.estimate(found) == ".957 (-.100 to 1.000)"
    assert figures.estimate(None) == "-"
