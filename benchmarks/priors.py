"""Would probabilities be truer on papers of other people if the share of an aspect were learned from these?

::

    python benchmarks/priors.py papers/ other_dev.tsv.gz --shares 0.283 0.107 0.103

Without a label, the share of sentences with an aspect is estimated by expectation maximisation from the
probabilities themselves, and their log-odds are shifted from the share that calibrated the model (Saerens,
Latinne and Decaestecker 2002, doi:10.1162/089976602753284446). That is right if the sentences with an aspect
are like those the model knows, and only their number differs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

import gotune
from gotune.aspects import ASPECTS
from gotune.datasets.labelled import truth_of
from gotune.evaluation.reliability import reliability
from gotune.model.calibration import log_odds

Floats = NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", type=Path, help="one that has not learned from the corpora")
    parser.add_argument("sentences", type=Path, help="articles named as corpus:article")
    parser.add_argument("--shares", type=float, nargs=3, required=True, help="that calibrated the model")
    arguments = parser.parse_args()
    model = gotune.AspectClassifier.load(arguments.model)
    table = gotune.read_source(arguments.sentences).table
    articles = table["article"].tolist()
    said = log_odds(model.predict_proba(table["text"].tolist(), articles=articles))
    truth, corpora = truth_of(table), np.array([name.partition(":")[0] for name in articles])
    print(
        "| corpus, aspect | true share | mean probability | estimated | calibration error, before | after |"
    )
    print("| --- " * 6 + "|")
    for corpus in sorted(set(corpora)):
        for aspect, known in zip(ASPECTS, arguments.shares, strict=True):
            rows = (corpora == corpus) & ~np.isnan(truth[:, aspect.label])
            if rows.any():
                values, positive = said[rows, aspect.label], truth[rows, aspect.label]
                share = estimated_share(values, known)
                errors = [
                    error_of(aspect.label, positive, expit(values + shift))
                    for shift in (0.0, logit(share) - logit(known))
                ]
                print(
                    f"| {corpus}, {aspect.short} | {positive.mean():.3f} | {expit(values).mean():.3f} "
                    f"| {share:.3f} | {errors[0]:.3f} | {errors[1]:.3f} |"
                )


def estimated_share(values: Floats, known: float, most_steps: int = 1000) -> float:
    share = known
    for _ in range(most_steps):
        new = float(expit(values + logit(share) - logit(known)).mean())
        if abs(new - share) < 1e-6:
            break
        share = new
    return share


def error_of(label: int, positive: Floats, probabilities: Floats) -> float:
    truth, p = np.full((len(positive), len(ASPECTS)), np.nan), np.zeros((len(positive), len(ASPECTS)))
    truth[:, label], p[:, label] = positive, probabilities
    return reliability(truth, p).calibration_error


if __name__ == "__main__":
    main()
