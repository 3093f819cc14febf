from __future__ import annotations

import pytest

from gotune.aspects import Aspect
from gotune.lexicon.variants import Evidence, head_word, is_symbol, name_variants
from tests.lexicon.named_terms import BP, CC, MF, term


def variants(name: str, aspect: Aspect, **synonyms: str) -> set[tuple[str, str]]:
    return {
        (" ".join(variant.words), variant.evidence.name)
        for variant in name_variants(term(1, name, aspect, **synonyms))
    }


def test_class_words_are_dropped() -> None:
    assert variants("sugar kinase activity", MF) == {
        ("sugar kinase activity", "NAME"),
        ("sugar kinase", "SHORTENED"),
    }
    assert ("Wnt signaling", "SHORTENED") in variants("Wnt signaling pathway", BP)
    assert ("CAF 1", "SHORTENED") in variants("CAF-1 complex", CC)


def test_class_words_stay_where_the_rest_is_something_else() -> None:
    assert ("metabolic", "SHORTENED") in variants("metabolic process", BP)
    assert variants("heart process", BP) == {("heart process", "NAME")}
    assert variants("enzyme complex", CC) == {("enzyme complex", "NAME")}
    assert variants("activity", MF) == {("activity", "NAME")}


def test_brackets_are_dropped() -> None:
    assert variants("ligase (ATP) activity", MF) == {
        ("ligase ATP activity", "NAME"),
        ("ligase", "SHORTENED"),
    }


def test_first_class_word_and_order() -> None:
    assert ("expression", "CORE") in variants("gene expression", BP)
    assert ("smell perception", "INVERTED") in variants("perception of smell", BP)
    assert not any(kind == "INVERTED" for _, kind in variants("loss of water by leaves", BP))


def test_synonyms_keep_their_scope() -> None:
    found = variants("walking", BP, exact="stride", narrow="strolling process", broad="cell going")
    assert {("stride", "EXACT"), ("strolling process", "NARROW"), ("cell going", "BROAD")} <= found
    assert not {kind for _, kind in found} & {"SHORTENED", "CORE"}


def test_long_short_and_numeric_names_are_left_out() -> None:
    assert variants("a b c d e f g h i", BP, exact="AB|123") == set()


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("kinase activity", "kinas"),
        ("organization of outer membrane", "organ"),
        ("transport by boat (slow)", "transport"),
        ("activity", None),
        ("++", None),
    ],
)
def test_head_word(name: str, head: str | None) -> None:
    assert head_word(name) == head


def test_symbols() -> None:
    assert all(is_symbol(words) for words in (["EGFR"], ["mTor"], ["IL", "2"], ["cat"], ["p", "53"]))
    assert not any(is_symbol(words) for words in (["axon"], ["Axon"], ["cell", "death"], ["Homeostasis"]))


def test_kinds_are_in_the_order_of_their_rank() -> None:
    assert [evidence.rank for evidence in Evidence] == list(range(9))
    assert str(Evidence.EXACT) == "exact synonym"
    assert [one.trust for one in Evidence] == [0.8, 0.8, 0.7, 0.7, 0.4, 0.1, 0.2, 0.1, 0.02]
