from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gotune.arrays import pack_lines
from gotune.aspects import Aspect
from gotune.errors import OboError
from gotune.linking.annotator import Annotator
from gotune.linking.index import TermIndex
from gotune.linking.labels import Kind, labels_of, terms_to_suggest
from gotune.linking.vectors import PhraseVectors
from gotune.ontology.ontology import Ontology, to_table
from gotune.ontology.terms import CountedLines, Scope, Synonym


def test_labels_are_the_name_and_the_synonyms_each_once(example: Ontology) -> None:
    assert [*labels_of(example["GO:9000012"])] == [
        ("sugar breakdown", "GO:9000012", Kind.NAME),
        ("sugar catabolism", "GO:9000012", Kind.EXACT),
        ("sugar use", "GO:9000012", Kind.BROAD),
    ]
    again = replace(example["GO:9000033"], synonyms=(Synonym("nucleus", Scope.BROAD),))
    assert [*labels_of(again)] == [("nucleus", "GO:9000033", Kind.NAME)]


def changed(example: Ontology, **values: object) -> Ontology:
    """Return the example with its second to last live term changed."""
    terms = [*example.terms()]
    terms[-2] = replace(terms[-2], **values)  # type: ignore[arg-type]
    nothing = CountedLines()
    return Ontology(
        to_table(terms), release="x", sha256="0", source="x.obo", skipped=nothing, repaired=nothing
    )


def test_roots_and_terms_not_for_annotation_are_left_out(example: Ontology) -> None:
    ids = {term.id for term in terms_to_suggest(example)}
    assert ids == set(example) - set(example.roots)
    fewer = changed(example, subsets=("gocheck_do_not_annotate",))
    assert ids - {term.id for term in terms_to_suggest(fewer)} == {"GO:9000063"}


def test_nearness_is_the_cosine_with_each_label(annotator: Annotator) -> None:
    index = annotator.index
    (query,) = index.vectors.embed(["division of the outer membrane"])
    expected = index.vectors.embed(index.texts) @ query
    np.testing.assert_allclose(index.nearness(query), expected, atol=1e-5)


def test_terms_are_known_by_numbers_and_ids(annotator: Annotator) -> None:
    index = annotator.index
    number = index.number_of["GO:9000012"]
    assert (index.name(number), index.aspect(number)) == ("sugar breakdown", Aspect.BIOLOGICAL_PROCESS)
    labels = range(int(index.firsts[number]), index.behind(number))
    assert [index.texts[label] for label in labels] == ["sugar breakdown", "sugar catabolism", "sugar use"]
    assert index.behind(len(index) - 1) == len(index.texts)
    assert index.successors["GO:9000080"] == ("GO:9000051",)
    assert index.successors["GO:9000081"] == ("GO:9000014", "GO:9000015")
    assert index.successors["GO:9000091"] == ("GO:9000010",)


def test_synonyms_can_be_left_out_but_no_name(example: Ontology, vectors: PhraseVectors) -> None:
    index = TermIndex.of(example, vectors, leave_out=lambda synonym: True)
    assert [*index.texts] == [term.name for term in example.terms()]


def test_an_index_is_the_same_after_its_arrays(annotator: Annotator) -> None:
    index = annotator.index
    again = TermIndex.from_arrays(
        index.to_arrays(), PhraseVectors.from_arrays(index.vectors.to_arrays()), index.info
    )
    assert (again.terms.ids, again.texts) == (index.terms.ids, index.texts)
    assert again.successors == index.successors
    assert again.ancestry.slims == index.ancestry.slims
    (query,) = index.vectors.embed(["telomere"])
    np.testing.assert_array_equal(again.nearness(query), index.nearness(query))


@pytest.mark.parametrize(
    ("name", "wrong", "told"),
    [
        ("terms", lambda array: array.astype(np.float32), "no array terms"),
        ("terms", lambda array: array[::-1].copy(), "lead nowhere"),
        ("kinds", lambda array: array + 5, "lead nowhere"),
        ("rows", lambda array: array + 10_000, "lead nowhere"),
        ("counts", lambda array: array[:-1], "different lengths"),
        ("lengths", lambda array: array * np.float32(np.nan), "lead nowhere"),
        ("aspects", lambda array: array + 3, "lead nowhere"),
        ("ids", lambda array: array[:0], "different lengths"),
        ("texts", lambda array: pack_lines(["one"]), "1 texts of"),
        ("successors", lambda array: pack_lines(["GO:9000080 GO:1234567"]), "leads nowhere"),
    ],
)
def test_arrays_that_are_no_index_are_refused(
    name: str, wrong: object, told: str, annotator: Annotator
) -> None:
    index = annotator.index
    arrays = index.to_arrays()
    arrays[name] = wrong(arrays[name])  # type: ignore[operator]
    with pytest.raises(ValueError, match=told):
        TermIndex.from_arrays(arrays, index.vectors, index.info)


def test_old_ids_of_other_ontologies_are_left_out(
    example: Ontology, vectors: PhraseVectors, annotator: Annotator
) -> None:
    index = TermIndex.of(changed(example, alt_ids=("XX:1", "GO:7654321")), vectors)
    assert "GO:7654321" in index.successors
    assert "XX:1" not in index.successors
    again = TermIndex.from_arrays(index.to_arrays(), index.vectors, index.info)
    assert again.successors == index.successors


def test_ids_of_other_ontologies_are_refused(example: Ontology, vectors: PhraseVectors) -> None:
    with pytest.raises(OboError, match=r"found the id CL:1"):
        TermIndex.of(changed(example, id="CL:1"), vectors)
