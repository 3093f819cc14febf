"""An ontology as the networkx graph that users of obonet know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gotune.ontology.obo import quoted
from gotune.ontology.terms import Synonym, Term

if TYPE_CHECKING:
    import networkx as nx

    from gotune.ontology.ontology import Ontology


def to_networkx(ontology: Ontology) -> nx.MultiDiGraph[str]:
    """Return the live terms with edges from child to parent, keyed by relation.

    Attributes are named after the OBO tags and present only where the term has the tag, as in obonet
    (https://github.com/dhimmel/obonet, ``read_obo``). On GO 2021-12-15 nodes, edges and attributes are the
    same but for two things: runs of blanks in texts are one blank, and an ``xref`` is its id alone, without a
    description.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="go", release=ontology.release)
    for term in ontology.terms():
        graph.add_node(term.id, **_attributes(term))
        edges = [("is_a", target) for target in term.is_a] + list(term.relationships)
        graph.add_edges_from((term.id, target, relation) for relation, target in edges if target in ontology)
    return graph


def _attributes(term: Term) -> dict[str, Any]:
    definition = None if term.definition is None else _with_references(term.definition, term.definition_xrefs)
    attributes = {
        "name": term.name,
        "namespace": term.aspect.value,
        "alt_id": list(term.alt_ids),
        "def": definition,
        "comment": term.comment,
        "subset": list(term.subsets),
        "synonym": [_synonym(synonym) for synonym in term.synonyms],
        "xref": list(term.xrefs),
        "is_a": list(term.is_a),
        "relationship": [f"{relation} {target}" for relation, target in term.relationships],
    }
    return {tag: value for tag, value in attributes.items() if value}


def _synonym(synonym: Synonym) -> str:
    kind = f" {synonym.type}" if synonym.type else ""
    return _with_references(synonym.text, synonym.xrefs, between=f"{synonym.scope}{kind} ")


def _with_references(text: str, xrefs: tuple[str, ...], between: str = "") -> str:
    return f"{quoted(text)} {between}[{', '.join(xrefs)}]"
