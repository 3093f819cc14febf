from __future__ import annotations

import pandas as pd
import pytest

from gotune.corpus.plain_text import text_key
from gotune.corpus.reading import text_keys
from gotune.errors import DatasetError, InputError
from gotune.model.leakage import (
    check_beside,
    check_unseen_sentences,
    check_unseen_terms,
    describe_unseen,
)
from gotune.records import NOTHING_LEARNED, Learned
from gotune.testing import FakeClassifier

LONG = "The kinase moves to the membrane and binds calcium."


def table(text: str, *, article: str = "", process: float = 1.0) -> pd.DataFrame:
    row = {"text": text, "biological_process": process, "cellular_component": 0.0, "molecular_function": 0.0}
    return pd.DataFrame([row | {"article": article}])


def trained_on(*texts: str, articles: frozenset[str] = frozenset()) -> FakeClassifier:
    return FakeClassifier(learned=Learned(texts=frozenset(map(text_key, texts)), articles=articles))


def test_unseen_sentences_pass() -> None:
    check_unseen_sentences(
        trained_on("Another sentence.", articles=frozenset(["1"])), table(LONG, article="2")
    )
    # An unknown article is not the same as another unknown one.
    check_unseen_sentences(trained_on(articles=frozenset([""])), table(LONG, article=""))


def test_seen_sentences_are_refused_whatever_their_case() -> None:
    with pytest.raises(DatasetError, match="found 1 of 1 that it has, such as 'The kinase"):
        check_unseen_sentences(trained_on(LONG.upper()), table(LONG))


@pytest.mark.parametrize(
    ("learned", "measured"),
    [("NF-kappa binds.", "NF\u2010kappa binds."), ("NF\u2011kap\u00adpa binds.", "NF-kappa binds.")],
)
def test_seen_sentences_are_refused_in_another_spelling(learned: str, measured: str) -> None:
    model = FakeClassifier(learned=Learned(texts=frozenset(text_keys(f"{learned} {LONG}"))))
    with pytest.raises(DatasetError, match="found 1 of 1 that it has"):
        check_unseen_sentences(model, table(f"{measured} {LONG}"))


def test_other_sentences_of_a_seen_article_are_refused() -> None:
    with pytest.raises(DatasetError, match="found sentences of 1 article that it has, such as 7"):
        check_unseen_sentences(trained_on(articles=frozenset(["7", "8"])), table(LONG, article="7"))


def test_headings_and_texts_without_an_aspect_do_not_count() -> None:
    check_unseen_sentences(trained_on("Gene expression"), table("Gene expression"))
    check_unseen_sentences(trained_on(LONG), table(LONG, process=0.0))


def test_models_beside_are_checked_if_they_learn_and_named() -> None:
    check_beside(
        {"names": FakeClassifier(), "tagger/": trained_on(articles=frozenset({"1"}))},
        table(LONG, article="2"),
        ("mine",),
    )
    with pytest.raises(DatasetError, match=r"^tagger/: expected sentences, and articles, that the model has"):
        check_beside(
            {"names": FakeClassifier(), "tagger/": trained_on(articles=frozenset({"1"}))},
            table(LONG, article="1"),
            (),
        )


def test_a_model_beside_may_not_take_the_row_of_another() -> None:
    with pytest.raises(InputError, match=r"^mine: expected a model under another name than mine, yours"):
        check_beside({"mine": FakeClassifier()}, table(LONG), ("yours", "mine"))


def test_whether_all_is_known_that_a_model_has_learned_from_is_told() -> None:
    whole, silent = FakeClassifier(), FakeClassifier(learned=NOTHING_LEARNED)
    assert describe_unseen("these texts", whole) == "The model has not learned from these texts."
    assert describe_unseen("these texts", whole, whole) == "Neither model has learned from these texts."
    assert describe_unseen("these texts", *[whole] * 3) == "None of the models has learned from these texts."
    assert describe_unseen("these texts", whole, silent) == (
        'Beware: it is not known for sure what "fake" learned from. If that includes these texts, the '
        "figures are too good."
    )


def test_seen_terms_are_refused() -> None:
    check_unseen_terms("test part", ["GO:1", "GO:2"], {"GO:3"})
    with pytest.raises(DatasetError, match="found 1 of 2 that it has, such as GO:2"):
        check_unseen_terms("test part", ["GO:1", "GO:2"], {"GO:2"})
