from __future__ import annotations

import csv
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.corpus.screening import BIOLOGY_STEMS, ENGLISH, FOREIGN, SHARED, Doubt, assess
from gotune.evaluation.stress.texts import load_stress_sentences

CRAFT = Path(__file__).parents[2] / ".." / "shared" / "data" / "craft_dev.tsv.gz"
OWN = Path(__file__).parents[2] / "benchmarks" / "competence_texts.tsv"


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("", (Doubt.TOO_SHORT,)),
        ("Figure 3", (Doubt.TOO_SHORT,)),
        ("Materials and Methods, 2 7 9", (Doubt.TOO_SHORT,)),
        ("The kinase is in the nucleus.", ()),
        ("It is seen in Tbx15−/− only.", ()),  # noqa: RUF001
        ("We looked at BRCA2 once more.", ()),
        ("They lack a phosphodiesterase and more.", ()),
        ("Der Rezeptor bindet das Hormon.", (Doubt.NOT_ENGLISH,)),
        ("Рецептор связывает этот белок.", (Doubt.NOT_ENGLISH,)),
        ("受容体 は 細胞 膜 に あります", (Doubt.NOT_ENGLISH,)),
        ("Jeden z genów koduje białko, którego brak powoduje chorobę", (Doubt.NOT_ENGLISH,)),
        ("The α- and β-forms of the proteins differ.", ()),  # noqa: RUF001
        ("The train was late because of the snow.", (Doubt.NOT_BIOLOGY,)),
        ("Save the file as UTF16 or SHA256, see Fig7a.", (Doubt.NOT_BIOLOGY,)),
        ("Please release the phrase from the database.", (Doubt.NOT_BIOLOGY,)),
    ],
)
def test_doubts(text: str, doubts: tuple[Doubt, ...]) -> None:
    assert assess(text) == doubts


def test_one_word_of_biology_is_enough_for_a_sentence_but_not_for_a_document() -> None:
    plain = "The train was late because of heavy snow near the bridge."
    assert assess(f"{plain} The cells died.") == ()
    assert assess(f"{plain * 20} The cells died.") == (Doubt.NOT_BIOLOGY,)
    assert assess("The cells died at once. " * 20) == ()


def test_doubts_are_words_for_people() -> None:
    assert [f"{doubt}" for doubt in Doubt] == ["too short", "not English", "not about biology"]


def test_word_lists_do_not_contradict_each_other() -> None:
    assert SHARED < ENGLISH
    assert not ENGLISH & FOREIGN
    assert not [(stem, other) for stem, other in permutations(BIOLOGY_STEMS, 2) if stem.startswith(other)]
    assert not [word for word in ENGLISH | FOREIGN if word.startswith(BIOLOGY_STEMS)]


def test_pairs_of_the_stress_tests_are_in_english() -> None:
    for sentence in load_stress_sentences():
        assert Doubt.NOT_ENGLISH not in assess(sentence.text), sentence.text


@pytest.mark.skipif(not OWN.is_file(), reason="the benchmarks are not here")
def test_measured_rates_on_own_sentences() -> None:
    with OWN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    foreign = [row["text"] for row in rows if row["language"] != "en"]
    everyday = [row["text"] for row in rows if (row["language"], row["topic"]) == ("en", "other")]
    science = [row["text"] for row in rows if row["topic"] == "science"]
    assert sum(assess(text) == (Doubt.NOT_ENGLISH,) for text in foreign) == 59
    assert sum(assess(text) == (Doubt.NOT_BIOLOGY,) for text in everyday) == 40
    assert sum(assess(text) == (Doubt.NOT_BIOLOGY,) for text in science) == 12
    for texts in (everyday, science):
        assert assess(" ".join(texts)) == (Doubt.NOT_BIOLOGY,)


@pytest.mark.skipif(
    not CRAFT.is_file(), reason="the CRAFT development sentences are not beside the repository"
)
def test_no_article_of_craft_is_flagged() -> None:
    import pandas as pd

    table = pd.read_csv(CRAFT, sep="\t", keep_default_na=False, usecols=["pmid", "text"])
    assert {assess(" ".join(rows["text"])) for _, rows in table.groupby("pmid")} == {()}


@given(st.text())
def test_any_text_gives_at_most_one_doubt(text: str) -> None:
    assert len(assess(text)) <= 1
