"""Texts and documents put to a model, whichever it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gotune.corpus.documents import Document
from gotune.corpus.screening import assess
from gotune.corpus.sentences import split_sentences
from gotune.errors import InputError
from gotune.model.decisions import aspects_of
from gotune.protocols import Classifier, Track, Trained, untracked
from gotune.records import AspectProbabilities, ClassifiedDocument, ClassifiedSentence, ClassifiedText


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


def classify_text(classifier: Classifier, text: str) -> ClassifiedText:
    """Classify one text as a whole.

    Raises:
        InputError: The text is empty or only white space.
    """
    if not text.strip():
        raise InputError("text", expected="some words", found="an empty or blank text", do="Give a sentence.")
    (row,), truncated = predict_and_count(classifier, [text])
    probabilities = AspectProbabilities(*row.tolist())
    return ClassifiedText(
        text,
        probabilities,
        aspects_of(classifier.info, probabilities),
        classifier.info,
        truncated=bool(truncated),
        doubts=tuple(doubt.value for doubt in assess(text)),
    )


def classify_document(
    classifier: Classifier, document: Document, *, track: Track = untracked
) -> ClassifiedDocument:
    """Classify the sentences of a document, in order."""
    sentences = split_sentences(document.text)
    rows, truncated = predict_and_count(
        classifier,
        [sentence.text for sentence in sentences],
        articles=["document"] * len(sentences),
        track=track,
    )
    probabilities = [AspectProbabilities(*row) for row in rows.tolist()]
    return ClassifiedDocument(
        name=document.name,
        sentences=tuple(
            ClassifiedSentence(sentence, found, aspects_of(classifier.info, found))
            for sentence, found in zip(sentences, probabilities, strict=True)
        ),
        text=document.text,
        model=classifier.info,
        truncated=truncated,
        doubts=tuple(doubt.value for doubt in assess(document.text)),
    )
