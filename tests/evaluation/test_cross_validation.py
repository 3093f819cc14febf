from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score

from gotune.aspects import Head
from gotune.config import TrainConfig
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import LabelledSource, article_folds
from gotune.errors import DatasetError
from gotune.evaluation import cross_validation
from gotune.evaluation.cross_validation import cross_validate
from gotune.model.classifier import AspectClassifier
from gotune.records import Learned
from gotune.testing import INFO, FakeClassifier
from gotune.training.recipes import Material, Recipe

LABELS = ["biological_process", "cellular_component", "molecular_function"]
THRESHOLDS = {"fold-1": (0.2, 0.3, 0.4), "fold-2": (0.8, 0.7, 0.6)}


def at_random(text: str) -> list[float]:
    """Say the same of a text whatever the fold."""
    found: list[float] = np.random.default_rng(len(text) + ord(text[-2])).random(3).tolist()
    return found


def fold_model(
    thresholds: tuple[float, ...] = (0.5, 0.5, 0.5), articles: Sequence[str] = (), head: Head = Head.MULTI
) -> FakeClassifier:
    """A model that answers as those of other folds do, but has thresholds of its own."""
    info = replace(INFO, thresholds=None if head is Head.SINGLE else thresholds, head=head)
    return FakeClassifier(at_random, info=info, learned=Learned(articles=frozenset(articles)))


class Trainings(list[list[LabelledSource]]):
    """The sources of each run, in place of `fit`."""

    def __call__(self, material: Material, *args: object, **options: object) -> None:
        self.append(list(material.sources))


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> Trainings:
    runs = Trainings()
    monkeypatch.setattr(cross_validation, "fit", runs)
    monkeypatch.setattr(
        AspectClassifier, "load", lambda bundle, **options: fold_model(THRESHOLDS[Path(bundle).name])
    )
    return runs


def validate(dataset: LabelledDataset, *sources: LabelledSource, **options: Any) -> Any:  # noqa: ANN401
    return cross_validate(
        Recipe(TrainConfig(head=Head.MULTI), dataset, sources), "models", n_folds=2, offline=True, **options
    )


def test_each_fold_is_decided_with_its_own_thresholds(
    dataset: LabelledDataset, sentences: LabelledSource, trainings: Trainings
) -> None:
    found = validate(dataset, sentences)
    table = sentences.table
    folds = article_folds(table, 2)
    levels = np.array([THRESHOLDS[f"fold-{fold + 1}"] for fold in folds])
    p = fold_model().predict_proba(table["text"].tolist())
    truth = table[LABELS].to_numpy() >= 0.5
    assert found.model.macro_f1.value == pytest.approx(f1_score(truth, p >= levels, average="macro"))
    assert found.model.macro_f1.value != pytest.approx(f1_score(truth, p >= 0.5, average="macro"))
    assert [row.threshold for row in found.model.aspects] == pytest.approx(levels.mean(axis=0))
    assert found.n_articles == 6


def test_other_sources_lose_what_is_left_out(
    dataset: LabelledDataset, sentences: LabelledSource, trainings: Trainings
) -> None:
    table = sentences.table
    folds = article_folds(table, 2)
    renamed = table.assign(article="", text=table["text"].str.upper())
    again = replace(sentences, table=table)
    validate(
        dataset,
        sentences,
        again,
        replace(sentences, table=renamed),
        replace(sentences, table=table[folds == 0]),
        replace(sentences, table=table[:5], made_up=True),
    )
    for fold, sources in enumerate(trainings):
        learned, cut = sources[0].table, sources[1].table
        left_out = set(table["article"][folds == fold])
        assert set(learned["article"]) == set(cut["article"]) == set(table["article"]) - left_out
        long = {
            text.upper()
            for text in table["text"][folds == fold]
            if len(text.split()) >= 8 and text not in set(learned["text"])
        }
        assert long
        assert not long & set(sources[2].table["text"])
        assert sources[-1].made_up
        assert len(sources[-1].table) == 5
    # The source of which nothing remains is gone.
    assert [len(sources) for sources in trainings] == [4, 5]


def test_a_model_made_with_other_folds_is_refused(
    dataset: LabelledDataset, sentences: LabelledSource, trainings: Trainings, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = fold_model((0.5, 0.5, 0.5), sentences.table["article"].tolist())
    monkeypatch.setattr(AspectClassifier, "load", lambda bundle, **options: everything)
    with pytest.raises(DatasetError, match=r"fold-1: .* has learned from 3 of them.* Name another folder"):
        validate(dataset, sentences)


def test_what_cannot_be_measured_is_refused_before_training(
    dataset: LabelledDataset, sentences: LabelledSource, trainings: Trainings
) -> None:
    with pytest.raises(DatasetError, match="expected labelled sentences to cut into folds, found none"):
        validate(dataset)
    beside = {"other/": fold_model((0.5, 0.5, 0.5), ["article 5"])}
    with pytest.raises(DatasetError, match=r"other/: .* found sentences of 1 articles that it has"):
        validate(dataset, sentences, beside=beside)
    assert trainings == []


def test_a_model_beside_decides_as_its_head_does(
    dataset: LabelledDataset, sentences: LabelledSource, trainings: Trainings
) -> None:
    beside = {"single/": fold_model((0.99, 0.99, 0.99), head=Head.SINGLE)}
    found = validate(dataset, sentences, beside=beside).baselines[-1]
    chosen = np.eye(3)[fold_model().predict_proba(sentences.table["text"].tolist()).argmax(axis=1)]
    truth = sentences.table[LABELS].to_numpy() >= 0.5
    assert found.model == "single/"
    assert found.macro_f1.value == pytest.approx(f1_score(truth, chosen, average="macro"))
