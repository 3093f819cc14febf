"""The term table: one row a live term, what every dataset and picture starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gotune.aspects import ASPECTS, Aspect

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from gotune.ontology.ontology import Ontology

ACYCLIC_RELATIONS = ("is_a", "part_of", "regulates", "positively_regulates", "negatively_regulates")
"""The relations of go-basic.obo, which together have no circle."""

TERM_COLUMNS = ("go_id", "name", "aspect", "definition", "n_words")


def term_table(ontology: Ontology) -> pd.DataFrame:
    r"""Return the live terms of a release in file order.

    Returns:
        Columns ``go_id``, ``name``, ``aspect`` (OBO namespace), ``definition`` (None where the term has
        none) and ``n_words`` (matches of ``\w+`` in the definition, 0 without one).
    """
    table = ontology.frame[list(TERM_COLUMNS[:-1])].copy()
    table["aspect"] = table["aspect"].astype(str)
    table["n_words"] = table["definition"].str.count(r"\w+").fillna(0).astype("int64")
    return table


def count_aspects(table: pd.DataFrame) -> dict[Aspect, int]:
    """Count the rows of each aspect, in label order."""
    counts = table["aspect"].value_counts()
    return {aspect: int(counts.get(aspect.value, 0)) for aspect in ASPECTS}


def term_graph(terms: pd.DataFrame, edges: pd.DataFrame) -> nx.MultiDiGraph[str]:
    """Return terms and edges as a graph from child to parent, edges keyed by relation.

    Args:
        terms: From `term_table`; ``name`` and ``namespace`` become node attributes, as obonet has them.
        edges: Columns ``child``, ``relation`` and ``parent``.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for go_id, name, aspect in zip(terms["go_id"], terms["name"], terms["aspect"], strict=True):
        graph.add_node(go_id, name=name, namespace=aspect)
    graph.add_edges_from(zip(edges["child"], edges["parent"], edges["relation"], strict=True))
    return graph
