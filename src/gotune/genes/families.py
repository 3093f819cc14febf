"""Families of genes: those of like names, which methods succeed or fail on together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

import networkx as nx

from gotune.genes.gene import Gene

FOLDS = 5
_STEM = re.compile(r"([A-Za-z]{2,})[-.]?[0-9]")
_NUMBERED = re.compile(
    r"C[GR]\d+|LOC\d+|Gm\d+|AT[1-5CM]G\d+|Y[A-P][LR]\d{3}[CW](?:-[A-Z])?|Os\d\dg\d+", re.IGNORECASE
)
"""Symbols that are only numbers of genes without a name."""


def families_of(genes: Iterable[Gene]) -> dict[str, str]:
    """Return the family of each gene: those joined by the same beginning of a symbol, or of a name.

    ::

        Or19a, Or22b: or          odorant receptor 19a: odorant receptor
    """
    graph: nx.Graph[str] = nx.Graph()
    ids = set()
    for gene in genes:
        ids.add(gene.id)
        graph.add_node(gene.id)
        if (stem := _STEM.match(gene.symbol)) and not _NUMBERED.match(gene.symbol):
            graph.add_edge(gene.id, f"symbol {stem[1].casefold()}")
        if words := [word for word in gene.name.casefold().split() if not re.search("[0-9]", word)]:
            graph.add_edge(gene.id, f"name {' '.join(words)}")
    return {one: min(part) for part in nx.connected_components(graph) for one in part if one in ids}


def folds_of(families: Mapping[str, str], n_folds: int = FOLDS) -> dict[str, int]:
    """Return the fold of each gene: families, the largest first, go where there are fewest genes."""
    sizes = Counter(families.values())
    genes = [0] * n_folds
    fold_of = {}
    for family, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        fold_of[family] = genes.index(min(genes))
        genes[fold_of[family]] += size
    return {gene: fold_of[family] for gene, family in families.items()}
