"""What words say without an encoder, of papers of other people: leaving one corpus out at a time.

::

    python benchmarks/words.py craft_dev.tsv.gz other_dev.tsv.gz

Words are learned from CRAFT's development papers but for the first of five folds, alone or with the corpora
that are not measured; without definitions, or with 16,000 that are told from sentences, or that count as
sentences of a weight of .03. They are measured, with the names of terms beside them and alone, on that fold
(macro ROC-AUC, macro average precision), on each corpus on what it judges (macro ROC-AUC), and on definitions
that are not learned from (accuracy). A row takes some minutes on one core.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

import gotune
from gotune.datasets.definitions import draw_training_rows
from gotune.datasets.labelled import article_folds, truth_of
from gotune.datasets.sources import definition_rows
from gotune.lexicon.lexicon import Lexicon
from gotune.model.calibration import Calibration, Said
from gotune.model.decisions import judged_columns
from gotune.model.evidence import Evidence
from gotune.training.recipes import PAPERS
from gotune.training.words import Rows, learn_words

Floats = NDArray[np.float64]
NAMES = Calibration((1.0,) * 3, (0.0,) * 3, (3.0,) * 3)
PARTS = ("test", "test_release", "test_opening")
DEFINITIONS = ("left out", "as sentences", "told from sentences")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("craft", type=Path)
    parser.add_argument("others", type=Path, help="articles named as corpus:article")
    arguments = parser.parse_args()
    ontology = gotune.load_ontology("2021-12-15")
    dataset = gotune.build_dataset(ontology, earlier=gotune.load_ontology("2020-01-01"))
    evidence = Evidence(Lexicon.from_ontology(ontology))
    definitions = definition_rows(draw_training_rows(dataset, PAPERS["train_size"], seed=42))
    tested = {part: definition_rows(dataset.parts[part]) for part in PARTS}
    craft = read(arguments.craft, evidence)
    others = read(arguments.others, evidence)
    corpus = others["article"].str.split(":").str[0]
    fold = article_folds(craft, 5) == 0
    names = sorted(set(corpus))
    print(f"| learned from | witnesses | CRAFT, a fold | {' | '.join(names)} | mean | {' | '.join(PARTS)} |")
    print("| --- " * (len(names) + len(PARTS) + 4) + "|")
    for with_others in (False, True):
        for taken in DEFINITIONS:
            said: dict[str, tuple[pd.DataFrame, Floats]] = {}
            for name in names:
                learned = [craft[~fold], *([others[corpus != name]] if with_others else [])]
                rows = pd.concat([one.assign(weight=1.0) for one in learned], ignore_index=True)
                if taken == "as sentences":
                    rows = pd.concat([rows, definitions.assign(weight=0.03)], ignore_index=True)
                apart = definitions.assign(weight=1.0) if taken == "told from sentences" else None
                words = learn_words(lesson(rows), None if apart is None else lesson(apart))
                said[name] = others[corpus == name], words.log_odds(others["text"][corpus == name].tolist())
                if name == names[0]:  # the others would say nearly the same
                    for known, table in {"CRAFT": craft[fold], **tested}.items():
                        said[known] = table, words.log_odds(table["text"].tolist())
            what = ("CRAFT and the others" if with_others else "CRAFT") + f", definitions {taken}"
            for with_names in (True, False):
                cells = line(said, names, evidence, with_names)
                print(f"| {what} | words{' and names' * with_names} | {cells} |", flush=True)


def lesson(rows: pd.DataFrame) -> Rows:
    return Rows(rows["text"].tolist(), truth_of(rows), rows["weight"].to_numpy())


def read(path: Path, evidence: Evidence) -> pd.DataFrame:
    """Return sentences as a model reads them."""
    table = gotune.read_source(path).table
    return table.assign(text=evidence.read(table["text"].tolist(), table["article"].tolist()))


def line(
    said: dict[str, tuple[pd.DataFrame, Floats]], names: list[str], evidence: Evidence, with_names: bool
) -> str:
    """Return the cells of a row: names know the terms of the definitions, and never help with them."""
    cells = {}
    for what, (table, log_odds) in said.items():
        if with_names and what not in PARTS:
            log_odds = log_odds + NAMES.evidence(Said(names=evidence.said_of(table["text"].tolist()).names))
        cells[what] = figures(truth_of(table), log_odds)
    auroc = [cells[name][0] for name in names]
    shown = [f"{cells['CRAFT'][0]:.4f} / {cells['CRAFT'][1]:.4f}", *(f"{value:.4f}" for value in auroc)]
    right = [
        float(np.mean(log_odds.argmax(axis=1) == truth_of(table).argmax(axis=1)))
        for table, log_odds in (said[part] for part in PARTS)
    ]
    return " | ".join([*shown, f"{np.mean(auroc):.4f}", *(f"{value:.4f}" for value in right)])


def figures(truth: NDArray[np.float64], log_odds: Floats) -> tuple[float, float]:
    """Return ROC-AUC and average precision, means over the aspects that are judged both ways."""
    judged = [
        (positive, values)
        for _, positive, values in judged_columns(truth, log_odds)
        if 0 < positive.sum() < len(positive)
    ]
    return (
        float(np.mean([roc_auc_score(*each) for each in judged])),
        float(np.mean([average_precision_score(*each) for each in judged])),
    )


if __name__ == "__main__":
    main()
