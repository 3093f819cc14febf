"""What decisions on suggestions tell of sentences: five folds of CRAFT's development articles.

::

    python benchmarks/ticking.py DATA

CRAFT's annotations play the curator: a suggestion is right if the sentence has its term there, or, of
functions, anywhere; another term is meant if an annotation of the same aspect overlaps the place, the
extensions included; else it is wrong. Printed is how many sentences carry an aspect (``aspects_rec``) after
what was decided on its suggestions, and where there are none. Names are trusted as the articles of the other
folds teach.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

import pandas as pd
from ship_index import craft_sentences

import gotune
from gotune.linking.divided import add_divided
from gotune.linking.labels import live_term
from gotune.linking.names import Named
from gotune.linking.trust import learn_names

FOLDS = 5
RESULT = Path(__file__).parent / "results" / "ticking.json"
ASPECTS = ("BP", "CC", "MF")
OUTCOMES = ("one is right", "all are wrong", "wrong or another term", "nothing suggested")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    release = gotune.load_ontology("2021-12-15")
    licences = tuple(pd.read_csv(data / "craft_dev_articles.tsv", sep="\t", dtype=str)["license"].unique())
    table = craft_sentences(data, release, licences)
    craft = pd.read_csv(data / "craft_dev.tsv.gz", sep="\t", dtype=str, keep_default_na=False)
    craft = craft[craft["pmid"].isin(set(table["article"]))].reset_index(drop=True)
    aspect = {term.id: term.aspect.short for term in release.terms()}
    articles = sorted(table["article"].unique())
    counts: Counter[tuple[str, str, bool]] = Counter()
    for fold in range(FOLDS):
        out = (table["article"].isin(articles[fold::FOLDS])).to_numpy()
        names = learn_names(release, list(table.loc[~out, "annotated"])).trusted()
        texts = [one.text for one in table.loc[out, "annotated"]]
        found = add_divided(names, texts, names.find(texts))
        for row, places in zip(craft[out].itertuples(), found, strict=True):
            for name in ASPECTS:
                of_aspect = [one for one in places if aspect.get(one.go_id) == name]
                for outcome in outcomes(row, name, of_aspect, release):
                    counts[name, outcome, name in row.aspects_rec.split(",")] += 1
    rows = {}
    for name in ASPECTS:
        for outcome in OUTCOMES:
            n_carry, n_not = counts[name, outcome, True], counts[name, outcome, False]
            rows[f"{name}, {outcome}"] = {"sentences": n_carry + n_not, "carry": n_carry / (n_carry + n_not)}
            print(f"{name}, {outcome:24}{n_carry + n_not:6} {n_carry / (n_carry + n_not):.3f}")
    RESULT.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def outcomes(row: Any, name: str, places: list[Named], release: gotune.Ontology) -> Iterable[str]:  # noqa: ANN401
    """Return what becomes of the suggestions of one aspect in a sentence."""
    if not places:
        return ["nothing suggested"]
    first = int(row.start)
    marked = [*json.loads(row.spans), *json.loads(row.spans_ext)]
    anywhere = {live_term(release, go_id) for go_id in row.go_ids_rec.split(",") if go_id}
    is_other = False
    for one in places:
        here = [span for span in marked if span[0] - first < one.end and span[1] - first > one.start]
        there = {live_term(release, go_id) for _, _, go_id, *_ in here if go_id.startswith("GO:")}
        if one.go_id in (anywhere if name == "MF" else there):
            return ["one is right"]
        is_other |= any(span[3] == name for span in here)
    return ["wrong or another term"] if is_other else ["all are wrong", "wrong or another term"]


if __name__ == "__main__":
    main()
