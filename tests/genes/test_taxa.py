from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.errors import GeneError
from gotune.genes.annotator import GeneAnnotator
from gotune.genes.gene import Gene
from gotune.genes.joiner import Joiner
from gotune.genes.space import TermSpace
from gotune.genes.taxa import TaxonConstraints, Taxonomy
from gotune.linking.annotator import Annotator
from gotune.ontology.loading import load_ontology
from gotune.ontology.ontology import Ontology
from tests.genes.annotated import reference_of
from tests.genes.conftest import constrained_release, small_release, write_nodes

PARENTS = {1: 1, 2: 1, 5: 1, 7: 5, 70: 7, 8: 2}
"""Taxon 7, a strain of it, and 8, which is of another kingdom."""


@pytest.fixture
def nodes(tmp_path: Path) -> Path:
    return write_nodes(tmp_path / "nodes.dmp", PARENTS)


def of_taxon(taxon: int | None) -> Gene:
    return Gene(f"of {taxon}", "Lid9", "lid opener 9", (), taxon)


def forbidden(constraints: TaxonConstraints, space: TermSpace, taxon: int | None) -> set[str]:
    """Return the ends of the ids of the terms that a gene of a taxon cannot have."""
    every = np.arange(len(space))
    allowed = constraints.allow([of_taxon(taxon)], np.zeros_like(every), every)
    return {one[-2:] for one, may in zip(space.ids, allowed, strict=True) if not may}


def release_with(folder: Path, said: Mapping[str, tuple[str, ...]], more: str = "") -> Ontology:
    return load_ontology(constrained_release(folder, said, more))


def test_what_is_above_a_taxon(nodes: Path, tmp_path: Path) -> None:
    taxonomy = Taxonomy.read(nodes)
    assert taxonomy.lineage(70) == {70, 7, 5, 1}
    assert taxonomy.lineage(1) == {1}
    assert taxonomy.lineage(6) == taxonomy.lineage(99) == frozenset()
    packed = tmp_path / "nodes.dmp.gz"
    packed.write_bytes(gzip.compress(nodes.read_bytes()))
    assert Taxonomy.read(packed).lineage(8) == {8, 2, 1}


