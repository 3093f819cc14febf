from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from gotune.aspects import Aspect
from gotune.genes.associations import Association, Relation
from gotune.genes.updating import GONE, OTHER_ASPECT, SEVERAL, UNKNOWN, Updated
from gotune.ontology.ontology import Ontology, to_table
from gotune.ontology.terms import CountedLines, Term

PROCESS, COMPONENT = Aspect.BIOLOGICAL_PROCESS, Aspect.CELLULAR_COMPONENT
TERMS = (
    Term("GO:0000001", "opening", PROCESS, alt_ids=("GO:0000011",)),
    Term("GO:0000002", "closing", PROCESS),
    Term("GO:0000003", "hinge", COMPONENT),
    Term("GO:0000021", "old", PROCESS, obsolete=True, replaced_by=("GO:0000011",)),
    Term("GO:0000022", "old", PROCESS, obsolete=True, consider=("GO:0000001",)),
    Term("GO:0000023", "old", PROCESS, obsolete=True, replaced_by=("GO:0000001", "GO:0000002")),
    Term("GO:0000024", "old", PROCESS, obsolete=True, replaced_by=("GO:0000003",)),
)


@pytest.fixture
def ontology() -> Ontology:
    nothing = CountedLines()
    return Ontology(
        to_table(TERMS), release="2030-01-31", sha256="0", source="here", skipped=nothing, repaired=nothing
    )


def of_process(number: int, *, negated: bool = False) -> Association:
    return Association(
        database="MadeUpKB",
        id="H01",
        relation=Relation.INVOLVED_IN,
        negated=negated,
        go_id=f"GO:{number:07}",
        aspect=PROCESS,
        references=("PMID:1",),
        evidence="IDA",
        date="2026-01-02",
        assigned_by="MadeUp",
    )


def test_old_ids_become_those_that_take_their_place(ontology: Ontology) -> None:
    old = [of_process(2), of_process(11), of_process(21, negated=True), of_process(11)]
    updated = Updated(old, ontology)
    for _ in range(2):
        assert list(updated) == [
            old[0], *(replace(one, go_id="GO:0000001") for one in old[1:])
        ]  # fmt: skip
        assert updated.mapped == Counter({("GO:0000011", "GO:0000001"): 2, ("GO:0000021", "GO:0000001"): 1})
        assert updated.left_out == Counter()


@pytest.mark.parametrize(
    ("number", "reason"),
    [(99, UNKNOWN), (22, GONE), (23, SEVERAL), (24, OTHER_ASPECT), (3, OTHER_ASPECT)],
)
def test_what_has_no_sure_place_is_left_out_and_told(number: int, reason: str, ontology: Ontology) -> None:
    updated = Updated([of_process(1), of_process(number), of_process(number)], ontology)
    assert list(updated) == [of_process(1)]
    assert (updated.mapped, updated.left_out) == (Counter(), Counter({(f"GO:{number:07}", reason): 2}))
