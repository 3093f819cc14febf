"""Labels that a release does not have yet, and sentences: which terms do they mean?

::

    python benchmarks/linking.py [--data DATA] [--minilm]

Queries are the names and synonyms that terms of the earlier release have in that of 2021-12-15 and had not
before, but for those that differ from a label of any term by case and marks alone. The earlier release is
searched. Nothing is chosen here; the vectors have learned from the release of 2020-01-01. Ids are compared as
they are, and after those of terms that were merged since are replaced.

With ``--data``, a folder with ``craft_dev.tsv.gz`` and ``craft_dev_articles.tsv``, sentences of CRAFT's
development articles are searched for in the release of 2021-12-15: those in which people marked terms, every
tenth of them. A marked term counts 1, a parent of one by ``is_a`` or ``part_of`` .5 (nDCG, Järvelin and
Kekäläinen 2002, doi:10.1145/582415.582418). How far names are trusted there comes from the articles of the
other four of five folds.

Beside gotune, by labels: the same words; BM25 over stems (Robertson and Zaragoza 2009,
doi:10.1561/1500000019); character TF-IDF; and with ``--minilm``, which takes ten minutes a release,
all-MiniLM-L6-v2 as it is and the last three joined by their ranks (Cormack et al. 2009,
doi:10.1145/1571941.1572114).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from ship_index import craft_sentences
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

import gotune
from gotune.linking.annotator import Annotator
from gotune.linking.index import TermIndex
from gotune.linking.labels import Label, labels_of, live_term, terms_to_suggest
from gotune.linking.trust import learn_names
from gotune.linking.vectors import words_of
from gotune.model.embedding import TextEncoder
from gotune.ontology.ontology import Ontology
from gotune.ontology.terms import IS_A

LATER = "2021-12-15"
EARLIER = ("2020-01-01", "2021-07-02")
RESULTS = Path(__file__).parent / "results"
LOOKED_AT = 100
MINILM = "all-MiniLM-L6-v2"

Scores = Callable[[str], NDArray[np.float64]]
"""Gives each term of an index a score for a query."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--minilm", action="store_true")
    arguments = parser.parse_args()
    later = gotune.load_ontology(LATER)
    shipped = Annotator.load()
    if arguments.data is not None:
        search_sentences(arguments.data, later, shipped, with_minilm=arguments.minilm)
        return
    rows = []
    for date in EARLIER:
        earlier = gotune.load_ontology(date)
        index = TermIndex.of(earlier, shipped.index.vectors)
        queries = new_labels(index, later)
        for name, scores in methods(index, with_minilm=arguments.minilm).items():
            rows += measured(name, scores, index, queries, later)
    (RESULTS / "linking.json").write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def measured(
    method: str, scores: Scores, index: TermIndex, queries: Sequence[Label], later: Ontology
) -> list[dict[str, Any]]:
    """Return the figures of a method on all queries, and on those of each kind."""
    started = perf_counter()
    ranks = [rank(index, scores(query.text), later, query.go_id) for query in queries]
    seconds = (perf_counter() - started) / len(queries)
    strict, resolved = (np.array(column) for column in zip(*ranks, strict=True))
    rows = []
    for kind in ("all", *sorted({str(query.kind) for query in queries})):
        of_kind = np.array([kind in ("all", query.kind) for query in queries])
        row = {"index": index.info.release, "method": method, "kind": kind, "queries": int(of_kind.sum())}
        row |= {**figures(strict[of_kind]), "hit@1 resolved": float((resolved[of_kind] <= 1).mean())}
        rows.append({**row, "ms": round(1000 * seconds, 1)})
        print(*(f"{value:.3f}" if isinstance(value, float) else value for value in row.values()), flush=True)
    return rows


def search_sentences(data: Path, release: Ontology, shipped: Annotator, *, with_minilm: bool) -> None:
    """Search for the sentences of CRAFT's development articles in which people marked terms."""
    index = shipped.index
    table = pd.read_csv(data / "craft_dev.tsv.gz", sep="\t", dtype=str, keep_default_na=False)
    wanted = []
    for pmid, text, spans in zip(table["pmid"], table["text"], table["spans"], strict=True):
        marked = {live_term(release, go_id) for _, _, go_id, aspect, _ in json.loads(spans) if aspect != "MF"}
        marked &= index.number_of.keys()
        if marked:
            wanted.append((pmid, text, gains_of(release, marked)))
    wanted = wanted[::10]
    rows = []
    for name, scores in methods(index, with_minilm=with_minilm).items():
        gains = [gain_at_10(index, scores(text), worth) for _, text, worth in wanted]
        rows.append({"method": name, "sentences": len(gains), "nDCG@10": float(np.mean(gains))})
    annotated, by_fold = craft_sentences(data, release), []
    for articles in np.array_split(sorted(table["pmid"].unique()), 5):
        others = annotated[~annotated["article"].isin(articles)]
        annotator = Annotator(index, learn_names(release, [*others["annotated"]]), shipped.sureness)
        by_fold += [
            gain_at_10(index, ranked(annotator, text), worth)
            for pmid, text, worth in wanted
            if pmid in set(articles)
        ]
    rows[-1]["method"] = "gotune, by labels alone"
    rows.append({"method": "gotune", "sentences": len(by_fold), "nDCG@10": float(np.mean(by_fold))})
    for row in rows:
        print(*row.values())
    (RESULTS / "sentence_search.json").write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def ranked(annotator: Annotator, text: str) -> NDArray[np.float64]:
    """Return scores by which terms have the order in which search gives them."""
    scores = np.zeros(len(annotator.index))
    for place, match in enumerate(annotator.search([text], top=10)[0]):
        scores[annotator.index.number_of[match.go_id]] = 10 - place
    return scores


