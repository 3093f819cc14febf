from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_fscore_support

from gotune.datasets.labelled import LabelledSource
from gotune.errors import DatasetError
from gotune.evaluation.sentences.run import evaluate_sentences
from gotune.model.calibration import Calibration
from gotune.model.classifier import AspectClassifier
from gotune.model.evidence import Evidence

LABELS = ["biological_process", "cellular_component", "molecular_function"]


def test_a_single_head_is_scored_on_the_aspect_that_it_chooses(
    classifier: AspectClassifier, sentences: LabelledSource
) -> None:
    table = sentences.table
    found = evaluate_sentences(classifier, table)
    chosen = np.eye(3)[classifier.predict_proba(table["text"].tolist()).argmax(axis=1)]
    truth = table[LABELS].to_numpy() >= 0.5
    figures = np.array(precision_recall_fscore_support(truth, chosen, average=None, zero_division=0)[:3])
    shown = [(row.precision, row.recall, row.f1) for row in found.model.aspects]
    rows = [[figure.value for figure in row if figure is not None] for row in shown]
    assert np.array(rows).T == pytest.approx(figures)


def test_an_unknown_article_is_not_counted(classifier: AspectClassifier, sentences: LabelledSource) -> None:
    table = sentences.table.copy()
    table.loc[table["article"] == "article 0", "article"] = ""
    assert evaluate_sentences(classifier, table).n_articles == 5
    assert evaluate_sentences(classifier, table.assign(article="")).n_articles == 0


def test_a_model_beside_must_not_have_seen_the_sentences(
    classifier: AspectClassifier, tagger: AspectClassifier, sentences: LabelledSource
) -> None:
    with pytest.raises(DatasetError, match="tagger/: expected sentences, and articles, that the model has"):
        evaluate_sentences(classifier, sentences.table, beside={"tagger/": tagger})


class OneName:
    """Is sure of the first aspect in every text."""

    def evidence(self, texts: Sequence[str]) -> NDArray[np.float64]:
        return np.tile([1.0, 0.0, 0.0], (len(texts), 1))


def test_before_calibration_there_are_no_names(tagger: AspectClassifier, sentences: LabelledSource) -> None:
    texts = sentences.table["text"].tolist()
    calibration = Calibration((2.0, 1.0, 1.0), (0.5, 0.0, 0.0), (3.0, 3.0, 3.0))
    named = copy(tagger)
    named.spec = replace(tagger.spec, calibration=calibration)
    plain = named.uncalibrated(named.predict_proba(texts), texts)
    named.evidence = Evidence(cast(Any, OneName()))
    assert named.uncalibrated(named.predict_proba(texts), texts) == pytest.approx(plain)
    named.spec = replace(tagger.spec, calibration=None)
    assert (named.uncalibrated(plain, texts) == plain).all()
