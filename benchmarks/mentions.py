"""Names of terms in papers: five folds of CRAFT's development articles, each by those of the others.

::

    python benchmarks/mentions.py DATA

Strict: a mention is right if start, end and id are those of a core annotation of CRAFT, ids mapped to the
release of 2021-12-15. Of the discontinuous annotations start and end are those of the whole. Places that only
CRAFT's extensions mark are shown both as wrong, as CRAFT's core set has it, and left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

import pandas as pd
from ship_index import craft_sentences

import gotune
from gotune.linking.divided import add_divided
from gotune.linking.labels import live_term
from gotune.linking.trust import learn_names

FOLDS = 5
EXPRESSION = "GO:0010467"
RESULT = Path(__file__).parent / "results" / "mentions.json"

Mention = tuple[int, int, str]


class Sentence(NamedTuple):
    """What stands in a sentence and what was found."""

    gold: frozenset[Mention]
    found: frozenset[Mention]
    unjudged: frozenset[tuple[int, int]]
    known: frozenset[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    release = gotune.load_ontology("2021-12-15")
    licences = tuple(pd.read_csv(data / "craft_dev_articles.tsv", sep="\t", dtype=str)["license"].unique())
    table = craft_sentences(data, release, licences)
    table["gold"] = gold_of(data, release, table)
    articles = sorted(table["article"].unique())
    sentences = []
    for fold in range(FOLDS):
        out = table["article"].isin(articles[fold::FOLDS])
        names = learn_names(release, list(table.loc[~out, "annotated"])).trusted()
        known = frozenset(go_id for one in table.loc[~out, "gold"] for *_, go_id in one)
        texts = [one.text for one in table.loc[out, "annotated"]]
        found = add_divided(names, texts, names.find(texts))
        for gold, annotated, places in zip(
            table.loc[out, "gold"], table.loc[out, "annotated"], found, strict=True
        ):
            mentions = frozenset((one.start, one.end, one.go_id) for one in places)
            sentences.append(Sentence(gold, mentions, annotated.unjudged, known))
    aspect = {term.id: term.aspect.short for term in release.terms()}
    rows = {}
    for name in ("BP", "CC"):
        of_aspect = {go_id for go_id, short in aspect.items() if short == name}
        rows[name] = score(sentences, lambda one, s, ids=of_aspect: one[2] in ids)
        rows[f"{name}, unjudged left out"] = score(
            sentences, lambda one, s, ids=of_aspect: one[2] in ids and one[:2] not in s.unjudged
        )
        if name == "BP":
            others = of_aspect - {EXPRESSION}
            rows["BP without expression"] = score(sentences, lambda one, s, ids=others: one[2] in ids)
            rows["BP without expression, unjudged left out"] = score(
                sentences, lambda one, s, ids=others: one[2] in ids and one[:2] not in s.unjudged
            )
        rows[f"{name}, ids never seen"] = score(
            sentences, lambda one, s, ids=of_aspect: one[2] in ids and one[2] not in s.known
        )
    for name, row in rows.items():
        print(f"{name:40}", *(f"{key} {value:.3f}" for key, value in row.items()))
    RESULT.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def gold_of(data: Path, release: gotune.Ontology, table: pd.DataFrame) -> list[frozenset[Mention]]:
    """Return the core annotations of each sentence, but for functions."""
    craft = pd.read_csv(data / "craft_dev.tsv.gz", sep="\t", dtype=str, keep_default_na=False)
    found = []
    for row in craft[craft["pmid"].isin(set(table["article"]))].itertuples():
        first, mentions = int(row.start), set()
        for start, end, go_id, aspect, _ in json.loads(row.spans):
            live = live_term(release, go_id)
            if aspect != "MF" and live is not None:
                mentions.add((start - first, end - first, live))
        found.append(frozenset(mentions))
    return found


def score(sentences: list[Sentence], counts) -> dict[str, float]:  # noqa: ANN001
    """Return precision, recall and F1 over the mentions that count."""
    right = wrong = missed = 0
    for sentence in sentences:
        gold = {one for one in sentence.gold if counts(one, sentence)}
        found = {one for one in sentence.found if counts(one, sentence)}
        right += len(gold & found)
        wrong += len(found - gold)
        missed += len(gold - found)
    precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
    return {"precision": precision, "recall": recall, "f1": 2 * right / max(2 * right + wrong + missed, 1)}


if __name__ == "__main__":
    main()
