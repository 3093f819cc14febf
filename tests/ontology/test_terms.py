from __future__ import annotations

import pytest

from gotune.ontology.terms import TERM_ID, term_page


def test_a_term_has_its_page_and_nothing_else_gets_into_the_address() -> None:
    assert term_page("GO:0015986") == "https://amigo.geneontology.org/amigo/term/GO:0015986"
    assert term_page('"><a?#/..') == "https://amigo.geneontology.org/amigo/term/%22%3E%3Ca%3F%23%2F.."


@pytest.mark.parametrize(
    "text", ["go:0015986", "GO:001598", "GO:00159866", "GO:0015986\n", "GO:\u0660000000", ""]
)
def test_ids_have_seven_digits(text: str) -> None:
    assert TERM_ID.fullmatch("GO:0015986")
    assert not TERM_ID.fullmatch(text)
