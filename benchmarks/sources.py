"""Variants of what is learned beside CRAFT, measured on a fold of CRAFT and on a corpus that are left out.

::

    python benchmarks/sources.py craft_dev.tsv.gz other_dev.tsv.gz --variants base weight-0.5 --splits 0 1 2

Each model learns by the papers recipe from CRAFT's development papers, with weight 1, and from the corpora of
the other file, with weight .7, but for one of five folds of CRAFT's articles, one whole corpus (`SPLITS`) and
sentences elsewhere in the same words. It is measured on both, over the aspects that are judged there: with
its encoder alone, with names beside it, and with names and words. ``base`` and ``seed-7`` differ by noise.

A variant takes about an hour a split on two cores, ``three-epochs`` half as much again, ``mpnet`` some five
times as much. That one begins from a folder ``all-mpnet-base-v2`` in the working directory, unless gotune
knows an encoder of that name. The models stay in ``--folder``, 100 MB each and 400 those of ``mpnet``: the
same line goes on where it was interrupted, and only measures what is there. Where a file is absent, or lacks
the articles of a corpus that is to be left out, it is said before anything is trained, with exit code 1.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import gotune
from gotune.datasets.labelled import LabelledSource, article_folds
from gotune.evaluation.corpora.run import split_corpora
from gotune.evaluation.cross_validation import apart_from
from gotune.records import Witness

Floats = NDArray[np.float64]

VARIANTS: dict[str, dict[str, Any]] = {
    "base": {},
    "craft-alone": {"weight": 0.0},
    "weight-0.5": {"weight": 0.5},
    "weight-1": {"weight": 1.0},
    "no-intercepts": {"source_intercepts": False},
    "no-spans": {"spans": False},
    "seed-7": {"seed": 7},
    "mpnet": {"encoder": "all-mpnet-base-v2", "batch_size": 32, "learning_rate": 5e-5},
    "three-epochs": {"epochs": 3},
}
"""What differs from the base, as `recipe_of` takes it."""

N_FOLDS = 5
SPLITS = ("genia", "cg", "anatem")
"""The corpus that is left out with each of the first folds of CRAFT's articles."""

WITNESSES = {
    "encoder": (Witness.NAMES, Witness.WORDS),
    "and names": (Witness.WORDS,),
    "and names, words": (),
}
"""What a model is asked, and what it leaves out then."""

COLUMNS = (
    "variant",
    "left out",
    "asked",
    "CRAFT: macro ROC-AUC",
    "macro average precision",
    "corpus: macro ROC-AUC",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("craft", type=Path)
    parser.add_argument("others", type=Path, help="articles named as corpus:article")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--splits", type=int, nargs="+", choices=range(len(SPLITS)), default=[0, 1, 2])
    parser.add_argument("--folder", type=Path, default=Path("models"), help="where the models go, and stay")
    arguments = parser.parse_args()
    corpora = [SPLITS[split] for split in arguments.splits]
    for path, what in (
        (arguments.craft, "craft_dev.tsv.gz of the CRAFT development data"),
        (arguments.others, f"other_dev.tsv.gz, sentences of {', '.join(SPLITS)}"),
    ):
        if not path.is_file():
            raise SystemExit(f"{path}: no such file; it is {what}.")
    others = split_corpora(gotune.read_source(arguments.others))
    names = [source.card.name for source in others]
    if missing := [name for name in corpora if name not in names]:
        raise SystemExit(
            f"{arguments.others}: expected articles named as {missing[0]}:article, "
            f"found those of {', '.join(names)}."
        )
    craft = gotune.read_source(arguments.craft)
    for line in run(arguments.variants, arguments.splits, craft, others, arguments.folder):
        print(line, flush=True)


def run(
    variants: Sequence[str],
    splits: Sequence[int],
    craft: LabelledSource,
    others: Sequence[LabelledSource],
    folder: Path,
    **options: Any,  # noqa: ANN401 (fields of two classes)
) -> Iterator[str]:
    """Train and measure, and yield the lines of a table.

    Args:
        variants: Names in `VARIANTS`.
        splits: Places in `SPLITS`, which are folds as well.
        craft: The sentences that folds are made of.
        others: The other corpora, by the names of their cards.
        folder: Where the models go; those that are there are not trained again.
        options: What all variants differ in from the preset, unless they say otherwise themselves.
    """
    folds = article_folds(craft.table, N_FOLDS)
    tables = {source.card.name: source.table for source in others}
    yield f"| {' | '.join(COLUMNS)} |"
    yield "| --- " * len(COLUMNS) + "|"
    for variant in variants:
        found = []
        for split in splits:
            left_out = [craft.table[folds == split], tables[SPLITS[split]]]
            recipe = recipe_of(craft, others, left_out, **{**options, **VARIANTS[variant]})
            bundle = folder / variant / f"fold-{split}-{SPLITS[split]}"
            gotune.train(recipe, bundle, resume=True)
            found.append(figures(gotune.AspectClassifier.load(bundle), left_out))
            yield from lines(f"{variant} | fold {split}, {SPLITS[split]}", found[-1])
        yield from lines(f"{variant} | mean of {len(splits)}", np.mean(found, axis=0))


def recipe_of(
    craft: LabelledSource,
    others: Sequence[LabelledSource],
    left_out: Sequence[pd.DataFrame],
    *,
    weight: float = 0.7,
    spans: bool = True,
    **options: Any,  # noqa: ANN401 (fields of two classes)
) -> gotune.Recipe:
    """Return the papers recipe, with sources that betray nothing of what is left out.

    Args:
        craft: A source of weight 1.
        others: Further sources.
        left_out: Sentence tables.
        weight: Of the other sources; 0 learns from CRAFT alone.
        spans: Whether the places of the other sources' labels are learned as well.
        options: Attributes of the recipe and settings to change, by name.
    """
    weighed = [replace(source, weight=weight) for source in others] if weight else []
    if not spans:
        weighed = [replace(source, table=source.table.assign(spans=None)) for source in weighed]
    return gotune.Recipe.papers(apart_from(pd.concat(left_out), [craft, *weighed]), **options)


def figures(model: gotune.AspectClassifier, left_out: Sequence[pd.DataFrame]) -> Floats:
    """Return the last three of `COLUMNS` for each of `WITNESSES`, from a fold and a corpus."""
    models = {name: model.without(*witnesses) for name, witnesses in WITNESSES.items()}
    encoder = models.pop("encoder")
    fold, corpus = (gotune.evaluate_sentences(encoder, table, beside=models).rows for table in left_out)
    return np.array(
        [
            [known.macro_auroc.value, known.macro_average_precision.value, other.macro_auroc.value]
            for known, other in zip(fold, corpus, strict=True)
        ]
    )


def lines(beginning: str, found: Floats) -> Iterator[str]:
    for asked, values in zip(WITNESSES, found, strict=True):
        yield f"| {beginning} | {asked} | {' | '.join(f'{value:.4f}' for value in values)} |"


if __name__ == "__main__":
    main()
