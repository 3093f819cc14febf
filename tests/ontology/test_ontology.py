from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest

from gotune.aspects import ASPECTS, Aspect
from gotune.errors import UnknownTermError
from gotune.ontology.loading import load_ontology
from gotune.ontology.ontology import Ontology
from gotune.ontology.terms import Scope, Synonym, Term

WriteObo = Callable[[str], Path]

ALL = ("is_a", "part_of", "regulates", "positively_regulates", "negatively_regulates", "capable_of")


def test_facts(example: Ontology) -> None:
    assert example.release == "2024-02-29"
    assert example.source == "example.obo"
    assert not example.skipped
    assert len(example) == 51
    assert len(list(example.terms())) == 51
    assert list(example) == [term.id for term in example.terms()]
    assert repr(example) == "<Ontology 2024-02-29: 51 terms, 2 obsolete>"
    assert [term.id for term in example.obsolete()] == ["GO:9000080", "GO:9000081"]
    assert example.roots == ("GO:9000001", "GO:9000002", "GO:9000003")


def test_term(example: Ontology) -> None:
    assert example["GO:9000012"] == Term(
        id="GO:9000012",
        name="sugar breakdown",
        namespace=Aspect.BIOLOGICAL_PROCESS,
        definition="The reactions and pathways by which sugars are taken apart, mostly to gain energy.",
        definition_xrefs=("GOC:example",),
        synonyms=(
            Synonym("sugar catabolism", Scope.EXACT, "systematic_synonym", ("GOC:example", "EXAMPLE:1")),
            Synonym("sugar use", Scope.BROAD),
        ),
        xrefs=("Wikipedia:Glycolysis",),
        is_a=("GO:9000011",),
    )
    quoted = example["GO:9000017"].definition
    assert quoted is not None
    assert quoted.endswith('often called "phototaxis" where the cell swims.')
    assert example["GO:9000045"].definition is None
    assert example["GO:9000026"].aspect is Aspect.BIOLOGICAL_PROCESS  # by the default namespace


def test_membership_is_of_live_ids(example: Ontology) -> None:
    assert "GO:9000010" in example
    assert "GO:9000080" not in example
    assert "GO:9000091" not in example
    assert 3 not in example


@pytest.mark.parametrize(
    ("id_", "live"),
    [
        ("GO:9000010", ("GO:9000010",)),
        ("GO:9000091", ("GO:9000010",)),
        ("GO:9000080", ("GO:9000051",)),
        ("GO:9000081", ("GO:9000014", "GO:9000015")),
    ],
)
def test_resolve(example: Ontology, id_: str, live: tuple[str, ...]) -> None:
    assert example.resolve(id_) == live


def test_unknown_ids(example: Ontology) -> None:
    with pytest.raises(UnknownTermError, match="an id that the release does not have"):
        example["GO:1"]
    with pytest.raises(UnknownTermError, match="an id that the release does not have"):
        example.resolve("GO:1")
    with pytest.raises(UnknownTermError, match="Use GO:9000010 instead"):
        example["GO:9000091"]
    with pytest.raises(UnknownTermError, match="Use GO:9000014 or GO:9000015 instead"):
        example.parents("GO:9000081")


def test_resolve_follows_chains_and_survives_circles(write_obo: WriteObo) -> None:
    obsolete = "[Term]\nid: GO:{}\nnamespace: biological_process\nis_obsolete: true\n{}\n\n"
    ontology = load_ontology(
        write_obo(
            "[Term]\nid: GO:1\nname: one\nnamespace: biological_process\nalt_id: GO:11\n\n"
            + obsolete.format(2, "replaced_by: GO:11")
            + obsolete.format(3, "alt_id: GO:33\nreplaced_by: GO:2")
            + obsolete.format(4, "replaced_by: GO:5")
            + obsolete.format(5, "replaced_by: GO:4\nconsider: CL:1")
            + obsolete.format(6, "replaced_by: GO:5\nconsider: GO:1\nconsider: GO:33")
        )
    )
    assert ontology.resolve("GO:33") == ("GO:1",)
    circle = load_ontology(
        write_obo(
            "[Term]\nid: GO:1\nname: one\nnamespace: biological_process\n\n"
            "[Term]\nid: GO:2\nname: two\nnamespace: biological_process\n\n"
            + obsolete.format(3, "replaced_by: GO:4\nconsider: GO:6")
            + obsolete.format(4, "replaced_by: GO:5")
            + obsolete.format(5, "replaced_by: GO:4\nconsider: GO:2")
            + obsolete.format(6, "replaced_by: GO:1\nconsider: GO:5")
        )
    )
    assert (circle.resolve("GO:4"), circle.resolve("GO:3")) == (("GO:2",), ("GO:2",))
    assert ontology.resolve("GO:4") == ()
    assert ontology.resolve("GO:6") == ("GO:1",)
    assert ontology.resolve("GO:33", consider=False) == ("GO:1",)
    assert ontology.resolve("GO:6", consider=False) == ()
    with pytest.raises(UnknownTermError, match="names no replacement"):
        ontology["GO:4"]


