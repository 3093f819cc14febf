from __future__ import annotations

from dataclasses import replace

from gotune.aspects import Aspect
from gotune.evaluation.audit.results import AuditedTerm, Reason
from gotune.explanation.attribution.results import Neighbour
from gotune.records import AspectProbabilities

BP, CC, MF = Aspect


def term(go_id: str = "GO:0005575", **probabilities: float) -> AuditedTerm:
    values = {"biological_process": 0.25, "cellular_component": 0.125, "molecular_function": 0.625}
    return AuditedTerm(
        go_id=go_id,
        name="wall",
        definition="What stands around a cell.",
        aspect=CC,
        probabilities=AspectProbabilities(**(values | probabilities)),
        opinion=None,
        carried=None,
        neighbours=(
            Neighbour("GO:1", "door", CC, "What opens.", 0.75),
            Neighbour("GO:2", "opening", BP, "That it opens.", 0.5),
        ),
        reasons=(Reason.TEXT,),
    )


def test_what_follows_from_the_probabilities() -> None:
    found = term()
    assert (found.quality, found.likely, found.margin, found.n_foreign) == (0.125, MF, 0.375, 1)


def test_a_model_that_has_learned_from_a_term_cannot_doubt_it() -> None:
    found = term()
    assert not found.doubted_twice
    for carried in ((CC,), (BP, CC), ()):
        assert not replace(found, carried=carried).doubted_twice
    for carried in ((BP,), (BP, MF)):
        assert replace(found, carried=carried).doubted_twice


def test_the_link_leads_to_the_term_and_nowhere_else() -> None:
    assert term().link == "https://amigo.geneontology.org/amigo/term/GO:0005575"
    hostile = term('"><script>/../?x=1#').link
    assert hostile == "https://amigo.geneontology.org/amigo/term/%22%3E%3Cscript%3E%2F..%2F%3Fx%3D1%23"


def test_plain_values_have_what_is_derived_too() -> None:
    found = term().to_dict()
    assert found["aspect"] == "cellular_component"
    assert found["likely"] == "molecular_function"
    assert (found["quality"], found["margin"], found["n_foreign"]) == (0.125, 0.375, 1)
    assert found["neighbours"][1]["go_id"] == "GO:2"
    assert (found["reasons"], found["opinion"], found["carried"]) == (("text",), None, None)