def gains_of(release: Ontology, marked: set[str]) -> dict[str, float]:
    """Return what finding each term is worth."""
    parents = {parent for go_id in marked for parent in release.parents(go_id, (IS_A, "part_of"))}
    return dict.fromkeys(parents, 0.5) | dict.fromkeys(marked, 1.0)


def gain_at_10(index: TermIndex, scores: NDArray[np.float64], gains: dict[str, float]) -> float:
    """Return the gain of the first ten terms, discounted by their places, as a share of the most there is."""
    discounts = 1 / np.log2(np.arange(2, 12))
    best = np.argsort(-scores, kind="stable")[:10]
    found = np.array(
        [gains.get(index.terms.ids[number], 0.0) if scores[number] > 0 else 0.0 for number in best]
    )
    most = np.array(sorted(gains.values(), reverse=True)[:10])
    return float((found * discounts).sum() / (most * discounts[: len(most)]).sum())


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


def methods(index: TermIndex, *, with_minilm: bool) -> dict[str, Scores]:
    """Return what searches an index."""
    exact = defaultdict(list)
    for number, text in enumerate(index.texts):
        exact[words_of(text)].append(number)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    table = characters.fit_transform(index.texts)

    def same_words(query: str) -> NDArray[np.float64]:
        found = np.zeros(len(index.texts))
        found[exact.get(words_of(query), [])] = 1
        return index.of_terms(found)

    found: dict[str, Scores] = {
        "same words": same_words,
        "BM25": bm25(index),
        "character TF-IDF": lambda query: index.of_terms(
            (table @ characters.transform([query]).T).toarray()[:, 0]
        ),
    }
    if with_minilm:
        found["MiniLM"] = minilm(index)
        found["joined by rank"] = joined([found["BM25"], found["character TF-IDF"], found["MiniLM"]])
    return found | {
        "gotune": lambda query: index.of_terms(index.nearness(index.vectors.embed([query])[0])),
    }


def bm25(index: TermIndex, k: float = 1.2, b: float = 0.75) -> Scores:
    """Return the search by BM25 over the stems of labels."""
    counter = CountVectorizer(analyzer=words_of, dtype=np.float64)
    counts = csr_array(counter.fit_transform(index.texts))
    lengths = counts.sum(axis=1)
    holding = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log(1 + (len(index.texts) - holding + 0.5) / (holding + 0.5))
    norm = np.repeat(k * (1 - b + b * lengths / lengths.mean()), np.diff(counts.indptr))
    counts.data = idf[counts.indices] * counts.data * (k + 1) / (counts.data + norm)
    return lambda query: index.of_terms((counts @ counter.transform([query]).T).toarray()[:, 0])


def minilm(index: TermIndex) -> Scores:
    """Return the search by the cosine of what a sentence encoder makes of labels."""
    encoder = TextEncoder.pretrained(MINILM, max_tokens=128)
    table = encoder.embed(index.texts)
    return lambda query: index.of_terms((table @ encoder.embed([query])[0]).astype(np.float64))


def joined(methods: Sequence[Scores], least: int = 60) -> Scores:
    """Return the search by the sum of the reciprocal ranks of several."""

    def scores(query: str) -> NDArray[np.float64]:
        found = np.zeros(0)
        for method in methods:
            of_method = method(query)
            ranks = np.empty(len(of_method))
            ranks[np.argsort(-of_method, kind="stable")] = np.arange(1, len(of_method) + 1)
            found = (found if len(found) else np.zeros(len(ranks))) + 1 / (least + ranks)
        return found

    return scores


def rank(index: TermIndex, of_terms: NDArray[np.float64], later: Ontology, go_id: str) -> tuple[float, float]:
    """Return the place of a term, and of the first that stands for it later; infinite if far away."""
    best = np.argsort(-of_terms, kind="stable")[:LOOKED_AT]
    ids = [index.terms.ids[number] for number in best if of_terms[number] > 0]
    strict = next((place for place, one in enumerate(ids, start=1) if one == go_id), np.inf)
    resolved = (place for place, one in enumerate(ids, start=1) if go_id in later.resolve(one))
    return strict, next(resolved, np.inf)


def figures(ranks: NDArray[np.float64]) -> dict[str, float]:
    """Return the share of queries found at the first places, and the mean of one by place."""
    hits = {f"hit@{most}": float((ranks <= most).mean()) for most in (1, 5, 10)}
    return {**hits, "MRR": float((1 / ranks).mean())}


if __name__ == "__main__":
    main()
