from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest
from sklearn.metrics import average_precision_score, roc_auc_score

from gotune.datasets.definitions import LabelledDataset
from gotune.errors import DatasetError, InputError
from gotune.evaluation.comparison import (
    Contender,
    Predictions,
    compare_on_definitions,
    compare_on_sentences,
    compare_predictions,
)
from gotune.model.classifier import AspectClassifier
from gotune.ontology.graph import term_families

GENERATOR = np.random.default_rng(0)
TRUTH = GENERATOR.random((400, 3)) < 0.3
ARTICLES = [str(number // 20) for number in range(400)]


def predictions(name: str, signal: float) -> Predictions:
    p = (GENERATOR.random(TRUTH.shape) + signal * TRUTH) / (1 + signal)
    return Predictions(name, p, p >= 0.5)


def test_figures_are_those_of_scikit_learn_and_scipy() -> None:
    first, second = predictions("a", 0.4), predictions("b", 0.9)
    found = compare_predictions(TRUTH, first, second, ARTICLES, unit="article")
    area, precision, accuracy = found.differences
    assert area.first == pytest.approx(roc_auc_score(TRUTH, first.probabilities))
    assert precision.second == pytest.approx(average_precision_score(TRUTH, second.probabilities))
    right = [(model.decisions == TRUTH).all(axis=1) for model in (first, second)]
    assert accuracy.difference.value == pytest.approx(right[1].mean() - right[0].mean())
    only = (int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum()))
    assert (found.only_first, found.only_second) == only
    assert found.mcnemar_p == pytest.approx(binomtest(only[0], sum(only)).pvalue)
    assert (found.n_rows, found.n_units, found.unit) == (400, 20, "article")
    for row in found.differences:
        assert row.difference.value == pytest.approx(row.second - row.first)
        assert row.difference.interval.low < row.difference.value < row.difference.interval.high
    assert area.p_value == pytest.approx(2 / 1001)  # the least that a thousand resamples can tell
    assert json.loads(json.dumps(found.to_dict()))["differences"][0]["figure"] == "macro ROC-AUC"


def test_a_model_does_not_differ_from_itself() -> None:
    model = predictions("a", 0.5)
    found = compare_predictions(TRUTH, model, model, ARTICLES, unit="article")
    assert [(row.difference.value, row.p_value) for row in found.differences] == [(0, 1)] * 3
    assert (found.only_first, found.only_second, found.mcnemar_p) == (0, 0, 1)


def test_it_turns_round() -> None:
    first, second = predictions("a", 0.5), predictions("b", 0.5)
    there = compare_predictions(TRUTH, first, second, ARTICLES, unit="article")
    back = compare_predictions(TRUTH, second, first, ARTICLES, unit="article")
    assert [row.p_value for row in there.differences] == [row.p_value for row in back.differences]
    assert [row.difference.value for row in there.differences] == pytest.approx(
        [-row.difference.value for row in back.differences]
    )


def test_what_has_no_figures_is_refused() -> None:
    model = predictions("a", 0.5)
    broken = replace(model, name="b", probabilities=np.full(TRUTH.shape, np.nan))
    with pytest.raises(InputError, match="b: expected a probability"):
        compare_predictions(TRUTH, model, broken, ARTICLES, unit="article")
    with pytest.raises(DatasetError, match="at least two groups"):
        compare_predictions(TRUTH, model, model, ["1"] * 400, unit="article")


def test_on_definitions_the_test_part_is_resampled_by_family(
    classifier: AspectClassifier, dataset: LabelledDataset
) -> None:
    model = Contender("tiny", classifier)
    found = compare_on_definitions(model, model, dataset)
    test = dataset.parts["test"]
    predicted = classifier.predict_proba(test["definition"].tolist()).argmax(axis=1)
    assert found.differences[2].first == (predicted == test["label"]).mean()
    assert (found.n_rows, found.unit) == (len(test), "term family")
    families = term_families(test["go_id"].tolist(), dataset.edges)
    assert found.n_units == len(set(families)) < len(test)
    leaky = replace(dataset, parts=dataset.parts | {"test": dataset.parts["train"]})
    with pytest.raises(DatasetError, match="expected terms that the model has not learned from"):
        compare_on_definitions(model, model, leaky)


def test_few_articles_cannot_tell_models_apart() -> None:
    first, second = predictions("a", 0.1), predictions("b", 0.9)
    articles = ["1"] * 200 + ["2"] * 200
    found = compare_predictions(TRUTH, first, second, articles, unit="article")
    assert all(row.difference.interval.low > 0 for row in found.differences)
    assert [row.p_value for row in found.differences] == [0.5] * 3


def test_on_sentences_each_model_decides_as_its_head_does(classifier: AspectClassifier) -> None:
    labels = [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.4, 0.6), (0.0, 0.0, 0.0)]
    texts = ["It moves sugar.", "The cell wall is thick.", "It binds calcium.", "We thank our friends."]
    table = pd.DataFrame(labels, columns=["biological_process", "cellular_component", "molecular_function"])
    table = table.assign(text=texts, article=["1", "1", "2", "3"])
    model = Contender("tiny", classifier)
    found = compare_on_sentences(model, model, table)
    chosen = classifier.predict_proba(texts).argmax(axis=1)
    # A head that chooses one aspect is never right about a sentence that has none.
    assert found.differences[2].first == np.mean([*(chosen[:3] == [0, 1, 2]), False])
    assert (found.n_units, found.unit) == (3, "article")
    found = compare_on_sentences(model, model, table.assign(article=["1", "1", "2", ""]))
    assert (found.n_units, found.unit) == (3, "article, and sentence of none,")
    found = compare_on_sentences(model, model, table.assign(article=""))
    assert (found.n_units, found.unit) == (4, "sentence")


def test_only_what_is_judged_is_compared() -> None:
    judged = GENERATOR.random(TRUTH.shape) < [0.8, 0.4, 0.0]
    truth = np.where(judged, TRUTH, np.nan)
    first, second = predictions("a", 0.4), predictions("b", 0.9)
    found = compare_predictions(truth, first, second, ARTICLES, unit="article")
    assert found.judged == (judged[:, 0].sum(), judged[:, 1].sum(), 0)
    area, precision, accuracy = found.differences
    columns = [(TRUTH[rows, n], first.probabilities[rows, n]) for n, rows in enumerate(judged.T[:2])]
    assert area.first == pytest.approx(np.mean([roc_auc_score(*column) for column in columns]))
    assert precision.first == pytest.approx(np.mean([average_precision_score(*column) for column in columns]))
    right = [((model.decisions == TRUTH) | ~judged).all(axis=1) for model in (first, second)]
    assert accuracy.difference.value == pytest.approx(right[1].mean() - right[0].mean())
    # What a model says of the rest is no matter.
    other = np.where(judged, first.probabilities, 1 - first.probabilities)
    changed = replace(first, probabilities=other, decisions=other >= 0.5)
    assert compare_predictions(truth, changed, second, ARTICLES, unit="article") == found
    whole = compare_predictions(TRUTH.astype(float), first, second, ARTICLES, unit="article")
    assert whole == compare_predictions(TRUTH, first, second, ARTICLES, unit="article")
    assert whole.judged == (400, 400, 400)
