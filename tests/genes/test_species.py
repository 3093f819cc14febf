from __future__ import annotations

from pathlib import Path

import pytest

from gotune.errors import DownloadError
from gotune.genes import species
from gotune.genes.space import TermSpace
from gotune.genes.species import HASHES, load_species, read_species
from gotune.ontology.ontology import Ontology
from tests.genes.annotated import associations, write_reference


def test_without_the_files_and_offline_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path))
    with pytest.raises(DownloadError, match=r"human\.gaf\.gz"):
        next(read_species(offline=True))


def test_all_species_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in HASHES:
        write_reference(tmp_path / f"{name}.gaf.gz")
    monkeypatch.setattr(species, "fetch", lambda *_, **__: tmp_path)
    assert len(list(read_species())) == len(HASHES) * len(list(associations()))


def test_they_are_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: Ontology, space: TermSpace
) -> None:
    monkeypatch.setenv("GOTUNE_CACHE", str(tmp_path))
    monkeypatch.setattr(species, "read_species", lambda **_: associations())
    made = load_species(small, space)
    kept = next((tmp_path / "parsed").rglob("genes.safetensors"))
    monkeypatch.setattr(species, "read_species", lambda **_: iter(()))
    assert load_species(small, space).genes == made.genes
    kept.write_bytes(b"damaged")
    assert load_species(small, space).genes == ()


@pytest.mark.network
def test_the_files_are_those_of_the_wheel() -> None:
    assert {one.taxon for one in read_species()} >= {9606, 10090, 7227, 3702}
