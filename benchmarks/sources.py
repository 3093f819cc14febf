"""The papers recipe with corpora of other people: one of them and a fold of CRAFT left out at a time.

    python benchmarks/sources.py craft_dev.tsv.gz other_dev.tsv.gz --folder models/ --variants base weight-1

trains each variant three times: without the first, second and third of five folds of CRAFT's articles, and
without one of the corpora, whose sentences are in the second file, with articles written ``corpus:article``.
It prints macro ROC-AUC and average precision on the folds and macro ROC-AUC on what the corpora judge, means
of the three, by the encoder alone, with names, and with names and words. A model takes three quarters of
an hour on two cores; those that are in the folder already are not trained again.
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
from sklearn.metrics import average_precision_score, roc_auc_score

import gotune
from gotune.datasets.labelled import LabelledSource, article_folds, truth_of
from gotune.evaluation.corpora.run import split_corpora
from gotune.model.decisions import judged_columns
from gotune.records import Witness

WEIGHT = 0.7
VARIANTS: dict[str, dict[str, Any]] = {
    "base": {},
    "craft-alone": {"weight": 0.0},
    "weight-0.5": {"weight": 0.5},
    "weight-1": {"weight": 1.0},
    "no-intercepts": {"source_intercepts": False},
    "three-epochs": {"epochs": 3},
    "seed-7": {"seed": 7},
    "mpnet": {"encoder": "all-mpnet-base-v2", "batch_size": 32, "learning_rate": 5e-5},
}
WITHOUT = {
    "encoder": (Witness.NAMES, Witness.WORDS),
    "encoder and names": (Witness.WORDS,),
    "encoder, names and words": (),
}


def main() -> None:
    """Run the variants that are asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("craft", type=Path)
    parser.add_argument("others", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=["base"])
    arguments = parser.parse_args()
    craft = gotune.read_source(arguments.craft)
    corpora = split_corpora(gotune.read_source(arguments.others))
    for line in run(arguments.variants, craft, corpora, arguments.folder):
        print(line, flush=True)


def run(
    variants: Sequence[str],
    craft: LabelledSource,
    corpora: Sequence[LabelledSource],
    folder: Path,
    **options: Any,  # noqa: ANN401 (fields of two classes)
) -> Iterator[str]:
    """Train and measure, and yield the lines of a table.

    Args:
        variants: Names of `VARIANTS`.
        craft: The corpus whose folds are left out.
        corpora: Those of which each is left out once.
        folder: Where the models go.
        options: Of the recipe, for all variants.
    """
    folds = article_folds(craft.table, 5)
    yield "| variant | witnesses | CRAFT, ROC-AUC / average precision | corpora left out, ROC-AUC |"
    yield "| --- | --- | --- | --- |"
    for variant in variants:
        changed = dict(VARIANTS[variant])
        weight = changed.pop("weight", WEIGHT)
        found: dict[str, list[tuple[float, float, float]]] = {what: [] for what in WITHOUT}
        for number, left_out in enumerate(corpora):
            kept = craft.table[folds != number].reset_index(drop=True)
            others = [replace(one, weight=weight) for one in corpora if weight and one is not left_out]
            recipe = gotune.Recipe.papers([replace(craft, table=kept), *others], **{**options, **changed})
            bundle = folder / f"{variant}-{left_out.card.name}"
            gotune.train(recipe, bundle, resume=True)
            model = gotune.AspectClassifier.load(bundle)
            fold = craft.table[folds == number]
            for what, witnesses in WITHOUT.items():
                asked = model.without(*witnesses)
                found[what].append((*figures(asked, fold), figures(asked, left_out.table)[0]))
        for what, rows in found.items():
            area, precision, of_others = np.mean(rows, axis=0)
            yield f"| {variant} | {what} | {area:.4f} / {precision:.4f} | {of_others:.4f} |"


def figures(classifier: gotune.Classifier, table: pd.DataFrame) -> tuple[float, float]:
    """Return ROC-AUC and average precision, means over the aspects that are judged both ways."""
    texts, articles = table["text"].tolist(), table["article"].tolist()
    values: NDArray[np.float64] = classifier.predict_proba(texts, articles=articles)
    judged = [
        (positive, scores)
        for _, positive, scores in judged_columns(truth_of(table), values)
        if 0 < positive.sum() < len(positive)
    ]
    return (
        float(np.mean([roc_auc_score(*each) for each in judged])),
        float(np.mean([average_precision_score(*each) for each in judged])),
    )


if __name__ == "__main__":
    main()
