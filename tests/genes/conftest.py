"""What the tests of genes share: a small release with protein binding, and the terms of the example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from gotune.genes.reference import Reference
from gotune.genes.space import TermSpace
from gotune.linking.annotator import Annotator
from gotune.ontology.loading import example_ontology, load_ontology
from gotune.ontology.ontology import Ontology
from tests.genes.annotated import reference_of

SMALL = """format-version: 1.4
data-version: releases/2030-01-31
"""
TERMS = (
    # id, aspect, parents, wholes
    ("GO:0000001", "biological_process", "", ""),
    ("GO:0000002", "cellular_component", "", ""),
    ("GO:0000003", "molecular_function", "", ""),
    ("GO:0000011", "biological_process", "GO:0000001", ""),
    ("GO:0000012", "biological_process", "GO:0000011", ""),
    ("GO:0000013", "biological_process", "GO:0000001", "GO:0000012"),
    ("GO:0000021", "cellular_component", "GO:0000002", ""),
    ("GO:0005488", "molecular_function", "GO:0000003", ""),
    ("GO:0005515", "molecular_function", "GO:0005488", ""),
    ("GO:0000031", "molecular_function", "GO:0005515", ""),
    ("GO:0000032", "molecular_function", "GO:0000003", "GO:0000013"),
)
OBSOLETE = """
[Term]
id: GO:0000091
name: split since
namespace: biological_process
is_obsolete: true
consider: GO:0000011
consider: GO:0000012

[Term]
id: GO:0000092
name: joined since
namespace: biological_process
is_obsolete: true
replaced_by: GO:0000013

[Term]
id: GO:0000093
name: perhaps another since
namespace: biological_process
is_obsolete: true
consider: GO:0000011
"""


def small_release(folder: Path) -> Path:
    """Write the OBO file of the small release."""
    path = folder / "small.obo"
    stanzas = [SMALL]
    for go_id, aspect, parent, whole in TERMS:
        stanzas.append(f"\n[Term]\nid: {go_id}\nname: term {go_id}\nnamespace: {aspect}\n")
        stanzas += [f"is_a: {parent}\n"] * bool(parent)
        stanzas += [f"relationship: part_of {whole}\n"] * bool(whole)
    path.write_text("".join([*stanzas, OBSOLETE]), encoding="utf-8")
    return path


def constrained_release(folder: Path, said: Mapping[str, Sequence[str]], more: str = "") -> Path:
    """Write the small release with more lines in some of its stanzas, and more stanzas."""
    path = small_release(folder)
    text = path.read_text()
    for go_id, lines in said.items():
        text = text.replace(f"\nid: {go_id}\n", "\n".join([f"\nid: {go_id}", *lines, ""]))
    path.write_text(text + more)
    return path


def write_nodes(path: Path, parents: Mapping[int, int]) -> Path:
    """Write taxa as NCBI does in nodes.dmp."""
    lines = (f"{taxon}\t|\t{above}\t|\tno rank\t|\t\t|\t8\t|\n" for taxon, above in parents.items())
    path.write_text("".join(lines))
    return path


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    """Eleven terms, among them a process that is a part of another, and a function that is a part of it."""
    path = small_release(tmp_path_factory.mktemp("release"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOTUNE_CACHE", str(tmp_path_factory.mktemp("cache")))
        return load_ontology(path)


@pytest.fixture(scope="session")
def space(small: Ontology) -> TermSpace:
    return TermSpace(small)


@pytest.fixture(scope="session")
def example_space(tmp_path_factory: pytest.TempPathFactory) -> TermSpace:
    """The terms of the example ontology."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOTUNE_CACHE", str(tmp_path_factory.mktemp("cache")))
        return TermSpace(example_ontology())


@pytest.fixture(scope="session")
def reference(small: Ontology, space: TermSpace) -> Reference:
    """The annotated genes of `tests.genes.annotated`."""
    return reference_of(small, space)


@pytest.fixture(scope="session")
def namer(small: Ontology) -> Annotator:
    """What finds the terms of the small release, such as "term GO:0000012"."""
    return Annotator.load().of_release(small)
