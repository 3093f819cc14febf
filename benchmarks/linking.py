"""Labels that a release does not have yet: which of its terms do they mean?

::

    python benchmarks/linking.py

Queries are the names and synonyms that terms of the earlier release have in that of 2021-12-15 and had not
before, but for those that differ from a label of any term by case and marks alone. The earlier release is
searched. Nothing is chosen here; the vectors have learned from the release of 2020-01-01. Ids are compared as
they are, and after those of terms that were merged since are replaced.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

import gotune
from gotune.linking.index import TermIndex
from gotune.linking.labels import Label, labels_of, terms_to_suggest
from gotune.linking.vectors import words_of
from gotune.ontology.ontology import Ontology

LATER = "2021-12-15"
EARLIER = ("2020-01-01", "2021-07-02")
RESULT = Path(__file__).parent / "results" / "linking.json"
LOOKED_AT = 100

Scores = Callable[[str], NDArray[np.float64]]


def main() -> None:
    later = gotune.load_ontology(LATER)
    vectors = gotune.Annotator.load().index.vectors
    rows = []
    for date in EARLIER:
        earlier = gotune.load_ontology(date)
        index = TermIndex.of(earlier, vectors)
        queries = new_labels(index, later)
        for name, scores in methods(index).items():
            started = perf_counter()
            ranks = [rank(index, scores(query.text), later, query.go_id) for query in queries]
            seconds = (perf_counter() - started) / len(queries)
            strict, resolved = (np.array(column) for column in zip(*ranks, strict=True))
            for kind in ("all", *sorted({str(query.kind) for query in queries})):
                of_kind = np.array([kind in ("all", query.kind) for query in queries])
                row = {"index": date, "method": name, "kind": kind, "queries": int(of_kind.sum())}
                row |= {**figures(strict[of_kind]), "hit@1 resolved": float((resolved[of_kind] <= 1).mean())}
                rows.append({**row, "ms": round(1000 * seconds, 1)})
                print(*(f"{value:.3f}" if isinstance(value, float) else value for value in row.values()))
    RESULT.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def new_labels(index: TermIndex, later: Ontology) -> list[Label]:
    """Return the labels that terms of an index got later."""
    known = {words_of(text) for text in index.texts}
    return [
        label
        for term in terms_to_suggest(later)
        if term.id in index.number_of
        for label in labels_of(term)
        if words_of(label.text) not in known
    ]


def methods(index: TermIndex) -> dict[str, Scores]:
    """Return what gives each label of the index a score for a query."""
    exact = defaultdict(list)
    for number, text in enumerate(index.texts):
        exact[words_of(text)].append(number)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    table = characters.fit_transform(index.texts)

    def same_words(query: str) -> NDArray[np.float64]:
        found = np.zeros(len(index.texts))
        found[exact.get(words_of(query), [])] = 1
        return found

    return {
        "same words": same_words,
        "character TF-IDF": lambda query: (table @ characters.transform([query]).T).toarray()[:, 0],
        "gotune": lambda query: index.nearness(index.vectors.embed([query])[0]),
    }


def rank(index: TermIndex, scores: NDArray[np.float64], later: Ontology, go_id: str) -> tuple[float, float]:
    """Return the place of a term, and of the first that stands for it later; infinite if far away."""
    of_terms = index.of_terms(scores)
    best = np.argsort(-of_terms, kind="stable")[:LOOKED_AT]
    ids = [index.ids[number] for number in best if of_terms[number] > 0]
    strict = next((place for place, one in enumerate(ids, start=1) if one == go_id), np.inf)
    resolved = (place for place, one in enumerate(ids, start=1) if go_id in later.resolve(one))
    return strict, next(resolved, np.inf)


def figures(ranks: NDArray[np.float64]) -> dict[str, float]:
    """Return the share of queries found at the first places, and the mean of one by place."""
    hits = {f"hit@{most}": float((ranks <= most).mean()) for most in (1, 5, 10)}
    return {**hits, "MRR": float((1 / ranks).mean())}


if __name__ == "__main__":
    main()
