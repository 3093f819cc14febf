from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.aspects import Aspect
from gotune.corpus.documents import Document
from gotune.corpus.tables import ROWS_AT_ONCE
from gotune.errors import InputError
from gotune.linking.annotator import Annotator, Sureness, clues, is_sentence
from gotune.linking.context import Context
from gotune.linking.labels import Kind
from gotune.linking.names import TermNames
from gotune.linking.results import AnnotatedDocument, Annotation, FoundTerm
from gotune.ontology.ontology import Ontology


def places(annotator: Annotator, text: str, threshold: float | None = 0.0) -> list[tuple[str, str]]:
    found = annotator.annotate(Document("text", text), threshold=threshold)
    for one in found.annotations:
        assert " ".join(found.text[start:end] for start, end in one.spans) == one.surface
    return [(one.surface, one.name) for one in found.annotations]


def test_a_name_is_found_by_search(annotator: Annotator) -> None:
    (first, *others), (second, *_) = annotator.search(["telomere binding", "sugar catabolism"])
    assert (first.go_id, first.name) == ("GO:9000058", "chromosome end binding")
    assert (first.label, first.kind, first.aspect) == (
        "telomere binding",
        Kind.EXACT,
        Aspect.MOLECULAR_FUNCTION,
    )
    assert second.go_id == "GO:9000012"
    assert len(others) == 19
    scores = [match.score for match in (first, *others)]
    assert scores == sorted(scores, reverse=True)
    assert first.to_dict()["aspect"] == "molecular_function"


def test_search_gives_as_many_as_asked_for_of_the_aspect(annotator: Annotator) -> None:
    (found,) = annotator.search(["telomere binding"], top=3, aspect=Aspect.CELLULAR_COMPONENT)
    assert [match.aspect for match in found] == [Aspect.CELLULAR_COMPONENT] * 3
    (everything,) = annotator.search(["telomere binding"], top=1000)
    assert len(everything) == annotator.index.terms.suggested.sum() == len(annotator.index) - 3
    assert annotator.search([]) == []
    (one,) = annotator.search(["telomere binding"], top=1)
    assert len(one) == 1


def test_the_aspect_that_is_asked_for_makes_no_term_surer(annotator: Annotator) -> None:
    (everything,) = annotator.search(["telomere binding"], top=1000)
    scores = {match.go_id: match.score for match in everything}
    (found,) = annotator.search(["telomere binding"], top=3, aspect=Aspect.CELLULAR_COMPONENT)
    assert [match.score for match in found] == pytest.approx([scores[match.go_id] for match in found])


def test_a_sentence_is_answered_with_what_it_names_first(annotator: Annotator) -> None:
    sentence = "The nuclei divide when the sugar catabolism stops."
    (found,) = annotator.search([sentence], top=4)
    (named,) = annotator.search([sentence], top=1, aspect=Aspect.CELLULAR_COMPONENT)
    assert (found[0].go_id, found[0].label) == ("GO:9000033", "nucleus")
    assert found[0].score == annotator.annotate(Document("x", sentence)).annotations[0].score
    assert len({match.go_id for match in found}) == 4
    assert [match.go_id for match in named] == ["GO:9000033"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Loss of it blocks mitochondrial fission.", True),
        ("mitochondria that are cut in two", True),
        ("regulation of mitochondrial fission", False),
        ("but-2-enedioate carboxy-lyase activity", False),
        ("a. b", False),
    ],
)
def test_sentences_are_told_from_names(query: str, expected: bool) -> None:
    assert is_sentence(query) is expected


def test_an_id_is_answered_with_what_to_use(annotator: Annotator) -> None:
    queries = ["GO:9000033", " go_9000081, ", "GO:0000007"]
    found = annotator.search(queries)
    ids = [[match.go_id for match in one] for one in found]
    assert ids == [["GO:9000033"], ["GO:9000014", "GO:9000015"], []]
    found = annotator.search(queries, top=1, aspect=Aspect.BIOLOGICAL_PROCESS)
    assert [[match.go_id for match in one] for one in found] == [[], ["GO:9000014"], []]


def test_queries_that_are_none_are_refused(annotator: Annotator) -> None:
    with pytest.raises(InputError, match="some words"):
        annotator.search([" \n"])
    with pytest.raises(TypeError, match="a sequence"):
        annotator.search("nucleus")
    with pytest.raises(ValueError, match="at least 1"):
        annotator.search(["nucleus"], top=0)
    assert annotator.search(["+ -"]) == [()]


