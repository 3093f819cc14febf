from __future__ import annotations

import numpy as np
import pytest

from gotune.aspects import ASPECTS
from gotune.datasets.weak_labels import SURE, WeakLabels, label_weakly
from tests.lexicon.named_terms import named_ontology

TEXTS = [
    "Quick sugar kinase (QSK) was found in the axon.",
    "QSK fell.",
    "QSK fell.",
    "Gene expression rose.",
    "It was expressed.",
    "Nothing.",
]
ARTICLES = ["a", "a", "b", "b", "b", "b"]


@pytest.fixture(scope="module")
def labels() -> WeakLabels:
    return label_weakly(TEXTS, ARTICLES, named_ontology())


def test_probabilities_follow_the_evidence(labels: WeakLabels) -> None:
    process, component, function = labels.probabilities.T
    assert component[0] > SURE
    assert not component[1:].any()
    assert process[3] > process[4] > 0
    assert not process[[0, 1, 2, 5]].any()
    assert function[0] > SURE


def test_abbreviations_hold_within_their_article(labels: WeakLabels) -> None:
    function = labels.probabilities[:, 2]
    assert function[1] > SURE
    assert function[2] == 0
    assert [judged.mention.stems for judged in labels.mentions[1]] == [("sugar", "kinas")]


def test_table_is_a_sentence_table(labels: WeakLabels) -> None:
    table = labels.table()
    assert list(table) == ["text", *(aspect.value for aspect in ASPECTS), "article", "spans"]
    assert table["article"].tolist() == ARTICLES
    assert table["spans"][0] == [(6, 18, 2), (20, 23, 2), (42, 46, 1)]
    assert table["spans"][5] == []
    np.testing.assert_array_equal(table[[aspect.value for aspect in ASPECTS]], labels.probabilities)


def test_second_opinion_adds_to_many_sentences() -> None:
    texts = ["The axon was long and thin."] * 150 + ["It was long and thin."] * 50 + ["We ate."] * 100
    found = label_weakly(texts, [str(row % 10) for row in range(300)], named_ontology()).probabilities[:, 1]
    assert found[0] > found[150] > found[200] > 0


def test_no_sentence() -> None:
    assert label_weakly([], [], named_ontology()).probabilities.shape == (0, 3)


def test_every_text_needs_an_article() -> None:
    with pytest.raises(ValueError, match="2 texts and 1 articles"):
        label_weakly(["a", "b"], ["1"], named_ontology())
