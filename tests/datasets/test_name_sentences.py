from __future__ import annotations

import re

import pandas as pd
import pytest

from gotune.aspects import ASPECTS
from gotune.datasets.name_sentences import FILLERS, WITH_NAMES, WITHOUT_NAMES, name_sentences
from gotune.lexicon.dictionary import Dictionary
from tests.lexicon.named_terms import BP, named_ontology, ontology_with, term

ONTOLOGY = named_ontology()
NAMES = [aspect.value for aspect in ASPECTS]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return name_sentences(ONTOLOGY, Dictionary.from_ontology(ONTOLOGY), count=600, seed=1)


def test_table_is_a_sentence_table(table: pd.DataFrame) -> None:
    assert list(table) == ["text", *NAMES, "article", "spans"]
    assert len(table) == 600
    assert set(table["article"]) == {""}
    assert set(table[NAMES].to_numpy().ravel()) == {0.0, 1.0}


def test_spans_are_names_of_their_aspect_and_make_the_labels(table: pd.DataFrame) -> None:
    known = {(text, term.aspect.label) for term in ONTOLOGY.terms() for text in _wordings(term.name)}
    known |= {(synonym.text, term.aspect.label) for term in ONTOLOGY.terms() for synonym in term.synonyms}
    lowered = {(text.lower(), label) for text, label in known} | {("gfr", 2)}
    for text, spans, labels in zip(table["text"], table["spans"], table[NAMES].to_numpy(), strict=True):
        assert {(text[start:end].lower(), label) for start, end, label in spans} <= lowered
        assert labels.tolist() == [
            float(any(label == aspect.label for _, _, label in spans)) for aspect in ASPECTS
        ]


def test_a_name_inside_of_a_name_is_labelled_too(table: pd.DataFrame) -> None:
    guidance = table[table["text"].str.contains("xon guidance")]
    assert len(guidance)
    assert guidance["cellular_component"].eq(1).all()


def test_some_sentences_have_no_name_and_none_has_an_empty_place(table: pd.DataFrame) -> None:
    none = table[NAMES].sum(axis=1).eq(0)
    assert 0.15 < none.mean() < 0.35
    assert not table["text"].str.contains("[{}]").any()


def test_the_same_seed_gives_the_same_sentences(table: pd.DataFrame) -> None:
    dictionary = Dictionary.from_ontology(ONTOLOGY)
    pd.testing.assert_frame_equal(name_sentences(ONTOLOGY, dictionary, count=600, seed=1), table)
    assert not name_sentences(ONTOLOGY, dictionary, count=600, seed=2).equals(table)


def test_only_the_terms_that_are_asked_for_are_named() -> None:
    found = name_sentences(
        ONTOLOGY, Dictionary.from_ontology(ONTOLOGY), count=100, seed=1, go_ids={"GO:0000004"}
    )
    named = {
        text[start:end].lower()
        for text, spans in zip(found["text"], found["spans"], strict=True)
        for start, end, _ in spans
    }
    assert named == {"axon"}


def test_an_ontology_without_usable_names_gives_sentences_without_any() -> None:
    empty = ontology_with(term(1, "(?)", BP))
    found = name_sentences(empty, Dictionary.from_ontology(empty), count=20, seed=1)
    assert found[NAMES].to_numpy().sum() == 0


def test_first_letters_are_large_but_for_symbols() -> None:
    odd = ontology_with(term(1, "mRNA walk", BP), term(2, "rest", BP))
    found = name_sentences(odd, Dictionary.from_ontology(odd), count=300, seed=1)
    starts = {text.split()[0] for text in found["text"] if "walk" in text or "est " in text}
    assert {"mRNA", "Rest"} <= starts


def test_templates_are_many_and_name_only_known_places() -> None:
    assert len(WITH_NAMES) >= 40
    assert len(WITHOUT_NAMES) >= 30
    places = {place for text in (*WITH_NAMES, *WITHOUT_NAMES) for place in re.findall(r"{(.*?)}", text)}
    assert places == {*FILLERS, *NAMES}
    assert not any(name in text for text in WITHOUT_NAMES for name in NAMES)


def _wordings(name: str) -> list[str]:
    return [name, name.removesuffix(" activity")]
