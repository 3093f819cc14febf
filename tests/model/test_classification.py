from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.aspects import ASPECTS, Head
from gotune.corpus.documents import Document
from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.reading import as_read
from gotune.model.classification import classify_document, classify_parts, classify_text, join_parts
from gotune.named import NamedTerms
from gotune.records import AspectProbabilities, ClassifiedSentence, Reads, Sentence
from gotune.testing import INFO, FakeClassifier

PROCESS, COMPONENT, FUNCTION = ASPECTS
ABSTRACT = "The process was slow. A component of the cell. It was cold."
WHOLE = replace(INFO, reads=Reads.TEXT)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(VISIBLE.search)
SENTENCES = st.lists(st.sampled_from(["The process. ", "A part! ", "Function\n\n", "Cold. "]), min_size=1)


def test_a_model_of_sentences_reads_each_sentence_of_a_text() -> None:
    model = FakeClassifier()
    (parts,), truncated = classify_parts(model, [ABSTRACT])
    assert [ABSTRACT[one.sentence.start : one.sentence.end] for one in parts] == [
        "The process was slow.",
        "A component of the cell.",
        "It was cold.",
    ]
    assert [one.aspects for one in parts] == [(PROCESS,), (COMPONENT,), ()]
    assert truncated == 0
    # The sentences of a text are of one article, whichever it is.
    assert model.asked == [[(one.sentence.text, "\0" + "0") for one in parts]]


def test_a_text_of_one_sentence_is_read_without_the_blanks_around() -> None:
    model = FakeClassifier()
    (parts,), _ = classify_parts(model, [" A component.\n"])
    assert model.asked == [[("A component.", "")]]
    assert [one.sentence for one in parts] == [Sentence(((1, 13),), "A component.")]


def test_a_model_of_whole_texts_reads_them_whole() -> None:
    model = FakeClassifier(info=WHOLE)
    texts, _ = classify_parts(model, [ABSTRACT, "Cold."])
    assert model.asked == [[(ABSTRACT, ""), ("Cold.", "")]]
    assert [[one.sentence for one in parts] for parts in texts] == [
        [Sentence(((0, len(ABSTRACT)),), ABSTRACT)],
        [Sentence(((0, 5),), "Cold.")],
    ]
    assert len(classify_parts(model, [ABSTRACT], by_sentence=True)[0][0]) == 3


def test_texts_of_one_article_are_read_together() -> None:
    model = FakeClassifier()
    classify_parts(model, ["One. Two.", "Three.", "Four.", "Five. Six."], articles=["a", "a", "", ""])
    assert [article for _, article in model.asked[0]] == ["a", "a", "a", "", "\0" + "3", "\0" + "3"]


@given(texts=st.lists(st.one_of(TEXT, SENTENCES.map("".join)), min_size=1, max_size=4))
def test_the_parts_cover_a_text(texts: list[str]) -> None:
    found, _ = classify_parts(FakeClassifier(), texts)
    for text, parts in zip(texts, found, strict=True):
        places = [(one.sentence.start, one.sentence.end) for one in parts]
        assert [as_read(text[start:end]) for start, end in places] == [one.sentence.text for one in parts]
        covered = {place for start, end in places for place in range(start, end)}
        assert {match.start() for match in VISIBLE.finditer(text)} <= covered
        assert sum(end - start for start, end in places) == len(covered)


@given(rows=st.lists(st.tuples(*[st.floats(0, 1)] * 3), min_size=1, max_size=5))
def test_the_whole_carries_what_a_part_carries(rows: list[tuple[float, float, float]]) -> None:
    parts = [
        ClassifiedSentence(
            Sentence(((0, 1),), "x"),
            AspectProbabilities(*row),
            tuple(aspect for aspect in ASPECTS if row[aspect.label] >= 0.5),
        )
        for row in rows
    ]
    probabilities, aspects = join_parts(parts)
    largest = np.array(rows).max(axis=0)
    assert tuple(probabilities) == tuple(largest)
    assert aspects == tuple(aspect for aspect in ASPECTS if largest[aspect.label] >= 0.5)


def test_a_text_of_sentences_is_told_of_as_a_whole() -> None:
    found = classify_text(FakeClassifier(longest=22), ABSTRACT)
    assert (found.aspects, tuple(found.probabilities)) == ((PROCESS, COMPONENT), (0.9, 0.9, 0.1))
    assert found.truncated
    assert classify_text(FakeClassifier(info=WHOLE), ABSTRACT).aspects == (PROCESS, COMPONENT)


def test_a_head_that_always_chooses_still_chooses_for_each_sentence() -> None:
    info = replace(INFO, head=Head.SINGLE, thresholds=None)
    found = classify_text(FakeClassifier(info=info), ABSTRACT)
    assert found.aspects == (PROCESS, COMPONENT)


def test_doubts_are_told_of_each_sentence() -> None:
    text = "Discussion\n\nThe kinase is bound by the membrane of a cell. Das Enzym ist in der Zelle."
    document = classify_document(FakeClassifier(), Document("a.txt", text))
    assert [one.doubts for one in document.sentences] == [("too short",), (), ("not English",)]
    assert document.sentences[2].to_dict()["doubts"] == ["not English"]


@pytest.mark.parametrize("text", ["", " ", "\u200b"])
def test_nothing_visible_is_no_text(text: str) -> None:
    with pytest.raises(Exception, match="found an empty or blank text"):
        classify_text(FakeClassifier(), text)


def test_terms_are_looked_for_where_that_is_asked_for() -> None:
    asked = []

    def name_terms(documents: Iterable[Document]) -> Iterator[NamedTerms]:
        for one in documents:
            asked.append(one)
            yield NamedTerms("2021-12-15", (), ((), ()))

    document = Document("paper.txt", "A process. A component.")
    model = FakeClassifier()
    assert classify_document(model, document).named is None
    assert classify_text(model, document.text).named is None
    found = NamedTerms("2021-12-15", (), ((), ()))
    assert classify_document(model, document, name_terms=name_terms).named == found
    text = classify_text(model, document.text, name_terms=name_terms)
    assert text.named == found
    assert text.to_dict()["named"] == {"release": "2021-12-15", "terms": []}
    assert [one.text for one in asked] == [document.text] * 2
