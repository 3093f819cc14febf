"""How good the labels are that the ontology gives sentences of papers, step by step.

Run ``python benchmarks/weak_labels.py craft_dev.tsv.gz`` from the repository. It needs GO 2021-12-15, from
the cache or a package index.

No label is learned from: the gold labels (``aspects_rec``) only measure. Intervals are over articles. That
partial names are weighed by agreement, by how much, and that names inside of names count was decided while
looking at these articles, so expect less on others.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gotune.aspects import ASPECTS
from gotune.datasets.weak_labels import label_weakly
from gotune.evaluation.resampling import GroupedResamples, resample_groups
from gotune.lexicon.dictionary import Dictionary, Mention
from gotune.lexicon.noise_model import NoiseModel, WordUse
from gotune.lexicon.variants import Evidence
from gotune.ontology.loading import load_ontology

CERTAIN = (Evidence.NAME, Evidence.EXACT)
RESAMPLES = 300
NO_TEXT = WordUse([], [])


def named(mentions: list[list[Mention]], kinds: tuple[Evidence, ...]) -> NDArray[np.float64]:
    found = np.zeros((len(mentions), len(ASPECTS)))
    for row, of_sentence in enumerate(mentions):
        for mention in of_sentence:
            if mention.evidence in kinds:
                found[row, mention.aspect.label] = 1
    return found


def judged(mentions: list[list[Mention]], noise: NoiseModel) -> NDArray[np.float64]:
    return np.array([noise.probabilities(row) for row in mentions])


def print_row(
    name: str, truth: NDArray[np.bool_], found: NDArray[np.float64], resamples: GroupedResamples
) -> None:
    areas, precisions = zip(
        *(resamples.ranking(truth[:, aspect.label], found[:, aspect.label]) for aspect in ASPECTS),
        strict=True,
    )
    cells = []
    for figures in (np.array(areas), np.array(precisions)):
        macro = figures.mean(axis=0)
        low, high = np.nanpercentile(macro[1:], [2.5, 97.5])
        each = " ".join(f"{value:.3f}" for value in figures[:, 0])
        cells.append(f"{macro[0]:.3f} ({low:.3f}-{high:.3f}) | {each}")
    print(f"| {name} |", " | ".join(cells), "|")


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure weak labels.")
    parser.add_argument("craft", type=Path)
    path: Path = parser.parse_args().craft
    if not path.is_file():
        print(f"{path}: no such file; it is craft_dev.tsv.gz of the CRAFT development data.")
        return 1
    table = pd.read_csv(path, sep="\t", keep_default_na=False, dtype=str)
    texts, articles = table["text"].tolist(), table["pmid"].tolist()
    truth = np.array(
        [[aspect.short in cell.split(",") for aspect in ASPECTS] for cell in table["aspects_rec"]]
    )
    resamples = resample_groups(articles, RESAMPLES)
    ontology = load_ontology("2021-12-15")

    start = time.perf_counter()
    dictionary = Dictionary.from_ontology(ontology)
    built = time.perf_counter()
    plain = [list(dictionary.find(text)) for text in texts]
    matched = time.perf_counter()
    labels = label_weakly(texts, articles, ontology)
    done = time.perf_counter()

    definitions = [term.definition for term in ontology.terms() if term.definition]
    of_definitions = WordUse(definitions, map(dictionary.find, definitions))
    full = [[judged.mention for judged in row] for row in labels.mentions]
    print("| labels from | macro AUROC (95 %) | BP CC MF | macro AP (95 %) | BP CC MF |")
    print("| --- " * 5 + "|")
    for name, found in (
        ("names and exact synonyms", named(plain, CERTAIN)),
        ("all variants", named(plain, tuple(Evidence))),
        ("all variants, trusted by their kind", judged(plain, NoiseModel(NO_TEXT, NO_TEXT))),
        ("and by agreement in the definitions", judged(plain, NoiseModel(of_definitions, of_definitions))),
        ("and in the text", judged(plain, NoiseModel(WordUse(texts, plain), of_definitions))),
        ("and abbreviations resolved", judged(full, NoiseModel(WordUse(texts, full), of_definitions))),
        ("and a second opinion: `gotune label`", labels.probabilities),
    ):
        print_row(name, truth, found, resamples)
    print(
        f"\n{len(dictionary):,} variants gathered in {built - start:.1f} s, found in "
        f"{len(texts) / (matched - built):,.0f} sentences/s; all labelled in {done - matched:.1f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
