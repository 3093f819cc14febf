from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.lexicon.abbreviations import long_forms_of, spell_out
from gotune.lexicon.dictionary import Dictionary
from tests.lexicon.named_terms import CC, MF, ontology_with, term

DICTIONARY = Dictionary.from_ontology(
    ontology_with(term(1, "quick sugar kinase activity", MF), term(2, "plasma membrane", CC))
)
DEFINED = "The quick sugar kinase (QSK) acts at the plasma membrane (PM) of stem cells (SCs)."


def spelled(text: str, article: str = "1") -> str:
    return spell_out([DEFINED, text], ["1", article], DICTIONARY)[1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("QSK-/- mice", "quick sugar kinase-/- mice"),
        ("two QSKs", "two quick sugar kinases"),
        ("PM QSK.", "plasma membrane quick sugar kinase."),
        ("(QSK)", "(quick sugar kinase)"),
        ("SCs grew", "SCs grew"),  # GO has no name for it
        ("QSKA, aQSK, QSK1 and qsk", "QSKA, aQSK, QSK1 and qsk"),
    ],
)
def test_what_has_a_name_is_written_out(text: str, found: str) -> None:
    assert spelled(text) == found


def test_another_article_means_something_else() -> None:
    assert spelled("QSK-/- mice", article="2") == "QSK-/- mice"


def test_a_short_form_of_two_letters_has_no_plural() -> None:
    texts = ["Plasma membranes (Ps) divide.", "P < 0.05 in Ps."]
    dictionary = Dictionary.from_ontology(ontology_with(term(2, "plasma membranes", CC)))
    assert spell_out(texts, ["1", "1"], dictionary)[1] == "P < 0.05 in Plasma membranes."


def test_texts_without_an_article_stay() -> None:
    assert spell_out([DEFINED, "QSK"], ["", ""], DICTIONARY) == [DEFINED, "QSK"]


def test_an_abbreviation_of_several_is_one_of_them() -> None:
    texts = ["Quick sugar kinases (QSKs) are fast.", "One QSK or two QSKs."]
    assert (
        spell_out(texts, ["1", "1"], DICTIONARY)[1] == "One Quick sugar kinases or two Quick sugar kinases."
    )


def test_long_forms_are_kept_by_article() -> None:
    assert long_forms_of([DEFINED, "no such"], ["1", "2"]) == {
        "1": {"QSK": "quick sugar kinase", "PM": "plasma membrane", "SCs": "stem cells"},
        "2": {},
    }


def test_as_many_articles_as_texts() -> None:
    with pytest.raises(ValueError, match="1 texts and 2 articles"):
        spell_out(["a"], ["1", "2"], DICTIONARY)


@given(st.lists(st.text(alphabet="QSKPM s(-+)", max_size=12), max_size=5))
def test_only_abbreviations_change(texts: list[str]) -> None:
    found = spell_out([DEFINED, *texts], ["1"] * (len(texts) + 1), DICTIONARY)[1:]
    for text, spelled_text in zip(texts, found, strict=True):
        shortened = spelled_text.replace("quick sugar kinase", "QSK").replace("plasma membrane", "PM")
        assert shortened == text


def test_an_article_may_define_thousands() -> None:
    """They are looked up, not tried one after the other at each word."""
    names = [f"Q {number} quick sugar kinase" for number in range(10_000)]
    letters = [f"Q{number}SK" for number in range(10_000)]
    texts = [f"{name} ({short})" for name, short in zip(names, letters, strict=True)]
    start = time.process_time()
    found = spell_out([*texts, " ".join(letters)], ["1"] * (len(texts) + 1), DICTIONARY)
    assert time.process_time() - start < 5
    assert found[-1] == " ".join(names)
