"""A recipe measured on papers of other people: each corpus left out once, and learned from all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gotune.datasets.labelled import LabelledSource, truth_of
from gotune.errors import DatasetError
from gotune.evaluation.corpora.results import CorpusEvaluation
from gotune.evaluation.cross_validation import (
    OWN_ROWS,
    apart_from,
    assembled,
    dictionary_of,
    load_fold,
    predict_fold,
    sources_of,
)
from gotune.model.decisions import has_both
from gotune.model.leakage import check_beside
from gotune.protocols import Classifier, Track, untracked
from gotune.training.recipes import Material, Recipe, gather
from gotune.training.run import fit

if TYPE_CHECKING:
    from gotune.training.recipes import OnSource


def cross_validate_corpora(
    recipe: Recipe,
    folder: Path | str,
    *,
    beside: Mapping[str, Classifier] | None = None,
    offline: bool = False,
    track: Track = untracked,
    on_source: OnSource = lambda source: None,
) -> CorpusEvaluation:
    """Train a recipe once for every source of sentences, from all others, and measure it on the one left out.

    That is the figure for papers of people who have taught nothing: they differ in what they write about, and
    in what they call an aspect. Sentences and articles that a corpus shares with the one left out are not
    learned from either. Baselines that learn do so from the same sentences.

    Args:
        recipe: With at least two sources of sentences, a corpus each.
        folder: Where the models go, each named as its corpus. Those that are there already are not trained
            again.
        beside: Further models for the table, by name, which must not have learned from any of the sentences.
        offline: Fetch nothing.
        track: Shows progress.
        on_source: Called with each file of sentences when it is read.

    Raises:
        DatasetError: There are fewer than two sources, two of the same name, or none that can be measured; a
            further model has learned from the sentences; or a model in the folder was made of other files.
        TableError, ConfigError, SaveError, EncoderError, DownloadError: As for `train`.
    """
    import pandas as pd

    sources = sources_of(recipe, 2, "two corpora or more, each of which is left out once", track, on_source)
    names = [_name_of(source) for source in sources]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise DatasetError(
            "cross-validation",
            expected="a name of its own for each corpus",
            found=f"the name {twice[0]} twice",
            do="Rename a file.",
        )
    measured = [
        name for name, source in zip(names, sources, strict=True) if any(has_both(truth_of(source.table)))
    ]
    if not measured:
        raise DatasetError(
            "cross-validation",
            expected="a corpus with sentences that are judged to have an aspect, and others not to have it",
            found=f"none among {', '.join(names)}",
            do="Add such sentences to one of them.",
        )
    for source in sources:
        check_beside(beside or {}, source.table, OWN_ROWS)
    material = gather(replace(recipe, sentences=sources), offline=offline, track=track)
    others = {**dictionary_of(material), **(beside or {})}
    found = {}
    for number, name in enumerate(names):
        if name in measured:
            learned = _without_corpus(material, number, name)
            bundle = Path(folder) / name
            fit(learned, recipe.config, bundle, resume=True, offline=offline, track=track)
            table = sources[number].table
            classifier = load_fold(bundle, recipe.config, table)
            taught = pd.concat([source.table for source in learned.sources if not source.made_up])
            predicted = predict_fold(
                classifier, taught.reset_index(drop=True), table, others, recipe.config.seed
            )
            split = f"{name} was left out: the model has learned from the other corpora alone."
            found[name] = assembled(split, table, predicted)
    return CorpusEvaluation(found, tuple(name for name in names if name not in measured))


def _without_corpus(material: Material, number: int, name: str) -> Material:
    """Take a source, and all that betrays it, out of what is learned from."""
    others = [source for place, source in enumerate(material.sources) if place != number]
    rest = apart_from(material.sources[number].table, others)
    if all(source.made_up for source in rest):
        raise DatasetError(
            name,
            expected="another corpus with sentences of other articles",
            found="the same sentences or articles in all others",
            do="Give corpora that differ.",
        )
    return replace(material, sources=tuple(rest))


def _name_of(source: LabelledSource) -> str:
    """Return the name of a source's file without what tells its kind, as the name of a folder."""
    return source.card.name.partition(".")[0] or source.card.name
