from __future__ import annotations

from gotune.ontology.terms import term_page


def test_a_term_has_its_page_and_nothing_else_gets_into_the_address() -> None:
    assert term_page("GO:0015986") == "https://amigo.geneontology.org/amigo/term/GO:0015986"
    assert term_page('"><a?#/..') == "https://amigo.geneontology.org/amigo/term/%22%3E%3Ca%3F%23%2F.."
