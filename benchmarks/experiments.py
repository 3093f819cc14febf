"""Variants of the papers recipe, each measured on articles or topics that it has not seen.

    python benchmarks/experiments.py craft_dev.tsv.gz --variants plain rationale names one-epoch
    python benchmarks/experiments.py craft_dev.tsv.gz --variants rationale names --leave-out topics

trains each variant once on the CRAFT development papers without those left out, which are the first of
five folds of articles or two of five topics (clusters of articles by their words), and prints macro ROC-AUC
and macro average precision on these. ``gotune crossval`` measures the recipe that was chosen on all five
folds. A variant takes about a quarter of an hour on two cores.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

import gotune
from gotune.datasets.labelled import LabelledSource, article_folds

VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {"rationale_weight": 0.0, "name_sentences": 0},
    "rationale": {"name_sentences": 0},
    "names": {},
    "one-epoch": {"epochs": 1, "learning_rate": 1.5e-4},
    "whole-openings": {"opening_cut": 0.0},
    "few-definitions": {"train_size": 2000},
}
LEFT_OUT_TOPICS = (2, 4)


def main() -> None:
    """Run the variants that are asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--leave-out", choices=("fold", "topics"), default="fold")
    arguments = parser.parse_args()
    source = gotune.read_source(arguments.sentences)
    table = source.table
    if arguments.leave_out == "fold":
        left_out = article_folds(table, 5) == 0
    else:
        left_out = np.isin(topics(table), LEFT_OUT_TOPICS)
    learned = replace(source, table=table[~left_out].reset_index(drop=True))
    for line in run(arguments.variants, learned, table[left_out].reset_index(drop=True)):
        print(line, flush=True)


def run(variants: list[str], learned: LabelledSource, test: pd.DataFrame) -> Iterator[str]:
    """Train and measure, and yield the lines of a table."""
    yield f"{len(test):,} sentences of {test['article'].nunique()} articles left out"
    yield "| variant | macro ROC-AUC | macro average precision |\n| --- | --- | --- |"
    for variant in variants:
        # What the names add to the encoder is another question.
        recipe = gotune.Recipe.papers([learned], **{"lexicon": False, **VARIANTS[variant]})
        with tempfile.TemporaryDirectory() as folder:
            gotune.train(recipe, Path(folder) / "model")
            classifier = gotune.AspectClassifier.load(Path(folder) / "model")
        found = gotune.evaluate_sentences(classifier, test).model
        cells = [
            f"{figure.value:.4f} ({figure.interval.low:.4f} to {figure.interval.high:.4f})"
            for figure in (found.macro_auroc, found.macro_average_precision)
        ]
        yield f"| {variant} | {' | '.join(cells)} |"


def topics(table: pd.DataFrame) -> NDArray[np.int64]:
    """Return the topic of each row: five clusters of the articles by their words."""
    articles = table.groupby("article")["text"].apply(" ".join)
    words = TfidfVectorizer(sublinear_tf=True, min_df=3, stop_words="english")
    model = make_pipeline(words, TruncatedSVD(20, random_state=0), Normalizer())
    clusters = KMeans(5, n_init=50, random_state=0).fit_predict(model.fit_transform(articles))
    found: NDArray[np.int64] = (
        table["article"].map(dict(zip(articles.index, clusters, strict=True))).to_numpy()
    )
    return found


if __name__ == "__main__":
    main()
