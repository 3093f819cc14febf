"""A saved model made into one that needs no torch, and measured beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gotune.datasets.definitions import LabelledDataset
from gotune.datasets.labelled import LabelledSource, truth_of
from gotune.datasets.sources import definition_rows
from gotune.errors import InputError
from gotune.evaluation.sentences.scores import score_tagging
from gotune.export.graph import draw_graph
from gotune.model.bundle import Bundle, load_bundle
from gotune.model.classifier import AspectClassifier, TransformerClassifier
from gotune.model.engines.onnx import OnnxEngine, open_session, open_tokenizer
from gotune.model.exported import Agreement, Export, Target
from gotune.model.leakage import check_unseen_sentences, check_unseen_terms
from gotune.model.light_bundle import GRAPH, TOKENIZER, check_target, save_light
from gotune.protocols import Classifier, Track, doing, untracked
from gotune.records import Witness

if TYPE_CHECKING:
    import pandas as pd

MOST_LOST = 0.003
"""Of ROC area, average precision or accuracy: more is refused."""

_TESTED = "test"
_N_RESAMPLES = 1
_FIGURES = {
    "macro_auroc": "macro ROC-AUC",
    "macro_average_precision": "macro average precision",
    "balanced_accuracy": "balanced accuracy",
}


def export(
    model: Path | str,
    folder: Path | str,
    target: Target = Target.ONNX_INT8,
    *,
    dataset: LabelledDataset | None = None,
    sentences: LabelledSource | None = None,
    force: bool = False,
    track: Track = untracked,
) -> Export:
    """Save a model again for ONNX Runtime, and measure what that costs.

    Names and words stay as they are. The new model has no attention, gradients and vectors.

    Args:
        model: Its folder, which stays as it is.
        folder: The folder to write.
        target: What to make it for.
        dataset: Definitions, of which those of the test part are measured.
        sentences: Labelled sentences that the model has not learned from; at least one of both is needed.
        force: Save it even if it loses more than `MOST_LOST`.
        track: Shows progress.

    Returns:
        The figures before and after, as the bundle has them too.

    Raises:
        BundleError: The model cannot be loaded, or has no encoder for torch.
        EncoderError: It has layers that cannot be drawn.
        InputError: There is nothing to measure on, the folder is its own, or too much is lost.
        DatasetError: The model has learned from what it is to be measured on.
        MissingExtraError: onnx or torch is missing.
        SaveError: The folder holds something else, or cannot be written.
    """
    model, folder = Path(model), Path(folder)
    check_target(model, folder)
    if dataset is None and sentences is None:
        raise InputError(
            "export",
            expected="definitions or labelled sentences, on which the new model is measured",
            found="neither",
            do="Give the folder of a dataset, labelled sentences, or both.",
        )
    with doing(track, "loading the model"):
        bundle = load_bundle(model)
    before = TransformerClassifier(bundle, model.resolve().name, device="cpu").in_float32()
    tested = list(_tested(before, dataset, sentences))
    with doing(track, "drawing the graph"):
        encoder = {
            GRAPH: draw_graph(bundle.model, bundle.manifest.spec.max_tokens, target),
            TOKENIZER: bundle.tokenizer.backend_tokenizer.to_str().encode(),
        }
    after = AspectClassifier(bundle, _engine(bundle, encoder), before.name)
    found = Export(target, tuple(_agreement(before, after, *one, track) for one in tested))
    if not force and (loss := max(one.loss for one in found.agreements)) > MOST_LOST:
        raise InputError(
            "export",
            expected=f"a loss of at most {MOST_LOST} in each figure",
            found=f"{loss:.4f}",
            do="Save it all the same (--force), or keep the weights as they are (--engine onnx-fp32).",
        )
    save_light(replace(bundle, manifest=replace(bundle.manifest, export=found)), folder, encoder=encoder)
    return found


def _engine(bundle: Bundle, encoder: dict[str, bytes]) -> OnnxEngine:
    max_tokens = bundle.manifest.spec.max_tokens
    tokenizer = open_tokenizer(encoder[TOKENIZER].decode(), max_tokens)
    return OnnxEngine(open_session(encoder[GRAPH]), tokenizer, max_tokens, threads=1)


def _tested(
    model: TransformerClassifier, dataset: LabelledDataset | None, sentences: LabelledSource | None
) -> list[tuple[str, pd.DataFrame]]:
    """Return the tables to measure on, with what they are."""
    found = []
    if dataset is not None:
        rows = dataset.parts[_TESTED]
        check_unseen_terms(_TESTED, rows["go_id"].tolist(), model.learned.go_ids)
        found.append(("definitions", definition_rows(rows)))
    if sentences is not None:
        check_unseen_sentences(model, sentences.table, where=sentences.card.name)
        found.append((sentences.card.name, sentences.table))
    return found


def _agreement(
    before: TransformerClassifier, after: AspectClassifier, what: str, table: pd.DataFrame, track: Track
) -> Agreement:
    models: Sequence[Classifier] = (before, after)
    if what == "definitions" and Witness.NAMES in before.witnesses:
        models = [one.without(Witness.NAMES) for one in (before, after)]
    texts, articles = table["text"].tolist(), table["article"].tolist()
    said = [one.predict_proba(texts, articles=articles, track=track) for one in models]
    moved = np.abs(said[1] - said[0])
    scores = [_scores(before, table, probabilities) for probabilities in said]
    figures = {
        name: (one, other)
        for (name, one), (_, other) in zip(scores[0].items(), scores[1].items(), strict=True)
    }
    return Agreement(what, len(texts), figures, largest=float(moved.max()), mean=float(moved.mean()))


def _scores(
    model: AspectClassifier, table: pd.DataFrame, probabilities: NDArray[np.float64]
) -> dict[str, float]:
    scores = score_tagging(
        model.name,
        truth_of(table),
        probabilities,
        articles=table["article"].tolist(),
        thresholds=model.spec.thresholds,
        head=model.spec.head,
        n_resamples=_N_RESAMPLES,
    )
    found = {name: getattr(scores, attribute) for attribute, name in _FIGURES.items()}
    return {name: estimate.value for name, estimate in found.items() if estimate is not None}
