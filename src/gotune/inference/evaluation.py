"""A model measured on a test part, beside its baselines, with intervals."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Aspect
from gotune.data.dataset import LabelledDataset, first_rows
from gotune.errors import DatasetError, InputError
from gotune.inference.bootstrap import Counts, confusions, draw_resamples, estimate, roc_aucs
from gotune.inference.classifier import AspectClassifier
from gotune.protocols import Track, untracked
from gotune.results import AspectScores, Evaluation, ModelScores
from gotune.training.baselines import MAJORITY, TFIDF, majority_scores, tfidf_scores

if TYPE_CHECKING:
    import pandas as pd

_BOOTSTRAP_SEED = 0


def evaluate(
    classifier: AspectClassifier,
    dataset: LabelledDataset,
    *,
    test_size: int | None = None,
    track: Track = untracked,
) -> Evaluation:
    """Measure a classifier on the test part of a dataset, and baselines that learned from the same rows.

    Args:
        classifier: A fine-tuned model.
        dataset: Usually the one it was trained on.
        test_size: Score only that many rows, the first of the test part (they are in random order).
        track: Shows progress.

    Raises:
        DatasetError: The model learned from rows of the test part, or the dataset lacks the rows that it
            learned from, so that the baselines cannot learn from the same.
    """
    test = first_rows(dataset.parts["test"], test_size, "test part")
    known = set(classifier.training_ids)
    _check_unseen(test, known)
    train = _training_rows(dataset, known, classifier.manifest.n_train)
    truth = test["label"].to_numpy(dtype=np.int64)
    texts = test["definition"].tolist()
    train_texts, labels = train["definition"].tolist(), train["label"].tolist()
    scorer = _Scorer(truth)
    start = time.perf_counter()
    probabilities, truncated = classifier.predict_and_count(texts, track=track)
    seconds = time.perf_counter() - start
    models: list[tuple[str, Callable[[], NDArray[np.float64]]]] = [
        (classifier.manifest.config.encoder, lambda: probabilities),
        (TFIDF, lambda: tfidf_scores(train_texts, labels, texts)),
        (MAJORITY, lambda: majority_scores(labels, len(texts))),
    ]
    model, *baselines = (
        scorer.score(name, predict())
        for name, predict in track(models, description="baselines and intervals", total=len(models))
    )
    return Evaluation(
        release=dataset.card.release,
        part="test",
        n_test=len(test),
        n_train=len(train),
        truncated=truncated,
        model=model,
        baselines=tuple(baselines),
        seconds=seconds,
    )


def score_model(model: str, truth: NDArray[np.int64], scores: NDArray[np.float64]) -> ModelScores:
    """Compute all figures of one model.

    Args:
        model: Name for tables.
        truth: Labels, of shape ``(rows,)``.
        scores: One score an aspect, the higher the more probable, of shape ``(rows, 3)``.

    Raises:
        DatasetError: An aspect has no row, so that its figures do not exist.
        InputError: A score is not finite.
    """
    return _Scorer(truth).score(model, scores)


class _Scorer:
    """Scores several models on the same rows with the same resamples, so that they can be compared."""

    def __init__(self, truth: NDArray[np.int64]) -> None:
        missing = [aspect.value for aspect in ASPECTS if not (truth == aspect.label).any()]
        if missing:
            raise DatasetError(
                "test part",
                expected="rows of all three aspects",
                found="none of " + ", ".join(missing),
                do="Take more rows.",
            )
        self.truth = truth
        # The first row is the test part itself, so that one pass gives the figures and their replicates.
        drawn = draw_resamples(len(truth), _BOOTSTRAP_SEED)
        self.counts = np.vstack([np.ones((1, len(truth))), drawn])

    def score(self, model: str, scores: NDArray[np.float64]) -> ModelScores:
        if not np.isfinite(scores).all():
            raise InputError(
                model, expected="a finite score for every text and aspect", found="nan", do="Train it anew."
            )
        predicted = scores.argmax(axis=1)
        tables = confusions(self.truth, predicted, len(ASPECTS), self.counts)
        confusion, resampled = tables[0], tables[1:]
        areas = np.stack([self._areas(aspect, scores) for aspect in ASPECTS])
        aspects = tuple(_score_aspect(aspect, confusion[None], resampled, areas) for aspect in ASPECTS)
        return ModelScores(
            model=model,
            accuracy=estimate(_accuracy(confusion[None])[0], _accuracy(resampled)),
            macro_f1=estimate(_f1(confusion[None]).mean(), _f1(resampled).mean(axis=1)),
            macro_roc_auc=estimate(areas[:, 0].mean(), areas[:, 1:].mean(axis=0)),
            aspects=aspects,
            confusion=tuple(tuple(int(cell) for cell in row) for row in confusion),
        )

    def _areas(self, aspect: Aspect, scores: NDArray[np.float64]) -> Counts:
        return roc_aucs(self.truth == aspect.label, scores[:, aspect.label], self.counts)


def _score_aspect(aspect: Aspect, table: Counts, resampled: Counts, areas: Counts) -> AspectScores:
    label = aspect.label
    return AspectScores(
        aspect=aspect,
        precision=estimate(_precision(table)[0, label], _precision(resampled)[:, label]),
        recall=estimate(_recall(table)[0, label], _recall(resampled)[:, label]),
        f1=estimate(_f1(table)[0, label], _f1(resampled)[:, label]),
        roc_auc=estimate(areas[label, 0], areas[label, 1:]),
        support=int(table[0, label].sum()),
    )


def _accuracy(tables: Counts) -> Counts:
    """Return the accuracy of each confusion table, of shape ``(tables,)``."""
    shares: Counts = np.trace(tables, axis1=1, axis2=2) / tables.sum(axis=(1, 2))
    return shares


def _recall(tables: Counts) -> Counts:
    """Return the recall of each class, of shape ``(tables, classes)``; 0 where nothing is true."""
    return _ratio(_hits(tables), tables.sum(axis=2))


def _precision(tables: Counts) -> Counts:
    """Return the precision of each class, of shape ``(tables, classes)``; 0 where nothing is predicted."""
    return _ratio(_hits(tables), tables.sum(axis=1))


def _f1(tables: Counts) -> Counts:
    """Return the F1 of each class, of shape ``(tables, classes)``."""
    return _ratio(2 * _hits(tables), tables.sum(axis=1) + tables.sum(axis=2))


def _hits(tables: Counts) -> Counts:
    return np.diagonal(tables, axis1=1, axis2=2)


def _ratio(part: Counts, whole: Counts) -> Counts:
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)


def _check_unseen(test: pd.DataFrame, known: set[str]) -> None:
    seen: Sequence[str] = [go_id for go_id in test["go_id"] if go_id in known]
    if seen:
        raise DatasetError(
            "test part",
            expected="terms that the model has not learned from",
            found=f"{len(seen):,} of {len(test):,} that it has, such as {seen[0]}",
            do="Evaluate on the dataset that the model was trained on.",
        )


def _training_rows(dataset: LabelledDataset, known: set[str], n_train: int) -> pd.DataFrame:
    """Return the rows of the training part that the model learned from."""
    train = dataset.parts["train"]
    rows = train[train["go_id"].isin(known)]
    if len(rows) != n_train:
        raise DatasetError(
            "training part",
            expected=f"the {n_train:,} rows that the model learned from, for the baselines to learn from too",
            found=f"{len(rows):,} such rows",
            do="Evaluate on the dataset that the model was trained on.",
        )
    return rows
