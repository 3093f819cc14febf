from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from gotune.aspects import Head
from gotune.datasets.definitions import LabelledDataset
from gotune.errors import DatasetError
from gotune.evaluation.stress.results import StressReport
from gotune.evaluation.stress.run import run_stress_tests
from gotune.evaluation.stress.texts import load_stress_sentences
from gotune.model.classifier import AspectClassifier
from gotune.records import Learned
from gotune.testing import INFO, FakeClassifier


def keywords(text: str) -> list[float]:
    """See an aspect where its word stands, in lower case only."""
    return [0.9 if word in text else 0.1 for word in ("process", "membrane", "activity")]


def keyword_model(head: Head = Head.MULTI, learned: Learned | None = None) -> FakeClassifier:
    info = replace(INFO, name="keywords", head=head)
    return FakeClassifier(keywords, info=info, learned=learned or Learned())


def stressed(classifier: AspectClassifier, dataset: LabelledDataset, **options: Any) -> StressReport:  # noqa: ANN401
    fake = keyword_model(options.pop("head", Head.MULTI), classifier.learned)
    return run_stress_tests(fake, dataset, **options)


@pytest.fixture
def sentences() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "text": ["A process of Tbx15.", "A membrane.", "An activity of mice.", "We thank BRCA2."],
            "biological_process": [1.0, 0.0, 0.0, 0.4],
            "cellular_component": [0.0, 0.9, 0.0, 0.0],
            "molecular_function": [0.0, 0.0, 0.5, 0.0],
            "article": ["1", "1", "2", ""],
        }
    )


def test_cuts_count_only_definitions_with_words_left(
    classifier: AspectClassifier, dataset: LabelledDataset
) -> None:
    texts = [text.split() for text in dataset.parts["test"]["definition"]]
    truth = dataset.parts["test"]["label"].to_numpy()
    found = stressed(classifier, dataset).cuts
    assert [row.words for row in found] == list(range(len(found)))
    for row in found:
        left = np.array([len(words) > row.words for words in texts])
        assert row.n == left.sum() > 0
        cut = [" ".join(words[row.words :]) for words in texts if len(words) > row.words]
        fake = keyword_model().predict_proba(cut)
        assert row.model == pytest.approx((fake.argmax(axis=1) == truth[left]).mean())
    assert found[0].baseline == found[0].baseline_cut


def test_a_trained_model_goes_through_all_tests(
    classifier: AspectClassifier, dataset: LabelledDataset
) -> None:
    found = run_stress_tests(classifier, dataset, max_definitions=4)
    assert (found.model.head, found.cuts[0].n, found.n_sentences, found.sentences) == (Head.SINGLE, 4, 0, ())
    assert found.n_train == len(dataset.parts["train"])
    # One aspect is chosen for every text, so that none is never the answer.
    assert {row.flagged_any for row in found.none} == {1.0}
    assert all(sum(row.flagged) == pytest.approx(1) for row in found.none)
    json.dumps(found.to_dict())


def test_sentences_are_scored_after_each_perturbation(
    classifier: AspectClassifier, dataset: LabelledDataset, sentences: pd.DataFrame
) -> None:
    found = stressed(classifier, dataset, sentences=sentences)
    assert found.n_sentences == 4
    clean, swapped, _, upper = found.sentences
    assert (clean.perturbation, clean.changed, clean.same) == ("as they are", 0, 1)
    assert (clean.macro_auroc, clean.macro_average_precision) == (1, 1)
    assert (swapped.perturbation, swapped.changed, swapped.same) == ("names swapped", 0.75, 1)
    # Nothing is seen in capitals: every sentence scores the same, and only the last is decided as before.
    assert (upper.perturbation, upper.changed, upper.same) == ("upper case", 1, 0.25)
    truth = np.eye(4, 3, dtype=int)
    flat = np.full((4, 3), 0.1)
    assert upper.macro_auroc == roc_auc_score(truth, flat)
    assert upper.macro_average_precision == average_precision_score(truth, flat)