def test_sureness_is_logistic_in_nearness_and_gaps() -> None:
    nearness = np.array([0.9, 0.5, 0.4], np.float32)
    np.testing.assert_allclose(clues(nearness), [[0.9, 0, 0.4], [0.5, -0.4, 0], [0.4, -0.5, 0]], atol=1e-6)
    sureness = Sureness(np.array([1.0, 2.0, 3.0]), -1.0)
    np.testing.assert_allclose(
        sureness.scores(nearness), 1 / (1 + np.exp(-np.array([1.1, -1.3, -1.6]))), atol=1e-6
    )
    again = Sureness.from_arrays(sureness.to_arrays())
    np.testing.assert_array_equal(again.scores(nearness), sureness.scores(nearness))
    for wrong in (np.zeros(3), np.zeros(4, np.float32), np.zeros(4, np.bool_)):
        with pytest.raises(ValueError, match=r"no (array sureness|weights)"):
            Sureness.from_arrays({"sureness": wrong})
    with pytest.raises(ValueError, match="no numbers"):
        Sureness.from_arrays({"sureness": np.full(4, np.inf)})


def test_named_places_have_offsets_in_the_document(annotator: Annotator) -> None:
    text = "Heading\n\nThe nucleus divides. \U0001f9ec An outer\ncell membrane, <b>chromosome</b> end."
    assert places(annotator, text) == [
        ("nucleus", "nucleus"),
        ("divides", "cell division"),
        ("outer\ncell membrane", "outer cell membrane"),
        ("chromosome", "chromosome"),
    ]


def test_a_threshold_leaves_out_names_that_are_not_trusted(annotator: Annotator) -> None:
    text = "The nucleus has a membrane."
    assert places(annotator, text) == [("nucleus", "nucleus"), ("membrane", "membrane")]
    assert places(annotator, text, threshold=None) == [("nucleus", "nucleus")]
    assert places(annotator, text, threshold=1.0) == []


def test_names_are_found_as_they_are_read(annotator: Annotator) -> None:
    text = "A nu-\ncleus, nu\u00adcleus and chromo\u200bsome at the outer\u2003cell membrane."
    assert places(annotator, text) == [
        ("nu-\ncleus", "nucleus"),
        ("nu\u00adcleus", "nucleus"),
        ("chromo\u200bsome", "chromosome"),
        ("outer\u2003cell membrane", "outer cell membrane"),
    ]


def test_a_name_that_shares_words_has_several_spans(annotator: Annotator) -> None:
    found = annotator.annotate(Document("x", "The outer envelope and cell mem-\nbrane."), threshold=0.0)
    (one,) = (one for one in found.annotations if len(one.spans) > 1)
    assert one.parts == ("outer", "cell membrane")
    assert (one.name, one.surface, one.start, one.end) == (
        "outer cell membrane",
        "outer cell mem-\nbrane",
        4,
        38,
    )
    assert one.to_dict()["spans"] == [[4, 9], [23, 38]]


def test_abbreviations_name_what_the_document_says(annotator: Annotator) -> None:
    text = "The pigment granule (PG) is one. PGs are not PGX. A PG membrane, and the cell nucleus (CN): CN."
    assert places(annotator, text) == [
        ("pigment granule", "pigment granule"),
        ("PG", "pigment granule"),
        ("PGs", "pigment granule"),
        ("PG", "pigment granule"),
        ("membrane", "membrane"),
        ("cell nucleus", "nucleus"),
        ("CN", "nucleus"),
        ("CN", "nucleus"),
    ]


def test_rows_of_an_article_know_its_abbreviations(annotator: Annotator) -> None:
    rows = [
        Document("1", "PG.", "a"),
        Document("2", "The pigment granule (PG).", "a"),
        Document("3", "PG.", "b"),
        Document("4", "PG."),
    ]
    found = list(annotator.annotate_all(iter(rows), threshold=0.0))
    assert [(one.name, len(one.annotations)) for one in found] == [("1", 1), ("2", 2), ("3", 0), ("4", 0)]


def test_terms_of_a_document_are_ranked_by_different_words(annotator: Annotator) -> None:
    document = annotator.annotate(
        Document("x", "A nucleus. The Nu-\ncleus. Nuclei and eyespots. A chromosome."), threshold=0.0
    )
    first, second, third = document.terms
    assert (first.go_id, len(first.places)) == ("GO:9000033", 3)
    trust = first.places[0].score
    assert first.score == pytest.approx(1 - (1 - trust) ** 2)  # nucleus, nuclei
    assert (second.name, third.name) == ("eyespot", "chromosome")
    assert document.of_aspect(Aspect.BIOLOGICAL_PROCESS).terms == ()
    assert document.of_aspect(Aspect.CELLULAR_COMPONENT) == document


def test_the_surest_place_counts_whatever_the_order() -> None:
    def at(score: float, *said: Context) -> Annotation:
        return Annotation(
            1, ((0, 7),), "nucleus", "GO:9000033", "nucleus", Aspect.CELLULAR_COMPONENT, score, said
        )

    def term(*places: Annotation) -> FoundTerm:
        return AnnotatedDocument("x", "nucleus", (), "r", places).terms[0]

    doubtful, sure = at(0.45), at(0.95, Context.NEGATED)
    for places in ((doubtful, sure), (sure, doubtful)):
        assert term(*places).score == pytest.approx(0.95)
        assert term(*places).first is doubtful
    assert term(sure).first is sure
    assert not term(sure).is_said


