from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gotune.errors import GeneError
from gotune.genes.associations import Relation
from gotune.genes.gaf import read_gaf, write_gaf
from gotune.genes.joiner import LEARNED_UNTIL
from gotune.genes.past import known_before, known_in
from gotune.ontology.ontology import Ontology
from tests.genes.annotated import association, write_reference


def later_gaf(path: Path) -> Path:
    """Write a file in which what an experiment told came later than what is inferred."""
    told = replace(association("Lid1", "12"), relation=Relation.INVOLVED_IN, date="2030-02-01")
    inferred = replace(told, evidence="IEA", date="2030-01-31")
    denied = replace(told, negated=True, go_id="GO:0000011")
    write_gaf(path, [told, inferred, denied])
    return path


@pytest.mark.parametrize("day", ["2030-02", "2030-02-01"])
def test_rows_before_a_day_were_known(day: str, small: Ontology, tmp_path: Path) -> None:
    past = known_before(day, later_gaf(tmp_path / "a.gaf"), small)
    reference = past.annotator.reference
    assert [gene.id for gene in reference.genes] == ["Made:Lid1"]
    assert reference.of_experiments.nnz == 0
    assert past.later == {"Made:Lid1": {"GO:0000012"}}
    assert past.known == f"rows of a.gaf from before {day}, with the names of today"


def test_what_the_model_has_seen_is_told(
    small: Ontology, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = later_gaf(tmp_path / "a.gaf")
    (taxon,) = {row.taxon for row in read_gaf(path)}
    assert taxon is not None
    for until, is_told in (("2031-01-01", True), ("2030-01-15", False)):
        monkeypatch.setitem(LEARNED_UNTIL, taxon, until)
        known = known_before("2030-02", path, small).known
        assert (f"has learned from what experiments told of these genes until {until}" in known) is is_told


def test_of_a_time_before_all_rows_nothing_is_known(small: Ontology, tmp_path: Path) -> None:
    with pytest.raises(
        GeneError, match=r"rows of a\.gaf from before 2029-01, with the names of today: expected annotations"
    ):
        known_before("2029-01", later_gaf(tmp_path / "a.gaf"), small)


def test_one_file_was_known_and_another_came_later(small: Ontology, tmp_path: Path) -> None:
    past = known_in(write_reference(tmp_path / "old.gaf"), later_gaf(tmp_path / "new.gaf"), small)
    assert len(past.annotator.reference.genes) == 5
    assert past.later == {"Made:Lid1": {"GO:0000012"}}
    assert (past.known, past.n_bad) == ("old.gaf, and new.gaf as later one", 0)


def test_of_two_files_too_what_the_model_has_seen_and_what_is_bad_is_told(
    small: Ontology, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = write_reference(tmp_path / "old.gaf"), later_gaf(tmp_path / "new.gaf")
    with after.open("a") as file:
        file.write("Made\tbad\n")
    for until, is_told in (("2031-01-01", True), ("2030-01-02", False)):  # of which day the older one is
        monkeypatch.setitem(LEARNED_UNTIL, 7, until)
        past = known_in(before, after, small, lenient=True)
        assert ("has learned from what experiments told" in past.known) is is_told
        assert past.n_bad == 1
