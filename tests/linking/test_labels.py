from __future__ import annotations

import pytest

from gotune.linking.labels import Kind, as_id, id_of, labels_of, live_term, number_of, terms_to_suggest
from gotune.ontology.ontology import Ontology


@pytest.mark.parametrize(
    ("text", "go_id"),
    [
        ("GO:0006915", "GO:0006915"),
        (" go_0006915 ", "GO:0006915"),
        ("GO 0006915,", "GO:0006915"),
        ("Go:0006915.", "GO:0006915"),
        ("GO0006915", "GO:0006915"),
        ("0006915", None),
        ("GO:\u0660\u0660\u0660\u0660\u0660\u0660\u0660", None),
        ("GO:00069155", None),
        ("GO:0006915 GO:0006915", None),
    ],
)
def test_an_id_is_known_as_people_write_it(text: str, go_id: str | None) -> None:
    assert as_id(text) == go_id


def test_ids_are_numbers() -> None:
    assert (id_of(7), number_of("GO:0000007")) == ("GO:0000007", 7)


def test_old_ids_lead_to_live_terms(example: Ontology) -> None:
    assert live_term(example, "GO:9000033") == "GO:9000033"
    assert live_term(example, "GO:9000080") == "GO:9000051"
    assert live_term(example, "GO:0000007") is None


def test_labels_are_the_name_and_each_synonym_once(example: Ontology) -> None:
    labels = [label for term in terms_to_suggest(example) for label in labels_of(term)]
    (name, *synonyms) = [label for label in labels if label.go_id == "GO:9000012"]
    assert (name.text, name.kind) == ("sugar breakdown", Kind.NAME)
    assert [(label.text, label.kind) for label in synonyms] == [
        ("sugar catabolism", Kind.EXACT),
        ("sugar use", Kind.BROAD),
    ]
