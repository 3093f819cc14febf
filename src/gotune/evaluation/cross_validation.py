"""A recipe measured on articles that it has not seen: trained anew for every fold, beside its baselines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gotune.aspects import ASPECTS
from gotune.config import TrainConfig
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import LabelledSource, article_folds
from gotune.datasets.sources import HELD_OUT, hold_out, without
from gotune.errors import DatasetError
from gotune.evaluation.baselines import PREVALENCE, TFIDF_TAGGER, prevalence_scores, tfidf_tags
from gotune.evaluation.sentences.results import TaggingEvaluation
from gotune.evaluation.sentences.run import (
    EVEN,
    Predictions,
    assemble,
    predict_articles,
    predictions_of,
)
from gotune.model.classifier import AspectClassifier
from gotune.model.decisions import choose_thresholds
from gotune.model.leakage import check_beside
from gotune.protocols import Classifier, Trained
from gotune.training.run import train

if TYPE_CHECKING:
    import pandas as pd

_MODEL, _RAW = "model", "model, not calibrated"
_LABELS = [aspect.value for aspect in ASPECTS]


def cross_validate(
    dataset: LabelledDataset,
    sources: Sequence[LabelledSource],
    folder: Path | str,
    config: TrainConfig,
    *,
    n_folds: int = 5,
    beside: Mapping[str, Classifier] | None = None,
    **options: Any,  # noqa: ANN401 (those of `train`)
) -> TaggingEvaluation:
    """Train a recipe once for every fold of articles, and measure each model on the fold left out.

    Calibration and thresholds come from articles set apart inside the training folds. Each fold is decided
    with its own thresholds; those of the table are their means over the sentences. The baselines that learn
    do so from the same sentences.

    Args:
        dataset: Definitions to learn from beside the sentences.
        sources: The first one is cut into folds and measured on; the others are only learned from, but for
            the articles and sentences of the fold left out.
        folder: Where the models go, ``fold-1`` and so on. Those that are there already are not trained again.
        config: The recipe.
        n_folds: Whole articles each, of about the same number of sentences.
        beside: Further models for the table, by name, which must not have learned from the sentences.
        options: ``lexicon``, ``offline``, ``track`` and ``on_epoch`` of `train`.

    Raises:
        DatasetError: There is no source, a sentence has no article, or there are fewer articles than folds;
            a further model has learned from the sentences; or a model in the folder was made from other
            articles.
        ConfigError, SaveError, EncoderError, DownloadError: As for `train`.
    """
    if not sources:
        raise DatasetError(
            "cross-validation",
            expected="labelled sentences to cut into folds",
            found="none",
            do="Give a file of them.",
        )
    measured, others = sources[0], sources[1:]
    table = measured.table
    folds = article_folds(table, n_folds)
    check_beside(beside or {}, table, (_MODEL, _RAW, PREVALENCE, TFIDF_TAGGER))
    found: dict[str, list[Predictions]] = {}
    for fold in range(n_folds):
        left_out = table[folds == fold]
        learned = replace(measured, table=table[folds != fold].reset_index(drop=True))
        bundle = Path(folder) / f"fold-{fold + 1}"
        train(dataset, bundle, config, sources=[learned, *_apart(others, left_out)], resume=True, **options)
        classifier = _load(bundle, config, left_out)
        for name, predictions in _predict_fold(
            classifier, learned.table, left_out, beside or {}, config.seed
        ):
            found.setdefault(name, []).append(predictions)
    order = np.argsort(folds, kind="stable")
    joined = {name: _join(parts, order) for name, parts in found.items()}
    return assemble(
        f"{n_folds} folds of whole articles, each measured by a model that learned from the others.",
        table,
        {name: predictions for name, predictions in joined.items() if name != _RAW},
        uncalibrated=joined[_RAW].probabilities,
    )


def _apart(others: Sequence[LabelledSource], left_out: pd.DataFrame) -> list[LabelledSource]:
    """Take the sentences left out, and others of their articles, out of what else is learned from."""
    cut = [
        other if other.made_up else replace(other, table=without(other.table, left_out)) for other in others
    ]
    return [source for source in cut if len(source.table)]


def _load(bundle: Path, config: TrainConfig, left_out: pd.DataFrame) -> AspectClassifier:
    classifier = AspectClassifier.load(bundle, device=config.device, precision=config.precision)
    if seen := sorted(classifier.learned.articles & set(left_out["article"])):
        raise DatasetError(
            str(bundle),
            expected="a model that has not learned from the articles left out",
            found=f"one that has learned from {len(seen):,} of them, such as {seen[0]}",
            do="It was made with other folds or files. Name another folder.",
        )
    return classifier


def _predict_fold(
    classifier: Trained,
    learned: pd.DataFrame,
    left_out: pd.DataFrame,
    beside: Mapping[str, Classifier],
    seed: int,
) -> Iterator[tuple[str, Predictions]]:
    texts, articles = left_out["text"].tolist(), left_out["article"].tolist()
    probabilities = classifier.predict_proba(texts, articles=articles)
    yield _MODEL, predictions_of(classifier, probabilities)
    yield _RAW, Predictions(classifier.uncalibrated(probabilities, texts, articles), EVEN)
    yield PREVALENCE, Predictions(prevalence_scores(learned[_LABELS].to_numpy() >= 0.5, len(texts)), EVEN)
    # The baseline gets its thresholds as the model does, from articles that it has not learned from.
    rest, apart = hold_out(learned, HELD_OUT, seed)
    values = tfidf_tags(rest["text"], rest[_LABELS].to_numpy() >= 0.5, [*apart["text"], *texts])
    chosen = choose_thresholds(apart[_LABELS].to_numpy() >= 0.5, values[: len(apart)])
    yield TFIDF_TAGGER, Predictions(values[len(apart) :], chosen)
    for name, other in beside.items():
        yield name, predict_articles(other, texts, articles)


def _join(parts: Sequence[Predictions], order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Predictions:
    """Put the folds' rows back in the order of the table, each with the thresholds of its fold."""
    probabilities, thresholds = np.zeros((2, len(order), len(ASPECTS)))
    probabilities[order] = np.concatenate([part.probabilities for part in parts])
    thresholds[order] = np.concatenate(
        [np.broadcast_to(part.thresholds, part.probabilities.shape) for part in parts]
    )
    return Predictions(probabilities, thresholds, parts[0].head)
