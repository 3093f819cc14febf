from __future__ import annotations

import time
from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.lexicon.dictionary import Dictionary
from gotune.lexicon.variants import Evidence
from tests.lexicon.named_terms import BP, CC, named_ontology

DICTIONARY = Dictionary.from_ontology(named_ontology())
WORDS = [
    "axon",
    "guidance",
    "regulation",
    "of",
    "gene",
    "expression",
    "SUKs",
    "TGF",
    "-β",
    " binding",
    "9",
    "(",
]

Found = list[tuple[str, str, str]]


def find(text: str, long_forms: Mapping[str, str] | None = None) -> Found:
    return [
        (text[mention.start : mention.end], mention.aspect.short, mention.evidence.name)
        for mention in DICTIONARY.find(text, DICTIONARY.abbreviations(long_forms or {}))
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gene-expression was low.", [("Gene-expression", "BP", "NAME")]),
        ("It is expressed here.", [("expressed", "BP", "CORE")]),
        ("Axonal growth", [("Axonal", "CC", "NAME")]),
        ("Apoptotic cells", [("Apoptotic", "BP", "SHORTENED")]),
        ("a sugar kinase", [("sugar kinase", "MF", "SHORTENED")]),
        ("smell perception", [("smell perception", "BP", "INVERTED")]),
        ("olfactory", [("olfactory", "BP", "EXACT")]),
        ("TGFβ-binding", [("TGFβ-binding", "MF", "NAME")]),
        ("TGF-beta bound", [("TGF-beta bound", "MF", "NAME")]),
        ("eye development", [("development", "BP", "HEAD")]),
        ("the enzymes", []),
        ("axon2, 2axon and axonβ", []),
        ("hearts", []),
        ("", []),
    ],
)  # fmt: skip
def test_variants_are_found(text: str, found: Found) -> None:
    assert find(text) == found


def test_the_longest_counts_and_names_of_other_aspects_inside_of_it() -> None:
    assert find("regulation of gene expression") == [("regulation of gene expression", "BP", "NAME")]
    assert find("Axon guidance") == [("Axon guidance", "BP", "NAME"), ("Axon", "CC", "NAME")]


def test_symbols_are_found_letter_by_letter() -> None:
    assert find("SUK and SUKs") == [("SUK", "MF", "RELATED"), ("SUKs", "MF", "RELATED")]
    assert find("suk, Suk, SUK2, preSUK") == []


def test_a_variant_of_two_aspects_means_both() -> None:
    mentions = DICTIONARY.find("dual")
    assert {(mention.aspect, mention.go_id) for mention in mentions} == {
        (BP, "GO:0000016"),
        (CC, "GO:0000017"),
    }


def test_mentions_tell_their_term_and_stems() -> None:
    (mention,) = DICTIONARY.find("Kidneys develop")
    assert (mention.go_id, mention.stems) == ("GO:0000014", ("kidney", "develop"))
    (head,) = DICTIONARY.find("development")
    assert (head.go_id, head.evidence) == (None, Evidence.HEAD)


def test_roots_say_nothing() -> None:
    assert find("a biological process") == []


def test_abbreviations_mean_what_they_stand_for() -> None:
    long_forms = {"SK": "fast sugar kinase", "SUK": "sukiyaki", "ED": "eye development", "CS": "cell suicide"}
    assert find("SKs, SUK, ED or CS", long_forms) == [("SKs", "MF", "SHORTENED"), ("CS", "BP", "BROAD")]
    assert find("SUK", {"SUK": "sukiyaki", "(SUK)": "sugar kinase"}) == []


JOINED = st.tuples(st.sampled_from(WORDS), st.sampled_from(["", " ", " ", "-"])).map("".join)


@given(st.lists(JOINED, max_size=12).map("".join) | st.text())
def test_mentions_are_in_order_within_the_text_and_at_word_bounds(text: str) -> None:
    mentions = DICTIONARY.find(text)
    assert all(left.start <= right.start for left, right in pairwise(mentions))
    for mention in mentions:
        assert 0 <= mention.start < mention.end <= len(text)
        assert not text[mention.start - 1 : mention.start].isalnum()
        assert not text[mention.end : mention.end + 1].isalnum()


@pytest.mark.parametrize("unit", ["regulation of gene ", "a", "9", "β", "axon-", "(("])
def test_long_text_takes_seconds(unit: str) -> None:
    start = time.process_time()
    DICTIONARY.find(unit * (100_000 // len(unit)))
    assert time.process_time() - start < 5


def test_size() -> None:
    assert len(DICTIONARY) > len(named_ontology())
