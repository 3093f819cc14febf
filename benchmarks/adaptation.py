"""What `gotune adapt` gains on corpora that a model has not learned from.

::

    python benchmarks/adaptation.py papers/ other_dev.tsv.gz [--sentences 200] [--draws 20]

Articles are drawn from a corpus until they have that many sentences; the model is adapted to these and
measured on the corpus' other articles, with figures as means over draws, corpora and the aspects judged: also
those that too few of the sentences drawn have, which stay as they were.
Nothing is saved, and the encoder is asked once. The penalties of `gotune.adaptation.fitting` and the way in
which thresholds are chosen were chosen by these figures, on fewer draws.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.metrics import f1_score, roc_auc_score

import gotune
from gotune.adaptation.fitting import Lesson
from gotune.adaptation.gains import choose_anew
from gotune.datasets.labelled import truth_of
from gotune.evaluation.reliability import reliability
from gotune.model.calibration import log_odds
from gotune.model.decisions import has_both
from gotune.training.words import feature_matrix

Floats = NDArray[np.float64]
FIGURES = ("macro ROC-AUC", "macro F1", "calibration error")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", type=Path, help="one with words, which has not learned from the corpora")
    parser.add_argument("sentences_file", type=Path, help="articles named as corpus:article")
    parser.add_argument("--sentences", type=int, nargs="+", default=[200])
    parser.add_argument("--draws", type=int, default=20)
    arguments = parser.parse_args()
    model = gotune.AspectClassifier.load(arguments.model)
    table = gotune.read_source(arguments.sentences_file).table
    texts, articles = table["text"].tolist(), table["article"].tolist()
    said = log_odds(model.predict_proba(texts, articles=articles))
    numbers = {name: number for number, name in enumerate(dict.fromkeys(articles))}
    groups = np.array([numbers[name] for name in articles])
    whole = Lesson(feature_matrix(model.evidence.read(texts, articles)), truth_of(table), groups)
    corpora = np.array([name.partition(":")[0] for name in articles])
    print(f"| sentences | corpus | {' | '.join(f'{name}, before | after' for name in FIGURES)} |")
    print("| --- " * (2 + 2 * len(FIGURES)) + "|")
    for n_sentences in arguments.sentences:
        means = []
        for corpus in sorted(set(corpora)):
            rows = corpora == corpus
            drawn = draws(whole.part(rows), said[rows], n_sentences, arguments.draws, model.spec.thresholds)
            means.append(np.mean(list(drawn), axis=0))
            print(f"| {n_sentences:,} | {corpus} | {cells(means[-1])} |", flush=True)
        print(f"| {n_sentences:,} | mean | {cells(np.mean(means, axis=0))} |", flush=True)


def draws(
    lesson: Lesson, said: Floats, n_sentences: int, n_draws: int, thresholds: tuple[float, ...]
) -> Iterator[Floats]:
    """Yield figures before and after, of shape ``(figures, 2)``, each adapted to other articles."""
    for seed in range(n_draws):
        order = np.random.default_rng(seed).permutation(np.unique(lesson.groups))
        sizes = np.cumsum([(lesson.groups == group).sum() for group in order])
        drawn = np.isin(lesson.groups, order[: 1 + int(np.searchsorted(sizes, n_sentences))])
        taught, rest = lesson.part(drawn), lesson.part(~drawn)
        change = taught.fit(said[drawn])
        chosen = choose_anew(thresholds, taught.cross_fit(said[drawn])[0], taught)
        before = figures(rest.truth, said[~drawn], np.array(thresholds))
        after = figures(rest.truth, change.apply(said[~drawn], rest.matrix), np.array(chosen))
        yield np.stack([before, after], axis=1)


def figures(truth: Floats, values: Floats, thresholds: Floats) -> Floats:
    measured = np.flatnonzero(has_both(truth))
    areas, f1 = [], []
    for label in measured:
        judged = ~np.isnan(truth[:, label])
        positive, scores = truth[judged, label] == 1, values[judged, label]
        areas.append(roc_auc_score(positive, scores))
        f1.append(f1_score(positive, expit(scores) >= thresholds[label]))
    return np.array([np.mean(areas), np.mean(f1), reliability(truth, expit(values)).calibration_error])


def cells(found: Floats) -> str:
    return " | ".join(f"{value:.4f}" for value in found.ravel())


if __name__ == "__main__":
    main()
