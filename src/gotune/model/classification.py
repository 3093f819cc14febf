"""Texts and documents put to a model, whichever it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from gotune.aspects import ASPECTS, Aspect
from gotune.corpus.documents import Document
from gotune.corpus.plain_text import VISIBLE
from gotune.corpus.reading import as_read
from gotune.corpus.screening import assess
from gotune.corpus.sentences import split_sentences
from gotune.errors import InputError
from gotune.model.decisions import carried
from gotune.named import NamedTerms
from gotune.protocols import Classifier, Track, Trained, untracked
from gotune.records import (
    AspectProbabilities,
    ClassifiedDocument,
    ClassifiedSentence,
    ClassifiedText,
    ModelInfo,
    Reads,
    Sentence,
)

NameTerms = Callable[[Iterable[Document]], Iterable[NamedTerms]]
"""Finds the terms that each document names, such as `gotune.Annotator.named`."""


def predict_and_count(
    classifier: Classifier,
    texts: Sequence[str],
    *,
    articles: Sequence[str] | None = None,
    track: Track = untracked,
) -> tuple[NDArray[np.float64], int]:
    """Return aspect probabilities of texts, and how many of them were cut, as far as the model tells."""
    if isinstance(classifier, Trained):
        return classifier.predict_and_count(texts, articles=articles, track=track)
    return classifier.predict_proba(texts, articles=articles, track=track), 0


def classify_document(
    classifier: Classifier,
    document: Document,
    *,
    all_roles: bool = False,
    name_terms: NameTerms | None = None,
    track: Track = untracked,
) -> ClassifiedDocument:
    """Classify the sentences of a document and what stands between them, in order.

    Args:
        classifier: The model.
        document: Any.
        all_roles: Count headings, captions and all else for the shares, not only sentences.
        name_terms: What finds the terms that the document names, such as `gotune.Annotator.named`; nobody
            looks for them if it is None.
        track: Shows how far the model is.
    """
    sentences = split_sentences(document.text)
    rows, truncated = predict_and_count(
        classifier,
        [sentence.text for sentence in sentences],
        articles=["document"] * len(sentences),
        track=track,
    )
    return ClassifiedDocument(
        name=document.name,
        sentences=tuple(_classified(classifier.info, sentences, rows)),
        text=document.text,
        model=classifier.info,
        truncated=truncated,
        doubts=_doubts(document.text),
        all_roles=all_roles,
        named=_named(document, name_terms),
    )


def classify_text(
    classifier: Classifier, text: str, *, name_terms: NameTerms | None = None
) -> ClassifiedText:
    """Classify one text as a whole, see `join_parts`, and for ``name_terms`` `classify_document`.

    Raises:
        InputError: The text is empty or only white space.
    """
    _check_visible(text)
    (parts,), truncated = classify_parts(classifier, [text])
    probabilities, aspects = join_parts(parts)
    return ClassifiedText(
        text,
        probabilities,
        aspects,
        classifier.info,
        truncated=bool(truncated),
        doubts=_doubts(text),
        named=_named(Document("text", text), name_terms),
    )


def classify_as_one(classifier: Classifier, text: str) -> ClassifiedText:
    """Classify one text as it stands, also with a model of sentences: what can be explained.

    Raises:
        InputError: The text is empty or only white space.
    """
    _check_visible(text)
    rows, truncated = predict_and_count(classifier, [text])
    (found,) = _classified(classifier.info, [_whole(text)], rows)
    return ClassifiedText(
        text,
        found.probabilities,
        found.aspects,
        classifier.info,
        truncated=bool(truncated),
        doubts=found.doubts,
    )


def _check_visible(text: str) -> None:
    if not VISIBLE.search(text):
        raise InputError("text", expected="some words", found="an empty or blank text", do="Give a sentence.")


def classify_parts(
    classifier: Classifier,
    texts: Sequence[str],
    *,
    articles: Sequence[str] = (),
    by_sentence: bool = False,
    track: Track = untracked,
) -> tuple[list[tuple[ClassifiedSentence, ...]], int]:
    """Classify what a model reads at once of each text: its sentences, or the text as one.

    Args:
        classifier: The model.
        texts: Each with at least one visible character.
        articles: What each is from, so that abbreviations which one of them explains count in the others;
            "" where that is unknown: then the sentences of a text have only each other. None if empty; a
            model of whole texts is asked about each by itself.
        by_sentence: Take the sentences also with a model of whole texts.
        track: Shows how far the model is.

    Returns:
        The parts of each text, at least one, in order; and how many parts were longer than the model reads.
    """
    is_split = by_sentence or classifier.info.reads is Reads.SENTENCE
    parts = [split_sentences(text) if is_split else (_whole(text),) for text in texts]
    asked, known = [], []
    for number, part in enumerate(parts):
        several = len(part) > 1
        # A name that no article of a table has.
        article = (articles[number] if articles else "") or (f"\0{number}" if several else "")
        asked += [sentence.text for sentence in part]
        known += [article] * len(part)
    told = known if is_split and any(known) else None
    rows, truncated = predict_and_count(classifier, asked, articles=told, track=track)
    sentences = [sentence for part in parts for sentence in part]
    classified = _classified(classifier.info, sentences, rows)
    return [tuple(next(classified) for _ in part) for part in parts], truncated


def _whole(text: str) -> Sentence:
    return Sentence(((0, len(text)),), as_read(text))


def join_parts(parts: Sequence[ClassifiedSentence]) -> tuple[AspectProbabilities, tuple[Aspect, ...]]:
    """Return what a text carries of which the parts are known.

    It carries an aspect if one of its parts does, and the probability is the largest of theirs.
    """
    largest = (max(part.probabilities[aspect] for part in parts) for aspect in ASPECTS)
    found = {aspect for part in parts for aspect in part.aspects}
    return AspectProbabilities(*largest), tuple(aspect for aspect in ASPECTS if aspect in found)


def _classified(
    info: ModelInfo, sentences: Sequence[Sentence], rows: NDArray[np.float64]
) -> Iterator[ClassifiedSentence]:
    """Yield the sentences, each with its row of probabilities and what follows from it."""
    for sentence, row, flags in zip(sentences, rows.tolist(), carried(info, rows).tolist(), strict=True):
        aspects = tuple(compress(ASPECTS, flags))
        yield ClassifiedSentence(sentence, AspectProbabilities(*row), aspects, _doubts(sentence.text))


def _named(document: Document, name_terms: NameTerms | None) -> NamedTerms | None:
    return None if name_terms is None else next(iter(name_terms([document])))


def _doubts(text: str) -> tuple[str, ...]:
    return tuple(doubt.value for doubt in assess(text))
