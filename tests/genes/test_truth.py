from __future__ import annotations

from collections import Counter

from gotune.aspects import Aspect
from gotune.genes.space import TermSpace
from gotune.genes.truth import Knowledge, cafa_targets, live_terms
from gotune.ontology.ontology import Ontology
from tests.genes.said import plain

BP, CC, MF = Aspect
BEFORE = {
    "limited": {"GO:0000021"},
    "partial": {"GO:0000011"},
    "same": {"GO:0000012"},
    "unfolded": {"GO:0000013"},
    "binder": {"GO:0005488"},
    "known binder": {"GO:0005515"},
    "gone": {"GO:0000011"},
}
AFTER = {
    "new": {"GO:0000012", "GO:0000021"},
    "limited": {"GO:0000021", "GO:0000032"},
    "partial": {"GO:0000011", "GO:0000013"},
    "same": {"GO:0000012"},
    "unfolded": {"GO:0000012", "GO:0000013"},
    "binder": {"GO:0005515"},
    "known binder": {"GO:0005515", "GO:0000031"},
    "only binds": {"GO:0005515", "GO:0000021"},
    "binds more": {"GO:0005515", "GO:0000032"},
    "root": {"GO:0000001"},
}


def test_targets_of_each_kind_and_aspect(space: TermSpace) -> None:
    found = cafa_targets(BEFORE, AFTER, space)
    genes = {
        (kind.name, aspect.short): targets.genes
        for kind, of_kind in found.items()
        for aspect, targets in of_kind.items()
    }
    assert genes == {
        ("NONE", "BP"): ("new",),
        ("NONE", "CC"): ("new", "only binds"),
        ("NONE", "MF"): ("binds more",),
        ("LIMITED", "BP"): (),
        ("LIMITED", "CC"): (),
        ("LIMITED", "MF"): ("limited",),
        ("PARTIAL", "BP"): ("partial",),
        ("PARTIAL", "CC"): (),
        ("PARTIAL", "MF"): ("known binder",),
    }


def test_what_is_to_be_found_is_what_was_not_known_without_the_root(space: TermSpace) -> None:
    found = cafa_targets(BEFORE, AFTER, space)
    of_new, of_partial = found[Knowledge.NONE][BP], found[Knowledge.PARTIAL][BP]
    assert plain(of_new.terms, space) == [{"11": 1, "12": 1}]
    assert plain(of_new.known, space) == [{}]
    assert plain(of_partial.terms, space) == [{"12": 1, "13": 1}]
    assert plain(of_partial.known, space) == [{"11": 1}]
    binds_more = found[Knowledge.NONE][MF]
    assert plain(binds_more.terms, space) == [{"88": 1, "15": 1, "32": 1}]


def test_a_release_without_protein_binding_has_targets_too(example_space: TermSpace) -> None:
    found = cafa_targets({}, {"gene": {"GO:9000056"}}, example_space)[Knowledge.NONE]
    assert found[MF].genes == ("gene",)
    assert not found[CC].genes


def test_old_ids_stand_for_their_only_sure_successor(small: Ontology) -> None:
    annotations = {
        "one": ["GO:0000091", "GO:0000092", "GO:0000013"],
        "two": ["GO:0000091", "GO:0000093", "GO:7777777", "GO:0000021"],
    }
    found, left_out = live_terms(annotations, small)
    assert found == {"one": {"GO:0000013"}, "two": {"GO:0000021"}}
    assert left_out == Counter({"GO:0000091": 2, "GO:0000093": 1, "GO:7777777": 1})
