"""A recipe measured on papers of other people: each corpus left out once, and learned from all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gotune.datasets.labelled import LabelledSource, card_of, truth_of
from gotune.errors import DatasetError
from gotune.evaluation.corpora.results import CorpusEvaluation
from gotune.evaluation.cross_validation import (
    OWN_ROWS,
    apart_from,
    assembled,
    dictionary_of,
    load_fold,
    predict_fold,
    sentences_of,
    sources_of,
)
from gotune.evaluation.sentences.resampled import mean_tagging
from gotune.model.decisions import has_both
from gotune.model.leakage import check_beside
from gotune.protocols import Classifier, Track, untracked
from gotune.training.recipes import Material, Recipe, gather
from gotune.training.run import fit

if TYPE_CHECKING:
    from gotune.training.recipes import OnSource

_CORPUS = r"^([A-Za-z][\w-]*):."
"""What stands before the name of a document in an article, fit to be the name of a folder."""
_WANTED, _LEAST = "two corpora or more, each of which is left out once", 2


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
        recipe: Each of its sources of sentences is a corpus, or several, see `split_corpora`.
        folder: Where the models go, each named as its corpus. Those that are there already are not trained
            again.
        beside: Further models for the table, by name, which must not have learned from any of the sentences.
        offline: Fetch nothing.
        track: Shows progress.
        on_source: Called with each file of sentences when it is read.

    Raises:
        DatasetError: There are fewer than two corpora, two of the same name, one of a single article, or none
            that can be measured; all that others say is in one of them too; a further model has learned from
            the sentences; or a model in the folder was made of other files.
        TableError, ConfigError, SaveError, EncoderError, DownloadError: As for `train`.
    """
    read = sources_of(recipe, f"labelled sentences of {_WANTED}", track, on_source)
    sources = [corpus for source in read for corpus in split_corpora(source)]
    measured = _check_corpora(sources)
    for source in sources:
        check_beside(beside or {}, source.table, OWN_ROWS)
    material = gather(replace(recipe, sentences=sources), offline=offline, track=track)
    others = {**dictionary_of(material), **(beside or {})}
    # What cannot be learned from is told before the first model is trained.
    learned = {name: _without_corpus(material, number) for number, name in measured.items()}
    found, resampled = {}, []
    for number, name in measured.items():
        bundle = Path(folder) / name
        fit(learned[name], recipe.config, bundle, resume=True, offline=offline, track=track)
        table = sources[number].table
        classifier = load_fold(bundle, recipe.config, table)
        taught = sentences_of(learned[name])
        predicted = predict_fold(classifier, taught, table, others, recipe.config.seed)
        split = f"{name} was left out: the model has learned from the other corpora alone."
        found[name], models = assembled(split, table, predicted)
        resampled.append(models)
    return CorpusEvaluation(
        found,
        means=tuple(map(mean_tagging, zip(*resampled, strict=True))),
        unmeasured=tuple(
            name for source in sources if not source.made_up and (name := _name_of(source)) not in found
        ),
    )


def split_corpora(source: LabelledSource) -> list[LabelledSource]:
    """Return the corpora of a file: one, or several if all its articles are written ``corpus:document``.

    Those of several are named by what stands before the colon, in the order of their first sentences.
    """
    prefixes = source.table["article"].str.extract(_CORPUS, expand=False)
    names = list(dict.fromkeys(prefixes))
    if source.made_up or prefixes.isna().any() or len(names) == 1:
        return [source]
    tables = [source.table[prefixes == name].reset_index(drop=True) for name in names]
    return [
        replace(
            source,
            table=table,
            card=card_of(table, name=name, sha256=source.card.sha256, citation=source.card.citation),
        )
        for name, table in zip(names, tables, strict=True)
    ]


def _check_corpora(sources: Sequence[LabelledSource]) -> dict[int, str]:
    """Return the numbers and names of the corpora that can be measured.

    Raises:
        DatasetError: There are fewer than two, two of one name, one of a single article, or none that can be
            measured.
    """
    corpora = {number: _name_of(source) for number, source in enumerate(sources) if not source.made_up}
    names = list(corpora.values())
    if len(names) < _LEAST:
        raise _refused(
            _WANTED,
            f"one, {names[0]}" if names else "none",
            "Give more files (--sentences), one a corpus, or one whose articles are written corpus:document.",
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise _refused("a name of its own for each corpus", f"the name {twice[0]} twice", "Rename a file.")
    for number, name in corpora.items():
        articles = set(sources[number].table["article"])
        if len(articles) < _LEAST and "" not in articles:
            raise _refused(
                "sentences of at least two articles in each corpus, so that whole ones can be set apart",
                f"those of one in {name}",
                "Label some of another article, or leave the file out.",
            )
    measured = {
        number: name for number, name in corpora.items() if any(has_both(truth_of(sources[number].table)))
    }
    if not measured:
        raise _refused(
            "a corpus with sentences that are judged to have an aspect, and others not to have it",
            f"none among {', '.join(names)}",
            "Add such sentences to one of them.",
        )
    return measured


def _refused(expected: str, found: str, do: str) -> DatasetError:
    return DatasetError("cross-validation by corpus", expected=expected, found=found, do=do)


def _without_corpus(material: Material, number: int) -> Material:
    """Take a source, and all that betrays it, out of what is learned from."""
    others = [source for place, source in enumerate(material.sources) if place != number]
    left_out = material.sources[number]
    rest = apart_from(left_out.table, others)
    if all(source.made_up for source in rest):
        raise DatasetError(
            _name_of(left_out),
            expected="another corpus with sentences of other articles",
            found="the same sentences or articles in all others",
            do="Give corpora that differ.",
        )
    return replace(material, sources=tuple(rest))


def _name_of(source: LabelledSource) -> str:
    """Return the name of a source's file without what tells its kind, as the name of a folder."""
    return source.card.name.partition(".")[0] or source.card.name
