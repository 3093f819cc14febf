"""A recipe measured on articles that it has not seen: trained anew for every fold, beside its baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.config import TrainConfig
from gotune.datasets.labelled import LabelledSource, article_folds, truth_of
from gotune.datasets.sources import HELD_OUT, hold_out, without
from gotune.errors import DatasetError
from gotune.evaluation.baselines import (
    DICTIONARY,
    PREVALENCE,
    TFIDF_TAGGER,
    DictionaryTagger,
    TfidfTagger,
    prevalence_scores,
)
from gotune.evaluation.sentences.resampled import ResampledTagging
from gotune.evaluation.sentences.results import TaggingEvaluation
from gotune.evaluation.sentences.run import (
    EVEN,
    Predictions,
    assemble_resampled,
    predict_articles,
    predictions_of,
)
from gotune.model.classifier import AspectClassifier
from gotune.model.decisions import choose_thresholds
from gotune.model.leakage import check_beside
from gotune.protocols import Classifier, Track, Trained, untracked
from gotune.training.examples import least_weight
from gotune.training.recipes import Material, Recipe, gather, read_sentences
from gotune.training.run import fit

if TYPE_CHECKING:
    import pandas as pd

    from gotune.training.recipes import OnSource

_MODEL, _RAW = "model", "model, not calibrated"
OWN_ROWS = (_MODEL, _RAW, PREVALENCE, TFIDF_TAGGER)
"""Rows of the table that are there whatever stands beside them."""


def cross_validate(
    recipe: Recipe,
    folder: Path | str,
    *,
    n_folds: int = 5,
    beside: Mapping[str, Classifier] | None = None,
    offline: bool = False,
    track: Track = untracked,
    on_source: OnSource = lambda source: None,
) -> TaggingEvaluation:
    """Train a recipe once for every fold of articles, and measure each model on the fold left out.

    Calibration and thresholds come from articles set apart inside the training folds. Each fold is decided
    with its own thresholds; those of the table are their means over the sentences. The baselines that learn
    do so from the same sentences, but for those of sources of little weight. What all folds were given is
    ranked together. Where the recipe has a lexicon, plain matching of its names stands beside them.

    Args:
        recipe: The first of its sources of sentences is cut into folds and measured on; the others are only
            learned from, but for the articles and sentences of the fold left out.
        folder: Where the models go, ``fold-1`` and so on. Those that are there already are not trained again.
        n_folds: Whole articles each, of about the same number of sentences.
        beside: Further models for the table, by name, which must not have learned from the sentences.
        offline: Fetch nothing.
        track: Shows progress.
        on_source: Called with each file of sentences when it is read.

    Raises:
        DatasetError: There is no source, a sentence has no article, or there are fewer articles than folds;
            a further model has learned from the sentences; or a model in the folder was made from other
            articles.
        TableError, ConfigError, SaveError, EncoderError, DownloadError: As for `train`.
    """
    # What cannot be measured is told before the dataset and the names are made.
    sources = sources_of(recipe, "labelled sentences to cut into folds", track, on_source)
    table = sources[0].table
    folds = article_folds(table, n_folds)
    check_beside(beside or {}, table, OWN_ROWS)
    material = gather(replace(recipe, sentences=sources), offline=offline, track=track)
    others = {**dictionary_of(material), **(beside or {})}
    # What cannot be learned from is told before the first model is trained.
    taught_by = [_without_fold(material, folds == fold) for fold in range(n_folds)]
    found: dict[str, list[Predictions]] = {}
    for fold, learned in enumerate(taught_by):
        left_out = table[folds == fold]
        bundle = Path(folder) / f"fold-{fold + 1}"
        fit(learned, recipe.config, bundle, resume=True, offline=offline, track=track)
        classifier = load_fold(bundle, recipe.config, left_out)
        taught = sentences_of(learned)
        predicted = predict_fold(classifier, taught, left_out, others, recipe.config.seed)
        for name, predictions in predicted.items():
            found.setdefault(name, []).append(predictions)
    order = np.argsort(folds, kind="stable")
    joined = {name: _join(parts, order) for name, parts in found.items()}
    split = (
        f"{n_folds} folds of whole articles, each measured by a model that learned from the others; their "
        "scores are ranked together."
    )
    evaluation, _ = assembled(split, table, joined)
    return evaluation


def sources_of(recipe: Recipe, wanted: str, track: Track, on_source: OnSource) -> tuple[LabelledSource, ...]:
    """Return the sources of sentences of a recipe, read.

    Raises:
        DatasetError: There are none.
        TableError: A file cannot be read.
    """
    if not recipe.sentences:
        raise DatasetError(
            "cross-validation",
            expected=wanted,
            found="none",
            do="Give a file of them.",
        )
    recipe.check_files()
    return tuple(read_sentences(recipe, track=track, on_source=on_source))


def assembled(
    split: str, table: pd.DataFrame, found: Mapping[str, Predictions]
) -> tuple[TaggingEvaluation, list[ResampledTagging]]:
    """Score what `predict_fold` returned, or several of it joined, as `assemble_resampled` does.

    Args:
        split: How the sentences were kept apart, as a sentence for people.
        table: The sentences left out.
        found: What each model says of them.
    """
    rows = {name: predictions for name, predictions in found.items() if name != _RAW}
    return assemble_resampled(split, table, rows, uncalibrated=found[_RAW].probabilities)


def dictionary_of(material: Material) -> dict[str, Classifier]:
    """Return the baseline that needs no sentences, where there are names."""
    if material.lexicon is None:
        return {}
    return {DICTIONARY: DictionaryTagger(material.lexicon.dictionary, material.dataset.card.release)}


def _without_fold(material: Material, is_left_out: NDArray[np.bool_]) -> Material:
    """Take rows of the first source, and all that betrays them, out of what is learned from.

    Raises:
        DatasetError: Not two articles are left of the source, of which one can be set apart.
    """
    measured, *others = material.sources
    left_out = measured.table[is_left_out]
    learned = replace(measured, table=without(measured.table[~is_left_out], left_out))
    if (n_articles := learned.table["article"].nunique()) < 2:
        raise DatasetError(
            measured.card.name,
            expected="sentences of at least two articles beside each fold, that it does not have",
            found=f"{n_articles}",
            do="Give more articles, or more folds; articles that say the same are one.",
        )
    return replace(material, sources=(learned, *apart_from(left_out, others)))


def sentences_of(material: Material) -> pd.DataFrame:
    """Return the labelled sentences that baselines learn from, which know no weights.

    They are those of the sources that calibrate a model.
    """
    import pandas as pd

    labelled = [source for source in material.sources if not source.made_up]
    least = least_weight(source.weight for source in labelled)
    return pd.concat([source.table for source in labelled if source.weight >= least], ignore_index=True)


def apart_from(left_out: pd.DataFrame, others: Sequence[LabelledSource]) -> list[LabelledSource]:
    """Take the sentences left out, and others of their articles, out of what else is learned from."""
    cut = [
        other if other.made_up else replace(other, table=without(other.table, left_out)) for other in others
    ]
    return [source for source in cut if len(source.table)]


def load_fold(bundle: Path, config: TrainConfig, left_out: pd.DataFrame) -> AspectClassifier:
    """Load the model of a fold.

    Raises:
        DatasetError: It was made with other folds, and has learned from the articles left out.
    """
    classifier = AspectClassifier.load(bundle, device=config.device, precision=config.precision)
    if seen := sorted(classifier.learned.articles & set(left_out["article"])):
        raise DatasetError(
            str(bundle),
            expected="a model that has not learned from the articles left out",
            found=f"one that has learned from {len(seen):,} of them, such as {seen[0]}",
            do="It was made with other folds or files. Name another folder.",
        )
    return classifier


def predict_fold(
    classifier: Trained,
    learned: pd.DataFrame,
    left_out: pd.DataFrame,
    beside: Mapping[str, Classifier],
    seed: int,
) -> dict[str, Predictions]:
    """Ask the model of a fold, and all that stands beside it, about the sentences left out.

    Args:
        classifier: The model.
        learned: The labelled sentences that it learned from, for the baselines that learn.
        left_out: Those that it did not.
        beside: Other models by name.
        seed: Governs which articles choose the thresholds of the baseline.
    """
    texts, articles = left_out["text"].tolist(), left_out["article"].tolist()
    probabilities = classifier.predict_proba(texts, articles=articles)
    found = {
        _MODEL: predictions_of(classifier, probabilities),
        _RAW: Predictions(classifier.uncalibrated(probabilities, texts, articles), EVEN),
        PREVALENCE: Predictions(prevalence_scores(truth_of(learned), len(texts)), EVEN),
    }
    # The baseline gets its thresholds as the model does, from articles that it has not learned from.
    rest, apart = hold_out(learned, HELD_OUT, seed)
    rest = without(rest, apart)
    values = TfidfTagger(rest["text"], truth_of(rest)).predict_proba([*apart["text"], *texts])
    chosen = choose_thresholds(truth_of(apart), values[: len(apart)])
    found[TFIDF_TAGGER] = Predictions(values[len(apart) :], chosen)
    return found | {name: predict_articles(other, texts, articles) for name, other in beside.items()}


def _join(parts: Sequence[Predictions], order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Predictions:
    """Put the folds' rows back in the order of the table, each with the thresholds of its fold."""
    probabilities, thresholds = np.zeros((2, len(order), len(ASPECTS)))
    probabilities[order] = np.concatenate([part.probabilities for part in parts])
    thresholds[order] = np.concatenate(
        [np.broadcast_to(part.thresholds, part.probabilities.shape) for part in parts]
    )
    return Predictions(probabilities, thresholds, parts[0].head)
