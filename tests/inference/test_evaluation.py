from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score

from gotune.data.dataset import LabelledDataset
from gotune.errors import DatasetError, InputError
from gotune.inference.classifier import AspectClassifier
from gotune.inference.evaluation import evaluate, score_model
from gotune.output.reports import render_evaluation


def test_figures_are_those_of_scikit_learn() -> None:
    generator = np.random.default_rng(0)
    truth = generator.integers(3, size=200)
    scores = generator.random((200, 3)) + np.eye(3)[truth] / 2
    found = score_model("model", truth, scores)
    predicted = scores.argmax(axis=1)
    precision, recall, f1, support = precision_recall_fscore_support(truth, predicted)
    for label, row in enumerate(found.aspects):
        figures = (row.precision.value, row.recall.value, row.f1.value, row.support)
        assert figures == pytest.approx((precision[label], recall[label], f1[label], support[label]))
        assert row.roc_auc.value == pytest.approx(roc_auc_score(truth == label, scores[:, label]))
        assert row.f1.interval.low < row.f1.value < row.f1.interval.high
    assert found.accuracy.value == (predicted == truth).mean()
    assert found.macro_f1.value == pytest.approx(f1.mean())
    width = found.accuracy.interval.high - found.accuracy.interval.low
    expected = 2 * 1.96 * np.sqrt(found.accuracy.value * (1 - found.accuracy.value) / 200)
    assert width == pytest.approx(expected, rel=0.15)


def test_an_aspect_that_is_never_predicted_has_precision_zero() -> None:
    found = score_model("always 0", np.array([0, 1, 2]), np.array([[1.0, 0.0, 0.0]] * 3))
    assert [row.precision.value for row in found.aspects] == pytest.approx([1 / 3, 0, 0])
    assert found.confusion == ((1, 0, 0), (1, 0, 0), (1, 0, 0))


def test_a_part_without_an_aspect_is_refused() -> None:
    with pytest.raises(DatasetError, match="found none of molecular_function"):
        score_model("model", np.array([0, 1]), np.zeros((2, 3)))


def test_scores_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(InputError, match="expected a finite score for every text and aspect, found nan"):
        score_model("model", np.array([0, 1, 2]), np.full((3, 3), np.nan))


def test_model_and_baselines_are_scored_on_the_same_rows(
    classifier: AspectClassifier, dataset: LabelledDataset
) -> None:
    found = evaluate(classifier, dataset)
    assert [row.model for row in found.baselines] == ["TF-IDF + linear SVM", "majority"]
    assert found.n_test == len(dataset.parts["test"]) == 10
    assert found.n_train == classifier.manifest.n_train == len(dataset.parts["train"])
    assert all(np.sum(row.confusion) == found.n_test for row in found.rows)
    predicted = classifier.predict_proba(dataset.parts["test"]["definition"].tolist()).argmax(axis=1)
    assert found.model.accuracy.value == (predicted == dataset.parts["test"]["label"]).mean()
    page = render_evaluation(found)
    assert f"| majority | {found.baselines[1].accuracy.value:.4f} (" in page


def test_rows_that_the_model_has_seen_are_refused(
    classifier: AspectClassifier, dataset: LabelledDataset
) -> None:
    leaky = replace(dataset, parts=dataset.parts | {"test": dataset.parts["train"]})
    with pytest.raises(DatasetError, match="expected terms that the model has not learned from"):
        evaluate(classifier, leaky)


def test_dataset_without_the_training_rows_is_refused(
    classifier: AspectClassifier, dataset: LabelledDataset
) -> None:
    other = replace(dataset, parts=dataset.parts | {"train": dataset.parts["train"].iloc[:0]})
    with pytest.raises(DatasetError, match="the dataset that the model was trained on"):
        evaluate(classifier, other)