def test_what_a_threshold_trusts_is_looked_up_once(
    annotator: Annotator, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = Annotator(annotator.index, annotator.names, annotator.sureness)
    first = fresh.annotate(Document("x", "A nucleus."), threshold=0.1)
    monkeypatch.setattr(TermNames, "trusted", None)
    assert fresh.annotate(Document("x", "A nucleus."), threshold=0.1) == first


def test_an_article_without_end_is_read_in_parts(annotator: Annotator) -> None:
    taken = 0

    def rows() -> Iterator[Document]:
        nonlocal taken
        while True:
            taken += 1
            yield Document(str(taken), "A nucleus.", "a")

    assert next(annotator.annotate_all(rows())).name == "1"
    assert taken == ROWS_AT_ONCE


def test_marks_of_references_are_no_part_of_a_word(annotator: Annotator) -> None:
    assert places(annotator, "The nuclei¹² have a chromosome³.") == [
        ("nuclei", "nucleus"),
        ("chromosome", "chromosome"),
    ]


def test_a_query_is_read_as_texts_are(annotator: Annotator) -> None:
    for plain, odd in (
        ("sugar catabolism", "sugar cata-\nbolism"),
        ("The nuclei divide.", "The nu\u00adclei divide."),
    ):
        assert annotator.search([odd]) == annotator.search([plain])


def test_terms_that_are_nowhere_just_said_come_last(annotator: Annotator) -> None:
    text = "No nucleus was seen, only eyespots. There may be nuclei. A chromosome vector."
    document = annotator.annotate(Document("x", text), threshold=0.0)
    assert [(term.name, term.is_said) for term in document.terms] == [
        ("eyespot", True),
        ("nucleus", False),
        ("chromosome", False),
    ]


def test_terms_are_told_of_a_document_and_of_its_sentences(annotator: Annotator) -> None:
    text = "Here is no nucleus. The nuclei and the nucleus have a chromosome. It was cold."
    documents = [Document("a", text), Document("b", "It was cold.")]
    found, nothing = annotator.named(documents)
    whole = annotator.annotate(documents[0])
    assert [(term.go_id, term.score, term.places) for term in found.terms] == [
        (term.go_id, term.score, len(term.places)) for term in whole.terms
    ]
    first, second, third = found.of_sentences
    assert [(term.name, term.places, term.contexts) for term in first] == [("nucleus", 1, ("negated",))]
    assert [(term.name, term.places, term.contexts) for term in second] == [
        ("nucleus", 2, ()),
        ("chromosome", 1, ()),
    ]
    assert third == ()
    assert found.terms[0].contexts == ()
    assert found.release == nothing.release == "2024-02-29"
    assert (nothing.terms, nothing.of_sentences) == ((), ((),))


def test_a_document_without_names_has_no_terms(annotator: Annotator) -> None:
    found = annotator.annotate(Document("x", "Nothing of this kind."))
    assert (found.annotations, found.terms, found.release) == ((), (), annotator.index.info.release)


@pytest.fixture(scope="module")
def shipped() -> Annotator:
    return Annotator.load()


PIECES = (
    *("nucle", "us", "nuclei", "cell ", "growth", " and ", "division", "cell nucleus (CN)", " CN", "CNs"),
    *(" ", "(", ")", ". ", "\n", "-\n", "\u00ad", "\u200b", "\U0001f9ec", "e\u0301", "<b>", "&"),
)


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=20).map("".join))
def test_whatever_a_document_holds_its_places_stand_there(shipped: Annotator, text: str) -> None:
    found = shipped.annotate(Document("x", text), threshold=0.0)
    for one in found.annotations:
        assert one.surface == " ".join(text[start:end] for start, end in one.spans)
        behind = 0
        for start, end in one.spans:
            assert behind <= start < end <= len(text)
            behind = end
    starts = [(one.sentence, one.start) for one in found.annotations]
    assert starts == sorted(starts)


def test_another_release_is_searched_with_what_was_learned(annotator: Annotator, example: Ontology) -> None:
    again = annotator.of_release(example)
    queries = ["telomere binding", "division"]
    assert again.search(queries) == annotator.search(queries)
    assert places(again, "Nuclei at an eyespot.") == places(annotator, "Nuclei at an eyespot.")


def test_what_comes_with_gotune_knows_its_release(shipped: Annotator) -> None:
    assert shipped.index.info.release == "2021-12-15"
    found = shipped.search(["programmed cell death", "mitochondria fission"], top=1)
    assert [[match.name for match in one] for one in found] == [
        ["programmed cell death"],
        ["mitochondrial fission"],
    ]
    (named,) = shipped.annotate(Document("x", "Loss of Drp1 blocks mitochondrial fission.")).annotations
    assert (named.go_id, named.start, named.end) == ("GO:0000266", 20, 41)
