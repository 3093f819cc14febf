"""What the ontology tests share: a cache of their own, small OBO texts, the real release."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gotune.ontology.loading import example_ontology, load_ontology
from gotune.ontology.ontology import Ontology

HEADER = "format-version: 1.4\ndata-version: releases/2030-01-31\n\n"

WriteObo = Callable[[str], Path]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("GOTUNE_CACHE", str(folder))
    return folder


@pytest.fixture
def write_obo(tmp_path: Path, cache: Path) -> WriteObo:
    """A function that writes a text, after a header, to a file and returns its path."""

    def write(text: str) -> Path:
        path = tmp_path / "small.obo"
        path.write_text(HEADER + text, encoding="utf-8", newline="")
        return path

    return write


@pytest.fixture
def example(cache: Path) -> Ontology:
    return example_ontology()


@pytest.fixture(scope="session")
def real_release() -> Ontology:
    """GO 2021-12-15 from the user's cache, or downloaded into it."""
    return load_ontology("2021-12-15")