def test_resolve_takes_no_longer_for_many_ways(write_obo: WriteObo) -> None:
    stanza = "[Term]\nid: GO:{}\nnamespace: biological_process\nis_obsolete: true\n{}\n"
    layers = [
        stanza.format(f"{layer}{side}", f"replaced_by: GO:{layer + 1}0\nreplaced_by: GO:{layer + 1}1\n")
        for layer in range(100, 600)
        for side in "01"
    ]
    ends = [f"[Term]\nid: GO:600{side}\nname: {side}\nnamespace: biological_process\n\n" for side in "01"]
    ontology = load_ontology(write_obo("".join([*layers, *ends])))
    assert ontology.resolve("GO:1000") == ("GO:6000", "GO:6001")


def test_one_edge_away(example: Ontology) -> None:
    assert example.parents("GO:9000062") == ("GO:9000060", "GO:9000050")
    assert example.parents("GO:9000062", ("part_of",)) == ("GO:9000025",)
    assert example.parents("GO:9000001") == ()
    assert example.children("GO:9000020") == ("GO:9000021", "GO:9000022")
    assert example.children("GO:9000018", ("part_of", "regulates")) == ("GO:9000019", "GO:9000020")


def test_reach(example: Ontology) -> None:
    assert example.ancestors("GO:9000012") == {"GO:9000011", "GO:9000010", "GO:9000001"}
    assert example.ancestors("GO:9000051", ("is_a", "part_of")) == {
        "GO:9000050", "GO:9000003", "GO:9000012", "GO:9000011", "GO:9000010", "GO:9000001",
    }  # fmt: skip
    assert example.descendants("GO:9000014") == {"GO:9000015"}
    assert example.descendants("GO:9000012") == frozenset()


@pytest.mark.parametrize("relations", [("is_a",), ("is_a", "part_of"), ALL])
def test_reach_is_that_of_networkx(example: Ontology, relations: tuple[str, ...]) -> None:
    whole = example.to_networkx()
    edges = [edge for edge in whole.edges(keys=True) if edge[2] in relations]
    graph = whole.edge_subgraph(edges)
    for id_ in graph:
        assert example.ancestors(id_, relations) == nx.descendants(graph, id_)
        assert example.descendants(id_, relations) == nx.ancestors(graph, id_)


def test_bare_relation_is_refused(example: Ontology) -> None:
    with pytest.raises(TypeError, match=r"\('is_a',\)"):
        example.ancestors("GO:9000012", "is_a")


def test_frame(example: Ontology) -> None:
    frame = example.frame
    assert list(frame.columns) == ["go_id", "name", "aspect", "definition"]
    assert frame["go_id"].tolist() == [term.id for term in example.terms()]
    assert frame["name"].tolist() == [term.name for term in example.terms()]
    assert frame["aspect"].tolist() == [term.aspect.value for term in example.terms()]
    assert frame["definition"].tolist() == [term.definition for term in example.terms()]
    assert frame["aspect"].cat.categories.tolist() == list(ASPECTS)
    assert frame.loc[frame["go_id"] == "GO:9000045", "definition"].item() is None


def test_frame_is_the_callers_own(example: Ontology) -> None:
    frame = example.frame
    frame.loc[0, "name"] = "changed"
    assert example.frame.loc[0, "name"] == "biological_process"


def test_networkx_graph_is_obonets(example: Ontology) -> None:
    graph = example.to_networkx()
    assert isinstance(graph, nx.MultiDiGraph)
    assert len(graph) == 51
    assert graph.has_edge("GO:9000042", "GO:9000062", "capable_of")
    assert sorted(graph.out_edges("GO:9000019", keys=True)) == [
        ("GO:9000019", "GO:9000001", "is_a"),
        ("GO:9000019", "GO:9000018", "part_of"),
    ]
    assert graph.nodes["GO:9000017"] == {
        "name": "movement towards light",
        "namespace": "biological_process",
        "def": '"The directed travel of a cell to where it is brighter; often called \\"phototaxis\\" '
        'where the cell swims." [GOC:example, EXAMPLE:17]',
        "synonym": ['"positive phototaxis" NARROW []'],
        "is_a": ["GO:9000016"],
    }
    assert graph.nodes["GO:9000012"]["synonym"][0] == (
        '"sugar catabolism" EXACT systematic_synonym [GOC:example, EXAMPLE:1]'
    )
    assert graph.nodes["GO:9000019"]["relationship"] == ["part_of GO:9000018"]


def test_equality_is_of_content(example: Ontology, write_obo: WriteObo) -> None:
    other = load_ontology(write_obo("[Term]\nid: GO:1\nname: one\nnamespace: biological_process\n\n"))
    assert example != other
    assert example != "example"
    assert len({example, other}) == 2


def test_edges_are_those_of_the_graph(example: Ontology) -> None:
    edges = example.edges
    assert list(edges.columns) == ["child", "relation", "parent"]
    rows = set(edges[["child", "parent", "relation"]].itertuples(index=False, name=None))
    assert rows == set(example.to_networkx().edges(keys=True))
    assert len(rows) == len(edges)


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("membrane", ["GO:9000031", "GO:9000026", "GO:9000034", "GO:9000032", "GO:9000038"]),
        ("Sugar  ", []),
        ("SUGAR CATABOLISM", ["GO:9000012"]),  # an exact synonym
        ("sugar use", []),  # a broad one
        ("fermentase", []),  # obsolete
        ("wards", ["GO:9000017"]),
    ],
)
def test_search_by_name(words: str, ids: list[str], example: Ontology) -> None:
    """Terms of just this name first, then the shortest names."""
    assert [term.id for term in example.search(words)] == ids