@given(above=st.lists(st.integers(0, 30), min_size=1, max_size=30), random=st.randoms())
def test_lineages_are_those_of_any_tree(
    above: list[int], random: Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The parent of each taxon is one of those before it; the lines may come in any order."""
    parents = {1: 1} | {n + 2: 1 + parent % (n + 1) for n, parent in enumerate(above)}
    shuffled = list(parents.items())
    random.shuffle(shuffled)
    path = write_nodes(tmp_path_factory.mktemp("nodes") / "nodes.dmp", dict(shuffled))
    taxonomy = Taxonomy.read(path)
    for taxon in parents:
        found, one = {taxon}, taxon
        while one != 1:
            one = parents[one]
            found.add(one)
        assert taxonomy.lineage(taxon) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "1\t|\t1\t|\tno rank\t|\nhuman\t|\t1\t|\n",
            r"line 2: expected child \| parent \| rank ..., found 'hu",
        ),
        ("1\t|\t1\t|\tno rank\t|\n9606\t|\t10", "line 2: expected child"),
        ("1\t|\t1\t|\tx\t|\n2\t|\t9\t|\tx\t|\n", "found 1 that are not below it"),
        ("1\t|\t1\t|\tx\t|\n2\t|\t3\t|\tx\t|\n3\t|\t2\t|\tx\t|\n", "found 2 that are not below it"),
        ("1\t|\t1\t|\tx\t|\n2\t|\t1\t|\tx\t|\n2\t|\t1\t|\tx\t|\n", "found one twice"),
        ("9999999999\t|\t1\t|\tx\t|\n", "expected child"),
        ("", "in a tree below taxon 1, found none"),
    ],
)
def test_what_is_no_taxonomy_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "nodes.dmp"
    path.write_text(text)
    with pytest.raises(GeneError, match=said) as refused:
        Taxonomy.read(path)
    assert "taxdump.tar.gz" in str(refused.value)


def test_a_constraint_holds_for_all_below_its_term(nodes: Path, tmp_path: Path) -> None:
    """A kind, a part, and a function that is a part of a part."""
    release = release_with(tmp_path, {"GO:0000012": ("relationship: only_in_taxon NCBITaxon:5",)})
    space = TermSpace(release)
    constraints = TaxonConstraints(release, space, Taxonomy.read(nodes))
    assert forbidden(constraints, space, 8) == {"12", "13", "32"}
    assert forbidden(constraints, space, 70) == forbidden(constraints, space, None) == set()
    assert (constraints.n, constraints.n_unknown) == (1, 0)


@pytest.mark.parametrize(
    ("line", "of_7", "of_8"),
    [
        ("relationship: never_in_taxon NCBITaxon:5", True, False),
        ("relationship: never_in_taxon NCBITaxon:7 {source=\"PMID:1\"} ! seven", True, False),
        ("property_value: RO:0002161 NCBITaxon:1", True, True),
        ("property_value: RO:0002160 NCBITaxon:2", True, False),
        ("property_value: RO:0002162 NCBITaxon:5 ! five", False, True),
        ("relationship: in_taxon NCBITaxon:6", True, True),
        ("relationship: only_in_taxon NCBITaxon_Union:0000001", False, False),
        ("relationship: never_in_taxon NCBITaxon_Union:0000001", True, True),
        ("relationship: only_in_taxon NCBITaxon_Union:0000002", True, False),
        ("relationship: only_in_taxon NCBITaxon_Union:0000003", False, False),
        ("relationship: never_in_taxon NCBITaxon_Union:0000004", True, False),
        ("relationship: only_in_taxon NCBITaxon_Union:0000005", False, False),
    ],
)  # fmt: skip
def test_each_kind_of_constraint(line: str, of_7: bool, of_8: bool, nodes: Path, tmp_path: Path) -> None:
    unions = {
        "0000001": (":2", ":5"), "0000002": (":2", ":6"),
        "0000004": (":7", "_Union:0000006"), "0000005": (":7", "_Union:0000003"),
        "0000006": (":6", "_Union:0000004"),
    }  # fmt: skip
    more = "".join(
        f"\n[Term]\nid: NCBITaxon_Union:{id_}\nname: some taxa\n"
        + "".join(f"union_of: NCBITaxon{taxon}\n" for taxon in members)
        for id_, members in unions.items()
    )
    release = release_with(tmp_path, {"GO:0000021": (line,)}, more)
    space = TermSpace(release)
    constraints = TaxonConstraints(release, space, Taxonomy.read(nodes))
    found = [bool(forbidden(constraints, space, taxon)) for taxon in (7, 8)]
    assert found == [of_7, of_8]
    assert constraints.n_unknown == line.endswith(("3", "0000005"))  # one is not there


TAXA = """
[Term]
id: NCBITaxon:1
name: root

[Term]
id: NCBITaxon:5
name: five
is_a: NCBITaxon:1

[Term]
id: NCBITaxon:7
is_a: NCBITaxon:5
"""


@pytest.mark.parametrize(
    ("more", "of_7", "of_8", "n_unchecked"),
    [("", {"21"}, set(), 3), (TAXA, {"21", "12", "13", "32"}, set(), 2)],
    ids=["none", "those of the release"],
)
def test_without_a_taxonomy(
    more: str, of_7: set[str], of_8: set[str], n_unchecked: int, tmp_path: Path
) -> None:
    """What names the taxon itself holds, and what the release tells of its lineage if it does."""
    said = {
        "GO:0000012": ("relationship: only_in_taxon NCBITaxon:2",),
        "GO:0000021": ("relationship: never_in_taxon NCBITaxon:7",),
    }
    release = release_with(tmp_path, said, more)
    space = TermSpace(release)
    constraints = TaxonConstraints(release, space)
    assert forbidden(constraints, space, 7) == of_7
    assert forbidden(constraints, space, 8) == of_8
    assert constraints.n_unchecked([of_taxon(7), of_taxon(8), of_taxon(None)]) == n_unchecked


def test_pairs_of_several_genes(nodes: Path, tmp_path: Path) -> None:
    release = release_with(tmp_path, {"GO:0000012": ("relationship: only_in_taxon NCBITaxon:5",)})
    space = TermSpace(release)
    constraints = TaxonConstraints(release, space, Taxonomy.read(nodes))
    genes = [of_taxon(taxon) for taxon in (8, 7, None, 8, 10**11)]
    held, free = (space.number_of[f"GO:00000{end}"] for end in ("12", "21"))
    rows, terms = np.repeat(np.arange(5), 2), np.array([held, free] * 5)
    expected = [False, True, True, True, True, True, False, True, True, True]
    assert constraints.allow(genes, rows, terms).tolist() == expected
    assert constraints.allow([], rows[:0], terms[:0]).tolist() == []


def test_a_release_without_constraints(tmp_path: Path, nodes: Path) -> None:
    release = load_ontology(small_release(tmp_path))
    space = TermSpace(release)
    constraints = TaxonConstraints(release, space, Taxonomy.read(nodes))
    assert (constraints.n, forbidden(constraints, space, 8)) == (0, set())
    assert constraints.n_unchecked([of_taxon(99)]) == 0


def test_nothing_forbidden_is_scored_or_suggested(nodes: Path, tmp_path: Path, namer: Annotator) -> None:
    release = release_with(tmp_path, {"GO:0000012": ("relationship: only_in_taxon NCBITaxon:5",)})
    space = TermSpace(release)
    reference = reference_of(release, space)
    some = GeneAnnotator(release, reference, namer, Joiner.load(), Taxonomy.read(nodes))
    genes = [of_taxon(8), of_taxon(7)]
    of_8, of_7 = (set(row.indices) for row in some.scores(genes).scores)
    gone = {space.number_of[f"GO:00000{end}"] for end in ("12", "13", "32")}
    assert not of_8 & gone
    assert of_7 & gone
    told = some.annotate(genes, threshold=0.0, min_depth=1)
    of_8, of_7 = ({space.number_of[term.go_id] for term in one.suggestions} for one in told)
    assert of_8
    assert not of_8 & gone
    assert of_7 & gone
