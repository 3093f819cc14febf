from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.splits import cut_opening, opening
from gotune.errors import DatasetError
from gotune.evaluation.comparison import Contender, compare_on_definitions
from gotune.evaluation.definitions.report import render_evaluation
from gotune.evaluation.definitions.run import evaluate
from gotune.evaluation.stress.run import score_cuts
from gotune.model.classifier import AspectClassifier
from gotune.protocols import Track, untracked
from gotune.records import Witness
from gotune.testing import FakeClassifier


class KnowsNames(FakeClassifier):
    """May not be asked as it is: its names include those of the terms held out."""

    def predict_proba(
        self, texts: Sequence[str], *, articles: Sequence[str] | None = None, track: Track = untracked
    ) -> NDArray[np.float64]:
        raise AssertionError("names were asked")

    def without(self, *witnesses: Witness) -> FakeClassifier:
        assert witnesses == (Witness.NAMES,)
        return FakeClassifier(info=self.info, learned=self.learned)


@pytest.mark.parametrize(
    "measure",
    [
        evaluate,
        score_cuts,
        lambda model, dataset: (
            compare_on_definitions(Contender("a", model), Contender("b", model), dataset).differences
        ),
    ],
)
def test_names_are_not_asked_about_terms_held_out(
    measure: Callable[[KnowsNames, LabelledDataset], object],
    classifier: AspectClassifier,
    dataset: LabelledDataset,
) -> None:
    assert measure(KnowsNames(learned=classifier.learned), dataset)


def test_model_and_baselines_are_scored_on_the_same_rows(
    classifier: AspectClassifier, dataset: LabelledDataset
) -> None:
    found = evaluate(classifier, dataset)
    assert [row.model for row in found.baselines] == ["TF-IDF + linear SVM", "majority"]
    assert found.n_test == len(dataset.parts["test"]) == 10
    assert found.n_train == classifier.learned.n_definitions == len(dataset.parts["train"])
    assert all(np.sum(row.confusion) == found.n_test for row in found.rows)
    predicted = classifier.predict_proba(dataset.parts["test"]["definition"].tolist()).argmax(axis=1)
    assert found.model.accuracy.value == (predicted == dataset.parts["test"]["label"]).mean()
    assert found.absent == dataset.card.absent
    wrong = dataset.parts["test"][predicted != dataset.parts["test"]["label"]]
    assert {hard.go_id for hard in found.hardest} == set(wrong["go_id"])
    assert sum(bin.count for bin in found.reliability.pooled) == 3 * found.n_test
    page = render_evaluation(found)
    assert f"| majority | {found.baselines[1].accuracy.value:.4f} (" in page


@pytest.fixture
def with_harder_parts(dataset: LabelledDataset) -> LabelledDataset:
    """The dataset with harder parts made of rows of its random test part."""
    test = dataset.parts["test"]
    names = ("test_release", "test_opening", "test_lineage")
    harder = {name: test.iloc[start : start + 5] for start, name in enumerate(names)}
    roots = tuple(harder["test_lineage"]["go_id"])
    return replace(
        dataset,
        parts=dataset.parts | harder,
        card=replace(dataset.card, absent={}, lineage_roots=roots),
    )


def test_accuracy_on_every_test_part(
    classifier: AspectClassifier, with_harder_parts: LabelledDataset
) -> None:
    found = evaluate(classifier, with_harder_parts)
    test = with_harder_parts.parts["test"]
    parts = ["test", "test_release", "test_opening", "test_lineage", "test_cut"]
    assert [split.part for split in found.splits] == parts
    assert found.absent == {}
    for split in found.splits[:4]:
        rows = with_harder_parts.parts[split.part]
        predicted = classifier.predict_proba(rows["definition"].tolist()).argmax(axis=1)
        majority = np.bincount(with_harder_parts.parts["train"]["label"]).argmax()
        assert [accuracy.value for accuracy in split.accuracies[::2]] == [
            (predicted == rows["label"]).mean(),
            (rows["label"] == majority).mean(),
        ]
        assert split.n == len(rows)
    assert found.splits[0].accuracies == tuple(row.accuracy for row in found.rows)
    assert (found.splits[0].n_families, found.splits[0].family) == (
        test["definition"].map(opening).nunique(),
        "opening",
    )
    assert (found.splits[3].n_families, found.splits[3].family) == (5, "subtree")
    cut = test.assign(definition=[cut_opening(text, 8) for text in test["definition"]])
    cut = cut[cut["definition"] != ""]
    predicted = classifier.predict_proba(cut["definition"].tolist()).argmax(axis=1)
    assert found.splits[4].n == len(cut)
    assert found.splits[4].accuracies[0].value == (predicted == cut["label"]).mean()


def test_test_size_limits_every_part(
    classifier: AspectClassifier, with_harder_parts: LabelledDataset
) -> None:
    found = evaluate(classifier, with_harder_parts, test_size=8)
    assert [split.n for split in found.splits[:4]] == [8, 5, 5, 5]
    with pytest.raises(DatasetError, match="expected a size from 1 to 10, found 11"):
        evaluate(classifier, with_harder_parts, test_size=11)


def test_short_definitions_leave_nothing_to_cut(
    classifier: AspectClassifier, dataset: LabelledDataset
) -> None:
    test = dataset.parts["test"].assign(definition="A door in a wall.")
    found = evaluate(classifier, replace(dataset, parts=dataset.parts | {"test": test}))
    assert [(split.part, split.family) for split in found.splits] == [("test", "definition")]
    assert found.absent["test_cut"] == "the definitions have 8 words or less"


@pytest.mark.parametrize("part", ["test", "test_opening"])
def test_rows_that_the_model_has_seen_are_refused(
    part: str, classifier: AspectClassifier, dataset: LabelledDataset
) -> None:
    leaky = replace(dataset, parts=dataset.parts | {part: dataset.parts["train"]})
    with pytest.raises(DatasetError, match=f"{part} part: expected terms that the model has not"):
        evaluate(classifier, leaky)


def test_dataset_without_the_training_rows_is_refused(
    classifier: AspectClassifier, dataset: LabelledDataset
) -> None:
    other = replace(dataset, parts=dataset.parts | {"train": dataset.parts["train"].iloc[:0]})
    with pytest.raises(DatasetError, match="the dataset that the model was trained on"):
        evaluate(classifier, other)
