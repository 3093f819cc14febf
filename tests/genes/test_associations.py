from __future__ import annotations

from collections import Counter
from dataclasses import replace

from gotune.aspects import Aspect
from gotune.genes.associations import CODES, ECO_IDS, Relation
from tests.genes.drawn import OPENS


def test_relations() -> None:
    assert Counter(relation.aspect for relation in Relation) == {
        Aspect.MOLECULAR_FUNCTION: 2,
        Aspect.BIOLOGICAL_PROCESS: 7,
        Aspect.CELLULAR_COMPONENT: 4,
    }
    assert len({relation.id for relation in Relation}) == len(Relation)
    assert (Relation.IS_ACTIVE_IN.id, Relation.PART_OF.id) == ("RO:0002432", "BFO:0000050")


def test_each_code_has_an_id_of_its_own() -> None:
    assert len(ECO_IDS) == len(CODES) == 26


def test_evidence_is_a_code_where_there_is_one() -> None:
    assert replace(OPENS, evidence="ECO:0000501").evidence == "IEA"
    assert replace(OPENS, evidence="ECO:0000256").evidence == "ECO:0000256"


def test_gene() -> None:
    assert replace(OPENS, database="MGI", id="MGI:1").gene == "MGI:MGI:1"
