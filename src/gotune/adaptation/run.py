"""A model adapted to some labelled sentences of its user, in seconds and without training its encoder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.adaptation.fitting import LEAST_EACH, Change, Lesson
from gotune.adaptation.gains import choose_anew, measure, uses_anew
from gotune.aspects import ASPECTS
from gotune.corpus.reading import text_keys
from gotune.datasets.labelled import LabelledSource, read_source, truth_of
from gotune.errors import DatasetError, InputError
from gotune.model.adapted import Adaptation
from gotune.model.bundle import Bundle, load_bundle, save_bundle
from gotune.model.calibration import UNCHANGED, Calibration, fold_calibration, log_odds
from gotune.model.classifier import AspectClassifier, TransformerClassifier
from gotune.model.leakage import check_unseen_sentences
from gotune.model.learned import Remembered
from gotune.model.light_bundle import (
    ENCODER_FILES,
    LightBundle,
    check_target,
    load_light,
    read_manifest,
    save_light,
)
from gotune.model.loading import load_model
from gotune.model.shipped import locate_model
from gotune.model.spec import TRANSFORMER, ModelSpec, WordSpec
from gotune.model.word_classifier import WordClassifier
from gotune.protocols import Track, doing, untracked
from gotune.records import Learned
from gotune.training.words import feature_matrix, numbers_of

if TYPE_CHECKING:
    import pandas as pd

LEAST_SENTENCES = 50
"""Fewer say too little of the people who labelled them."""

Floats = NDArray[np.float64]


def adapt(
    model: Path | str,
    sentences: LabelledSource | Path | str,
    folder: Path | str,
    *,
    device: str = "auto",
    track: Track = untracked,
) -> Adaptation:
    """Adapt a model to labelled sentences, and save it as another.

    People differ in what they call an aspect. The log-odds of the model get a slope and an intercept, and its
    words learn what the sentences say beyond that, all of it drawn towards the model as it was; new
    thresholds follow. The encoder is asked, and not trained.

    Args:
        model: A model with words: one that comes with gotune, by name, or the folder of one that the papers
            preset made. It stays as it is.
        sentences: From 50 labelled sentences on, best of several articles; a file as for `read_source`.
        folder: The folder to write.
        device: Where the encoder computes.
        track: Shows progress.

    Returns:
        What was done, with figures before and after, cross-validated on the sentences.

    Raises:
        BundleError: The model cannot be loaded.
        InputError: It has no words, or the folder is its own.
        DatasetError: The sentences are too few, of one article, tell too little of every aspect, or are
            among those that the model has learned from.
        TableError: The file cannot be read.
        SaveError: The folder holds something else, or cannot be written.
    """
    model, folder = locate_model(model), Path(folder)
    check_target(model, folder)
    source = sentences if isinstance(sentences, LabelledSource) else read_source(sentences)
    with doing(track, "loading the model"):
        bundle, whole = _load(model, device)
    _check(whole, source)
    table, truth = source.table, truth_of(source.table)
    texts, articles = table["text"].tolist(), table["article"].tolist()
    alone = WordClassifier(whole.name, whole.spec, whole.evidence, whole.remembered)
    thresholds = whole.info.thresholds or whole.spec.thresholds
    by_all, by_words = (
        log_odds(one.predict_proba(texts, articles=articles, track=track)) for one in (whole, alone)
    )
    lesson = Lesson(feature_matrix(whole.evidence.read(texts, articles)), truth, numbers_of(articles))
    _check_lesson(lesson, source.card.name)
    with doing(track, "adapting"):
        gains = measure(by_all, lesson, thresholds)
        change = lesson.fit(by_all)
        adapted = _adapted(bundle, change, by_all, by_words, lesson)
    adaptation = Adaptation(
        source=source.card,
        adapted=tuple(aspect for aspect in ASPECTS if lesson.adapted[aspect.label]),
        left=tuple(aspect for aspect in ASPECTS if not lesson.adapted[aspect.label]),
        gains=gains,
        unit="article" if all(articles) else "sentence",
    )
    export = bundle.manifest.export
    made = replace(
        adapted.manifest,
        adaptations=(*adapted.manifest.adaptations, adaptation),
        export=None if export is None else replace(export, agreements=()),  # which were of the model before
    )
    learned = Remembered.of(_with(bundle.learned, table))
    _save(replace(adapted, manifest=made, remembered=learned), model, folder)
    return adaptation


def _load(model: Path, device: str) -> tuple[LightBundle, AspectClassifier | WordClassifier]:
    """Load a bundle with what it needs to be saved again, and the model that is in it."""
    kind = read_manifest(model).spec.kind
    if kind == TRANSFORMER:
        bundle = load_bundle(model)
        return bundle, TransformerClassifier(bundle, model.resolve().name, device=device)
    return load_light(model, whole=True), load_model(model, device=device)


def _save(bundle: LightBundle, model: Path, folder: Path) -> None:
    """Save what was adapted; an encoder that is no part of the bundle stays as the model has it."""
    if isinstance(bundle, Bundle):
        save_bundle(bundle, folder)
    else:
        files = ENCODER_FILES[bundle.manifest.spec.kind]
        save_light(bundle, folder, encoder={name: (model / name).read_bytes() for name in files})


def _adapted(
    bundle: LightBundle, change: Change, by_all: Floats, by_words: Floats, lesson: Lesson
) -> LightBundle:
    """Return a bundle after the change, its weights included, with thresholds to fit."""
    spec = bundle.manifest.spec
    assert spec.calibration is not None  # noqa: S101 (checked before)
    assert spec.words is not None  # noqa: S101
    assert bundle.words is not None  # noqa: S101
    after, added = lesson.cross_fit(by_all)
    if not spec.has_encoder:
        weights = np.array(spec.words.calibration.slopes)
        alone = _alone(spec.words, change, after, lesson)
        return _with_words(bundle, change, weights, replace(spec, words=alone))
    # Words are one array, whose features weigh otherwise where the encoder is left out.
    weights = np.array(spec.calibration.word_weights)
    own = by_words + np.array(spec.words.calibration.slopes) / weights * added
    rescale = lesson.fit(own, words=False)
    rescaled = None
    if isinstance(bundle, Bundle):
        bundle.model.cpu()
        fold_calibration(bundle.model, _scaled(UNCHANGED, change))
    else:
        rescaled = _scaled(spec.rescaled or UNCHANGED, change)
    adapted = replace(
        spec,
        rescaled=rescaled,
        calibration=_scaled(spec.calibration, change),
        thresholds=choose_anew(spec.thresholds, after, lesson),
        uses=uses_anew(spec.uses, after, lesson),
        words=_alone(spec.words, rescale, rescale.apply(own, lesson.matrix), lesson),
    )
    return _with_words(bundle, change, weights, adapted)


def _with_words(bundle: LightBundle, change: Change, weights: Floats, spec: ModelSpec) -> LightBundle:
    """Return a bundle whose words, of these weights in what was changed, say what they learned as well."""
    assert bundle.words is not None  # noqa: S101
    words = bundle.words.saying_more(change.words / (change.slopes * weights))
    return replace(bundle, words=words, manifest=replace(bundle.manifest, spec=spec))


def _alone(words: WordSpec, change: Change, after: Floats, lesson: Lesson) -> WordSpec:
    """Return how words decide without an encoder, by their log-odds of the sentences after the change."""
    return WordSpec(
        _scaled(words.calibration, change),
        choose_anew(words.thresholds, after, lesson),
        uses_anew(words.uses, after, lesson),
    )


def _scaled(calibration: Calibration, change: Change) -> Calibration:
    """Return a calibration whose log-odds get the slopes and intercepts of a change."""
    slopes = change.slopes
    return Calibration(
        slopes=tuple((np.array(calibration.slopes) * slopes).tolist()),
        intercepts=tuple((np.array(calibration.intercepts) * slopes + change.intercepts).tolist()),
        name_weights=tuple((np.array(calibration.name_weights) * slopes).tolist()),
        word_weights=tuple((np.array(calibration.word_weights) * slopes).tolist()),
    )


def _with(learned: Learned, table: pd.DataFrame) -> Learned:
    """Return what a model has learned from once it is adapted."""
    return replace(
        learned,
        texts=learned.texts.union(*map(text_keys, table["text"])),
        articles=learned.articles | set(table["article"]) - {""},
    )


def _check(model: AspectClassifier | WordClassifier, source: LabelledSource) -> None:
    """Refuse a model that cannot be adapted, and sentences that it must not be adapted to."""
    spec = model.spec
    if spec.words is None or spec.calibration is None or model.evidence.words is None:
        raise InputError(
            f"model {model.name}",
            expected="one with words, which the papers preset makes",
            found="one without",
            do="Train it again.",
        )
    if len(source.table) < LEAST_SENTENCES:
        raise DatasetError(
            source.card.name,
            expected=f"at least {LEAST_SENTENCES} labelled sentences",
            found=f"{len(source.table)}",
            do="Label more; `gotune ask` chooses those that are worth most.",
        )
    check_unseen_sentences(model, source.table, where=source.card.name)


def _check_lesson(lesson: Lesson, name: str) -> None:
    if len(np.unique(lesson.groups)) < 2:
        raise DatasetError(
            name,
            expected="sentences of two articles or more, so that the gain can be measured on others",
            found="those of one",
            do="Add another, or leave the article column out.",
        )
    if not lesson.adapted.any():
        counts = "; ".join(
            f"{aspect.words} {(column == 1).sum()} and {(column == 0).sum()}"
            for aspect, column in zip(ASPECTS, lesson.truth.T, strict=True)
        )
        raise DatasetError(
            name,
            expected=f"{LEAST_EACH} sentences judged to have an aspect, and {LEAST_EACH} judged not to",
            found=counts,
            do="Label more of both.",
        )
