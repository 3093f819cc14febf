from __future__ import annotations

from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gotune.aspects import ASPECTS, Aspect, Head
from gotune.corpus.documents import Document
from gotune.errors import InputError
from gotune.evaluation.sentences.run import predict_articles
from gotune.lexicon.lexicon import Lexicon
from gotune.model.calibration import Calibration
from gotune.model.classification import classify_document, classify_text
from gotune.model.classifier import AspectClassifier
from gotune.model.decisions import aspects_of
from gotune.model.evidence import Evidence
from gotune.records import AspectProbabilities, ModelInfo
from tests.lexicon.named_terms import named_ontology

PAPER = "The enzyme moves sugar across the membrane.\n\nIt is found in the cell wall. It binds a small ion."


def test_rows_add_up_to_one_and_keep_their_order(classifier: AspectClassifier) -> None:
    texts = ["A part of a cell.", "Moves a substance " * 9, "x"] * 15
    rows = classifier.predict_proba(texts)
    assert rows.shape == (45, 3)
    assert rows.sum(axis=1) == pytest.approx(np.ones(45))
    alone = np.concatenate([classifier.predict_proba([text]) for text in texts[:3]])
    assert rows[:3] == pytest.approx(alone, abs=0.02)  # bfloat16 rounds with the width of the batch


def test_no_text_gives_no_row(classifier: AspectClassifier) -> None:
    assert classifier.predict_proba([]).shape == (0, 3)


def test_one_string_is_refused(classifier: AspectClassifier) -> None:
    with pytest.raises(TypeError, match="wrap it in a list"):
        classifier.predict_proba("a text")


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_column_of_pandas_is_read_and_what_is_missing_in_it_named(
    missing: object, classifier: AspectClassifier
) -> None:
    column: Any = pd.Series(["A part of a cell.", "Moves sugar."], index=[7, 7])
    assert (classifier.predict_proba(column) == classifier.predict_proba(column.tolist())).all()
    gaps: Any = pd.Series(["A part of a cell.", missing], dtype=object)
    with pytest.raises(TypeError, match=rf"found {missing!r} at position 1; leave it out"):
        classifier.predict_proba(gaps)
    with pytest.raises(TypeError, match="at position 1"):
        classifier.predict_proba(gaps.convert_dtypes())


def test_a_missing_article_is_an_unknown_one(tagger: AspectClassifier) -> None:
    texts = pd.Series(["A sugar kinase (SK).", "SK.", "SK."])
    known = tagger.predict_proba(texts.tolist(), articles=["", "", ""])
    for missing in (pd.Series([np.nan] * 3), pd.Series([None] * 3, dtype="string"), [None, float("nan"), ""]):
        found = tagger.predict_proba(texts, articles=missing)  # type: ignore[arg-type]
        np.testing.assert_array_equal(found, known)
    same = tagger.predict_proba(texts.tolist(), articles=["7", "7", "8"])
    np.testing.assert_array_equal(tagger.predict_proba(texts, articles=pd.Series([7, 7, 8])), same)  # type: ignore[arg-type]


def test_document_gives_its_sentences_with_offsets(classifier: AspectClassifier) -> None:
    found = classify_document(classifier, Document("paper.txt", PAPER))
    assert [(s.sentence.start, s.sentence.end) for s in found.sentences] == [(0, 43), (45, 74), (75, 96)]
    assert all(PAPER[s.sentence.start : s.sentence.end] == s.sentence.text for s in found.sentences)
    rows = classifier.predict_proba([s.sentence.text for s in found.sentences])
    assert [list(s.probabilities) for s in found.sentences] == pytest.approx(rows)
    # A single head chooses one aspect for each sentence.
    assert [s.aspects for s in found.sentences] == [(ASPECTS[label],) for label in rows.argmax(axis=1)]
    assert (found.model.head, found.shares.none.value) == (Head.SINGLE, 0)
    assert found.truncated == 0


def test_cut_sentences_are_counted(classifier: AspectClassifier) -> None:
    assert classify_document(classifier, Document("paper.txt", "cell " * 100)).truncated == 1
    assert classify_text(classifier, "cell " * 100).truncated


@pytest.fixture
def multi(bundle_folder: Path) -> AspectClassifier:
    """The tiny bundle as if its head were a multi head."""
    made = AspectClassifier.load(bundle_folder, device="cpu")
    made.spec = replace(made.spec, head=Head.MULTI)
    return made


@pytest.mark.parametrize(
    ("thresholds", "carried"),
    [((0.0, 0.0, 0.0), ASPECTS), ((0.0, 1.0, 0.0), (ASPECTS[0], ASPECTS[2])), ((1.0, 1.0, 1.0), ())],
)
def test_with_a_multi_head_a_text_carries_what_reaches_its_threshold(
    thresholds: tuple[float, float, float], carried: tuple[Aspect, ...], multi: AspectClassifier
) -> None:
    multi.spec = replace(multi.spec, thresholds=thresholds)
    text = classify_text(multi, "A part of a cell.")
    assert (text.aspects, text.model) == (carried, multi.info)
    document = classify_document(multi, Document("paper.txt", PAPER))
    assert [sentence.aspects for sentence in document.sentences] == [carried] * 3
    assert document.model == ModelInfo(
        "model", multi.spec.encoder, multi.spec.release, Head.MULTI, thresholds
    )
    assert document.shares.none.value == (0 if carried else 1)


def test_a_probability_at_the_threshold_is_enough(multi: AspectClassifier) -> None:
    multi.spec = replace(multi.spec, thresholds=(0.5, 0.5, 0.5))
    assert aspects_of(multi.info, AspectProbabilities(0.5, 0.49, 1)) == (ASPECTS[0], ASPECTS[2])


@pytest.mark.parametrize("text", ["", " \n\t", "\u3000"])
def test_blank_text_is_refused(classifier: AspectClassifier, text: str) -> None:
    with pytest.raises(InputError, match="found an empty or blank text"):
        classify_text(classifier, text)


def test_text_out_of_its_depth_is_flagged(classifier: AspectClassifier) -> None:
    assert classify_text(classifier, "The enzyme binds the membrane of the cell.").doubts == ()
    assert classify_text(classifier, "Discussion").doubts == ("too short",)
    german = "Das Enzym ist in der Membran und bindet an die Zelle."
    assert classify_document(classifier, Document("text", german)).doubts == ("not English",)


def test_abbreviations_of_an_article_are_read_as_what_they_stand_for(tagger: AspectClassifier) -> None:
    named = copy(tagger)
    named.evidence = Evidence(Lexicon.from_ontology(named_ontology()))
    named.spec = replace(tagger.spec, calibration=Calibration((1.0,) * 3, (0.0,) * 3, (3.0,) * 3))
    texts = ["The sugar kinase (SK) is bound.", "SK moves away."]
    spelled = ["The sugar kinase (sugar kinase) is bound.", "sugar kinase moves away."]
    document = classify_document(named, Document("paper.txt", " ".join(texts)))
    assert [found.sentence.text for found in document.sentences] == texts
    rows = named.predict_proba(spelled)
    assert [tuple(found.probabilities) for found in document.sentences] == [tuple(row) for row in rows]
    assert (predict_articles(named, texts, ["1", "1"]).probabilities == rows).all()
    assert (predict_articles(named, texts, ["1", "2"]).probabilities[1] != rows[1]).any()
    plain = tagger.predict_proba(texts)  # a model without names reads what is there
    assert (predict_articles(tagger, texts, ["1", "1"]).probabilities == plain).all()
