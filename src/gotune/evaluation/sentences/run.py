"""A tagger measured on labelled sentences of papers, beside its baselines, with intervals by article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gotune.aspects import ASPECTS, Head
from gotune.datasets.labelled import truth_of
from gotune.evaluation.reliability import reliability
from gotune.evaluation.sentences.resampled import ResampledTagging
from gotune.evaluation.sentences.results import TaggingEvaluation
from gotune.evaluation.sentences.scores import resample_tagging, risk_coverage
from gotune.model.leakage import check_beside, check_unseen_sentences, describe_unseen
from gotune.protocols import Classifier, Track, Trained, untracked

if TYPE_CHECKING:
    import pandas as pd

EVEN = (0.5,) * len(ASPECTS)
"""Thresholds of a model that has none of its own."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """What a model says of sentences.

    Attributes:
        probabilities: Of shape ``(rows, 3)``.
        thresholds: Of the aspects, of shape ``(3,)``, or those of each row, ``(rows, 3)``.
        head: Whether the most probable aspect is the answer, or all from their thresholds up.
    """

    probabilities: NDArray[np.float64]
    thresholds: ArrayLike
    head: Head = Head.MULTI


def evaluate_sentences(
    classifier: Classifier,
    table: pd.DataFrame,
    *,
    beside: Mapping[str, Classifier] | None = None,
    track: Track = untracked,
) -> TaggingEvaluation:
    """Measure a tagger on labelled sentences that it has not learned from, beside other models.

    Args:
        classifier: A fine-tuned model.
        table: A sentence table.
        beside: Other models by name, such as a dictionary.
        track: Shows progress.

    Raises:
        DatasetError: The model, or one beside it, has learned from some of the sentences or of their
            articles; or no aspect has sentences that are judged to have it, and not to have it.
    """
    check_unseen_sentences(classifier, table)
    check_beside(beside or {}, table, (classifier.info.name,))
    texts, articles = table["text"].tolist(), table["article"].tolist()
    probabilities = classifier.predict_proba(texts, articles=articles, track=track)
    predictions = {name: predict_articles(model, texts, articles) for name, model in (beside or {}).items()}
    return assemble(
        describe_unseen("these sentences", classifier, *_trained(beside or {})),
        table,
        {classifier.info.name: predictions_of(classifier, probabilities), **predictions},
        uncalibrated=(
            classifier.uncalibrated(probabilities, texts, articles)
            if isinstance(classifier, Trained)
            else probabilities
        ),
    )


def _trained(beside: Mapping[str, Classifier]) -> list[Classifier]:
    """Return the models beside another that learn, as a dictionary does not."""
    return [model for model in beside.values() if isinstance(model, Trained)]


def assemble(
    split: str,
    table: pd.DataFrame,
    predictions: Mapping[str, Predictions],
    *,
    uncalibrated: NDArray[np.float64],
) -> TaggingEvaluation:
    """Score the predictions of several models, the first of which is the one in question.

    Args:
        split: How the sentences were kept apart from what the models learned, as a sentence for people.
        table: A sentence table.
        predictions: Of each model on all its rows, by name.
        uncalibrated: What the first one's probabilities were before calibration.
    """
    return assemble_resampled(split, table, predictions, uncalibrated=uncalibrated)[0]


def assemble_resampled(
    split: str,
    table: pd.DataFrame,
    predictions: Mapping[str, Predictions],
    *,
    uncalibrated: NDArray[np.float64],
) -> tuple[TaggingEvaluation, list[ResampledTagging]]:
    """Return what `assemble` does, and beside it the figures of each model on all resamples."""
    truth = truth_of(table)
    articles = table["article"].tolist()
    resampled = [
        resample_tagging(
            name,
            truth,
            found.probabilities,
            articles=articles,
            thresholds=found.thresholds,
            head=found.head,
        )
        for name, found in predictions.items()
    ]
    scores = [one.scores() for one in resampled]
    model = next(iter(predictions.values()))
    evaluation = TaggingEvaluation(
        split=split,
        n_sentences=len(table),
        n_articles=len(set(articles) - {""}),
        n_groups=len(set(articles) - {""}) + articles.count(""),
        model=scores[0],
        baselines=tuple(scores[1:]),
        uncalibrated=reliability(truth, uncalibrated),
        calibrated=reliability(truth, model.probabilities),
        risk_coverage=risk_coverage(truth, model.probabilities),
    )
    return evaluation, resampled


def predict_articles(model: Classifier, texts: Sequence[str], articles: Sequence[str]) -> Predictions:
    """Ask any model about the sentences of articles."""
    return predictions_of(model, model.predict_proba(texts, articles=articles))


def predictions_of(model: Classifier, probabilities: NDArray[np.float64]) -> Predictions:
    """Join probabilities with how the model that gave them decides: at one half if it does not say."""
    info = model.info
    return Predictions(probabilities, EVEN if info.thresholds is None else info.thresholds, info.head)
