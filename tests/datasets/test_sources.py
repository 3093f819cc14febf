from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.datasets.sources import as_models_read, definition_rows, hold_out, without
from gotune.errors import DatasetError

WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
)


def definitions(*texts: str) -> pd.DataFrame:
    return pd.DataFrame({"go_id": "GO:1", "definition": texts, "label": [0, 2, 1, 0][: len(texts)]})


def test_definitions_become_a_sentence_table() -> None:
    rows = definition_rows(definitions("A part.", "A binding.", "A place."))
    assert rows.columns.tolist() == [
        "text",
        "biological_process",
        "cellular_component",
        "molecular_function",
        "article",
        "spans",
    ]
    assert rows["text"].tolist() == ["A part.", "A binding.", "A place."]
    assert rows.iloc[:, 1:4].to_numpy().tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert rows["spans"].tolist() == [None] * 3


def test_openings_are_cut_but_four_words_are_left() -> None:
    long, short = " ".join(WORDS), "no more than four"
    rows = definition_rows(definitions(long, short, long, long), opening_cut=1.0, seed=1)
    assert rows["text"][1] == short
    for text in rows["text"][[0, 2, 3]]:
        assert long.endswith(text)
        assert 4 <= len(text.split()) < len(WORDS)
    assert rows.equals(definition_rows(definitions(long, short, long, long), opening_cut=1.0, seed=1))


def test_texts_are_as_models_read_them() -> None:
    odd, plain = " The e\ufb03cient &beta;-pump\r\nis here.", "It is here."
    rows = pd.DataFrame({"text": [odd, plain], "spans": [[(13, 24, 2)], None]}, index=[7, 8])
    assert odd[13:24] == "&beta;-pump"
    found = as_models_read(rows)
    assert found["text"].tolist() == ["The efficient β-pump is here.", plain]
    assert found["spans"].tolist() == [[(14, 20, 2)], None]
    assert found["text"][7][14:20] == "β-pump"


def sentences(articles: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"text": [f"text {row}" for row in range(len(articles))], "article": articles})


@given(st.lists(st.sampled_from(["", "a", "b", "c", "d"]), min_size=2, max_size=40), st.integers(0, 99))
def test_articles_stay_whole(articles: list[str], seed: int) -> None:
    table = sentences(articles)
    if len(set(articles)) == 1 and articles[0]:
        with pytest.raises(DatasetError, match="expected sentences of at least two articles"):
            hold_out(table, 0.3, seed)
        return
    rest, apart = hold_out(table, 0.3, seed)
    assert len(rest)
    assert len(apart)
    assert sorted([*rest["text"], *apart["text"]]) == sorted(table["text"])
    assert not (set(rest["article"]) & set(apart["article"])) - {""}


def test_about_the_share_is_set_apart() -> None:
    table = sentences([f"article {row // 10}" for row in range(1000)])
    rest, apart = hold_out(table, 0.1, 3)
    assert (len(rest), len(apart)) == (900, 100)


@pytest.mark.parametrize("seed", range(6))
def test_what_most_sentences_are_of_teaches(seed: int) -> None:
    rest, apart = hold_out(sentences(["large"] * 95 + ["small"] * 5), 0.1, seed)
    assert (set(rest["article"]), set(apart["article"])) == ({"large"}, {"small"})


def test_what_is_set_apart_elsewhere_is_left_out() -> None:
    long = "the kinase enters the nucleus and binds chromatin"
    rows = pd.DataFrame(
        {
            "text": [
                "Of the article.",
                long.upper().replace(" ", "  "),
                "Results",
                "Another.",
                long + " there",
            ],
            "article": ["a", "b", "b", "", ""],
        }
    )
    apart = pd.DataFrame({"text": [long, "Results", "Another."], "article": ["a", "c", ""]})
    assert without(rows, apart)["text"].tolist() == ["Results", "Another.", long + " there"]
    assert without(rows, apart[:0]).equals(rows)
