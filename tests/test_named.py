from __future__ import annotations

from gotune.aspects import Aspect
from gotune.named import TERM_COLUMNS, NamedTerm, NamedTerms, joined_terms, listed_terms

ATP = NamedTerm("GO:0005524", "ATP binding", Aspect.MOLECULAR_FUNCTION, 0.75, 2)
MATRIX = NamedTerm("GO:0005759", "matrix", Aspect.CELLULAR_COMPONENT, 0.5, contexts=("negated", "method"))


def test_terms_as_plain_values() -> None:
    assert NamedTerms("2021-12-15", (ATP, MATRIX), ((ATP,), (ATP, MATRIX))).to_dict() == {
        "release": "2021-12-15",
        "terms": [
            {
                "go_id": "GO:0005524",
                "name": "ATP binding",
                "aspect": "molecular_function",
                "score": 0.75,
                "places": 2,
                "contexts": [],
            },
            {
                "go_id": "GO:0005759",
                "name": "matrix",
                "aspect": "cellular_component",
                "score": 0.5,
                "places": 1,
                "contexts": ["negated", "method"],
            },
        ],
    }


def test_terms_in_the_columns_of_a_table() -> None:
    assert listed_terms([ATP, MATRIX]) == {
        "go_ids": ["GO:0005524", "GO:0005759"],
        "terms": ["ATP binding", "matrix"],
    }
    assert joined_terms([ATP, MATRIX]) == {"go_ids": "GO:0005524|GO:0005759", "terms": "ATP binding|matrix"}
    assert joined_terms([]) == dict.fromkeys(TERM_COLUMNS, "")
