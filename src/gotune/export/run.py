"""A saved model made into one that needs no torch, and measured beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import LabelledSource, truth_of
from gotune.datasets.sources import definition_rows
from gotune.errors import InputError
from gotune.evaluation.sentences.scores import score_tagging
from gotune.export.graph import draw_graph
from gotune.export.pieces import few_pieces
from gotune.model.bundle import load_bundle
from gotune.model.classifier import AspectClassifier, TransformerClassifier
from gotune.model.decisions import EVEN_THRESHOLD
from gotune.model.engines.onnx import OnnxEngine
from gotune.model.exported import ACCURACY, CALIBRATION_ERROR, Agreement, Export, Target
from gotune.model.leakage import check_unseen_sentences, check_unseen_terms, without_names
from gotune.model.light_bundle import (
    GRAPH,
    TOKENIZER,
    LightBundle,
    check_target,
    damage_told,
    load_light,
    save_light,
)
from gotune.model.shipped import locate_model
from gotune.model.word_classifier import WordClassifier
from gotune.protocols import Classifier, Track, doing, untracked

if TYPE_CHECKING:
    import pandas as pd

MOST_LOST = 0.003
"""Of ROC area, average precision, accuracy or calibration: more is refused."""

_TESTED = "test"
_DEFINITIONS = "definitions"
_N_RESAMPLES = 1
_FIGURES = {
    "macro_auroc": "macro ROC-AUC",
    "macro_average_precision": "macro average precision",
    "balanced_accuracy": "balanced accuracy",
    "calibration_error": CALIBRATION_ERROR,
}


def export(
    model: Path | str,
    folder: Path | str,
    target: Target = Target.ONNX_INT8,
    *,
    measured_on: Sequence[LabelledDataset | LabelledSource] = (),
    pieces_of: Sequence[str] | None = None,
    force: bool = False,
    track: Track = untracked,
) -> Export:
    """Save a model again so that it needs no torch, and measure what that costs.

    Names and words stay as they are. The new model has no attention, gradients and vectors. Without an
    encoder, words and names answer alone, with probabilities and thresholds of their own.

    Args:
        model: Its folder, which stays as it is, or the name of one that comes with gotune.
        folder: The folder to write.
        target: What to make it for.
        measured_on: Definitions, of which those of the test part are measured, without names; and labelled
            sentences that the model has not learned from. With an encoder at least one of them is needed.
        pieces_of: Texts whose word pieces it keeps, so that it is smaller; all pieces if None.
        force: Save it even if a figure loses more than `MOST_LOST`; without an encoder that is expected.
        track: Shows progress.

    Returns:
        The figures before and after, as the bundle has them too.

    Raises:
        BundleError: The model cannot be loaded, or has no encoder for torch.
        EncoderError: It has layers that cannot be drawn.
        InputError: There is nothing to measure on, the folder is its own, too much is lost, or it has no
            words that could answer alone.
        DatasetError: The model has learned from what it is to be measured on.
        MissingExtraError: onnx or torch is missing.
        SaveError: The folder holds something else, or cannot be written.
    """
    model, folder = locate_model(model), Path(folder)
    check_target(model, folder)
    if not measured_on and target is not Target.NO_ENCODER:
        raise InputError(
            "export",
            expected="definitions or labelled sentences, on which the new model is measured",
            found="neither",
            do="Give the folder of a dataset, labelled sentences, or both.",
        )
    if target is Target.NO_ENCODER:
        made = _without_encoder(model, track)
    else:
        made = _for_onnx(model, target, pieces_of, track)
    tested = [_tested(made.after, one) for one in measured_on]
    agreements: list[Agreement] = []
    if tested:
        before = made.before()
        agreements += (_agreement(before, made.after, *one, track) for one in tested)
    found = Export(target, tuple(agreements))
    loss = max((one.loss for one in found.agreements), default=0.0)
    if loss > MOST_LOST and not force and target is not Target.NO_ENCODER:
        raise InputError(
            "export",
            expected=f"a loss of at most {MOST_LOST} in each figure",
            found=f"{loss:.4f}",
            do="Save it all the same (--force), or keep the weights as they are (--engine onnx-fp32).",
        )
    manifest = replace(made.bundle.manifest, export=found)
    save_light(replace(made.bundle, manifest=manifest), folder, encoder=made.encoder)
    return found


@dataclass(frozen=True, slots=True)
class _Made:
    """A new model, before it is saved.

    Attributes:
        bundle: What it has beside its encoder.
        after: The model itself.
        before: Loads the model that it is made of.
        encoder: The files of its encoder, if it has one.
    """

    bundle: LightBundle
    after: AspectClassifier | WordClassifier
    before: Callable[[], AspectClassifier]
    encoder: dict[str, bytes] | None = None


def _without_encoder(model: Path, track: Track) -> _Made:
    with doing(track, "loading words and names"):
        bundle = load_light(model)
    return _Made(bundle, WordClassifier.of(bundle, model), lambda: AspectClassifier.load(model))


def _for_onnx(model: Path, target: Target, texts: Sequence[str] | None, track: Track) -> _Made:
    with doing(track, "loading the model"):
        bundle = load_bundle(model)
    before = TransformerClassifier(bundle, model.resolve().name, device="cpu").in_float32()
    max_tokens = bundle.manifest.spec.max_tokens
    with (
        doing(track, "drawing the graph"),
        few_pieces(bundle.model, bundle.tokenizer, texts) as tokenizer,
    ):
        graph = draw_graph(bundle.model, max_tokens, target)
    with damage_told(model):
        engine = OnnxEngine.of(graph, tokenizer, max_tokens, name=before.name)
    encoder = {GRAPH: graph, TOKENIZER: tokenizer.encode()}
    return _Made(bundle, AspectClassifier(bundle, engine, before.name), lambda: before, encoder)


def _tested(
    model: AspectClassifier | WordClassifier, measured_on: LabelledDataset | LabelledSource
) -> tuple[str, pd.DataFrame]:
    """Return what is measured on, and its table, of which the model must not have learned."""
    if isinstance(measured_on, LabelledDataset):
        rows = measured_on.parts[_TESTED]
        check_unseen_terms(_TESTED, rows["go_id"].tolist(), model.learned.go_ids)
        return _DEFINITIONS, definition_rows(rows)
    name = measured_on.card.name
    check_unseen_sentences(model, measured_on.table, where=name)
    return name, measured_on.table


def _agreement(
    before: AspectClassifier,
    after: AspectClassifier | WordClassifier,
    what: str,
    table: pd.DataFrame,
    track: Track,
) -> Agreement:
    models: Sequence[Classifier] = (before, after)
    if what == _DEFINITIONS:
        models = list(map(without_names, models))
    texts, articles = table["text"].tolist(), table["article"].tolist()
    said = [one.predict_proba(texts, articles=articles, track=track) for one in models]
    moved = np.abs(said[1] - said[0])
    was, now = (_figures(model, what, table, found) for model, found in zip(models, said, strict=True))
    figures = {name: (was[name], now[name]) for name in was}
    return Agreement(what, len(texts), figures, largest=float(moved.max()), mean=float(moved.mean()))


def _figures(
    model: Classifier, what: str, table: pd.DataFrame, probabilities: NDArray[np.float64]
) -> dict[str, float]:
    truth, info = truth_of(table), model.info
    scores = score_tagging(
        info.name,
        truth,
        probabilities,
        articles=table["article"].tolist(),
        thresholds=info.thresholds or [EVEN_THRESHOLD] * len(ASPECTS),
        head=info.head,
        n_resamples=_N_RESAMPLES,
    )
    found = {}
    if what == _DEFINITIONS:  # which have one aspect each
        found[ACCURACY] = float((truth.argmax(axis=1) == probabilities.argmax(axis=1)).mean())
    for attribute, name in _FIGURES.items():
        if (estimate := getattr(scores, attribute)) is not None:
            found[name] = estimate.value
    return found