def test_sentences_are_scored_for_what_is_judged(
    classifier: AspectClassifier, dataset: LabelledDataset, sentences: pd.DataFrame
) -> None:
    # In capitals all score the same, so the precision is the share of sentences with the aspect.
    partly = sentences.assign(
        biological_process=[1.0, np.nan, 0.0, 0.4], molecular_function=[np.nan, 0.0, np.nan, 0.0]
    )
    found = stressed(classifier, dataset, sentences=partly)
    assert found.judged == (3, 4, 2)
    upper = found.sentences[-1]
    assert (upper.macro_auroc, upper.macro_average_precision) == (0.5, (1 / 3 + 1 / 4) / 2)
    assert stressed(classifier, dataset).judged == ()


def test_pairs_are_compared_by_decision_and_probability(
    classifier: AspectClassifier, dataset: LabelledDataset
) -> None:
    voice, negation = stressed(classifier, dataset).pairs
    assert (voice.kind, voice.n, negation.kind, negation.n) == ("voice", 32, "negation", 32)
    # The words of a passive are those of its active, "is the ... activity" included.
    assert (voice.same, voice.change) == (1, 0)
    assert voice.recall[0] == voice.recall[1]
    assert (negation.same, negation.change) == (1, 0)


def test_pairs_that_are_told_apart_are_seen(classifier: AspectClassifier, dataset: LabelledDataset) -> None:
    variants = {sentence.variant for sentence in load_stress_sentences()} - {""}
    fake = FakeClassifier(
        lambda text: [0.1 if text in variants else 0.9] * 3,
        info=replace(INFO, head=Head.MULTI),
        learned=classifier.learned,
    )
    for found in run_stress_tests(fake, dataset, max_definitions=3).pairs:
        assert (found.same, found.recall) == (0, (1, 0))
        assert found.change == pytest.approx(0.8)


def test_texts_without_an_aspect_are_counted_where_flagged(
    classifier: AspectClassifier, dataset: LabelledDataset
) -> None:
    name = dataset.terms["name"].iloc[0]
    others = {
        "Other ontology": [
            f"A mention of {name}.",
            "A slow process.",
            "A process with activity.",
            "A pebble.",
        ],
        "All left out": [f"The {name}."],
    }
    found = stressed(classifier, dataset, others=others).none
    assert [row.source for row in found] == [
        "methods", "statistics", "acknowledgements", "headings", "Other ontology",
    ]  # fmt: skip
    other = found[-1]
    assert (other.n, other.n_left_out) == (3, 1)
    assert other.flagged == pytest.approx((2 / 3, 0, 1 / 3))
    assert other.flagged_any == pytest.approx(2 / 3)


def test_sizes_are_bounded(
    classifier: AspectClassifier, dataset: LabelledDataset, sentences: pd.DataFrame
) -> None:
    others = {"Other": [f"A pebble of kind {number}." for number in range(9)]}
    many = pd.concat([sentences] * 20, ignore_index=True)
    found = stressed(classifier, dataset, sentences=many, others=others, max_definitions=3, max_sentences=40)
    assert (found.cuts[0].n, found.n_sentences, found.none[-1].n) == (3, 40, 3)


def test_a_model_with_one_aspect_for_every_text_decides_for_the_most_probable(
    classifier: AspectClassifier, dataset: LabelledDataset
) -> None:
    found = stressed(classifier, dataset, head=Head.SINGLE, others={"Other": ["A pebble.", "An activity."]})
    assert found.none[-1].flagged == (0.5, 0, 0.5)


def test_what_the_model_has_seen_is_refused(
    classifier: AspectClassifier, dataset: LabelledDataset, sentences: pd.DataFrame
) -> None:
    leaky = replace(dataset, parts=dataset.parts | {"test": dataset.parts["train"]})
    with pytest.raises(DatasetError, match="expected terms that the model has not learned from"):
        run_stress_tests(classifier, leaky)
    other = replace(dataset, parts=dataset.parts | {"train": dataset.parts["train"].iloc[:0]})
    with pytest.raises(DatasetError, match="found 0 such definitions"):
        run_stress_tests(classifier, other)
    seen = keyword_model(learned=replace(classifier.learned, articles=frozenset({"2"})))
    with pytest.raises(DatasetError, match="sentences of 1 article"):
        run_stress_tests(cast("AspectClassifier", seen), dataset, sentences=sentences)
    with pytest.raises(DatasetError, match="found 1 without such an aspect"):
        stressed(classifier, dataset, sentences=sentences.iloc[:1])
