"""How near text lies to the graph: cosines of names of terms beside how much the terms have in common.

::

    python benchmarks/similarity.py

Terms are as similar as Lin has it (1998, "An information-theoretic definition of similarity"; of GO: Lord et
al. 2003, doi:10.1093/bioinformatics/btg153): twice the information content of the most informative term that
both are or lie below of, by ``is_a`` and ``part_of`` within the aspect, over the sum of their own. The
information content of a term is ``-log`` of the share of annotated genes with it or a term below, of those
with an annotation in the aspect, on any evidence, in the annotations of seven species of January 2019 that
``gotune genes`` has (doi:10.1093/nar/gku1113). The release is that of 2021-12-15. Terms without a gene are
left out.

Most pairs of terms have nothing in common. So a pair is drawn in three steps: a term; this or one above it,
but for the root; and another term that is this one or lies below it, each as probable as any other.
Spearman's rank correlation is over `PAIRS` such pairs of an aspect, and over those of them whose names share
no word; its interval is by the bootstrap over pairs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import TfidfVectorizer

import gotune
from gotune.aspects import ASPECTS, Aspect
from gotune.estimates import estimate
from gotune.genes.space import TermSpace
from gotune.genes.species import load_species
from gotune.linking.annotator import Annotator
from gotune.linking.vectors import words_of
from gotune.model.embedding import TextEncoder

RELEASE = "2021-12-15"
PAIRS = 10_000
RESAMPLES = 200
RESULT = Path(__file__).parent / "results" / "similarity.json"

Cosines = Callable[[Sequence[str], Sequence[str]], NDArray[np.float64]]
"""Gives the cosine of each text of the first with that of the second at its place."""


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter).parse_args()
    release = gotune.load_ontology(RELEASE)
    space = TermSpace(release)
    genes = load_species(release, space).of_any.getnnz(axis=0)
    names = [release[go_id].name for go_id in space.ids]
    rows = []
    found = methods(names)
    for aspect in ASPECTS:
        pairs = draw(space, genes, aspect)
        first, second = ([names[number] for number in column] for column in pairs.T)
        similar = lin(space, genes, pairs, aspect)
        apart = np.array([not {*words_of(a)} & {*words_of(b)} for a, b in zip(first, second, strict=True)])
        for method, cosines in found.items():
            near = cosines(first, second)
            row: dict[str, Any] = {"aspect": aspect.value, "method": method}
            for what, kept in (("all", np.ones(len(pairs), bool)), ("no word shared", apart)):
                row[what] = {"pairs": int(kept.sum()), **correlation(similar[kept], near[kept])}
            rows.append(row)
            print(json.dumps(row), flush=True)
    RESULT.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def draw(space: TermSpace, genes: NDArray[np.int64], aspect: Aspect) -> NDArray[np.int64]:
    """Return pairs of terms that have something in common beside the root, of shape ``(PAIRS, 2)``."""
    random = Random(0)  # noqa: S311
    above, below = space.lineages, space.lineages.T.tocsr()
    terms = np.flatnonzero(space.of_aspect(aspect) & (genes > 0)).tolist()
    known = set(terms)
    found: dict[tuple[int, int], None] = {}
    while len(found) < PAIRS:
        first = random.choice(terms)
        common = random.choice([one for one in row(above, first) if one in known])
        second = random.choice([one for one in row(below, common) if one in known])
        if first != second:
            found[min(first, second), max(first, second)] = None
    return np.array([*found])


def row(table: Any, number: int) -> list[int]:  # noqa: ANN401 (a matrix of scipy)
    """Return the columns of a row that are not 0."""
    columns: list[int] = table.indices[table.indptr[number] : table.indptr[number + 1]].tolist()
    return columns


def lin(
    space: TermSpace, genes: NDArray[np.int64], pairs: NDArray[np.int64], aspect: Aspect
) -> NDArray[np.float64]:
    """Return how similar terms are."""
    (root,) = np.flatnonzero((space.aspects == aspect.label) & space.is_root)
    content = -np.log(np.maximum(genes, 1) / genes[root])
    shared = [max(content[[*{*row(space.lineages, a)} & {*row(space.lineages, b)}]]) for a, b in pairs]
    return 2 * np.array(shared) / content[pairs].sum(axis=1)


def methods(names: Sequence[str]) -> dict[str, Cosines]:
    """Return what gives cosines of names."""
    vectors, encoder = (
        Annotator.load().index.vectors,
        TextEncoder.pretrained("all-MiniLM-L6-v2", max_tokens=128),
    )
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit(names)

    def of_rows(embed: Callable[[Sequence[str]], NDArray[np.float32]]) -> Cosines:
        def cosines(first: Sequence[str], second: Sequence[str]) -> NDArray[np.float64]:
            place = {text: row for row, text in enumerate(dict.fromkeys([*first, *second]))}
            table = embed(list(place)).astype(np.float64)
            one, other = (table[[place[text] for text in texts]] for texts in (first, second))
            return (one * other).sum(axis=1)

        return cosines

    def of_characters(first: Sequence[str], second: Sequence[str]) -> NDArray[np.float64]:
        products = characters.transform(first).multiply(characters.transform(second))
        return np.asarray(products.sum(axis=1)).ravel()

    return {
        "gotune": of_rows(vectors.embed),
        "character TF-IDF": of_characters,
        "MiniLM": of_rows(encoder.embed),
    }


def correlation(similar: NDArray[np.float64], near: NDArray[np.float64]) -> dict[str, Any]:
    """Return Spearman's rank correlation with its interval."""
    random = np.random.default_rng(0)
    drawn = (random.integers(len(near), size=len(near)) for _ in range(RESAMPLES))
    replicates = np.array([spearmanr(similar[one], near[one]).statistic for one in drawn])
    return asdict(estimate(spearmanr(similar, near).statistic, replicates))


if __name__ == "__main__":
    main()
