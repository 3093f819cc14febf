from __future__ import annotations

import numpy as np
import pytest

from gotune.data.documents import Document
from gotune.errors import InputError
from gotune.inference.classifier import AspectClassifier

PAPER = "The enzyme moves sugar across the membrane.\n\nIt is found in the cell wall. It binds a small ion."


def test_rows_add_up_to_one_and_keep_their_order(classifier: AspectClassifier) -> None:
    texts = ["A part of a cell.", "Moves a substance " * 9, "x"] * 15
    rows = classifier.predict_proba(texts)
    assert rows.shape == (45, 3)
    assert rows.sum(axis=1) == pytest.approx(np.ones(45))
    alone = np.concatenate([classifier.predict_proba([text]) for text in texts[:3]])
    assert rows[:3] == pytest.approx(alone, abs=0.02)  # bfloat16 rounds with the width of the batch


def test_no_text_gives_no_row(classifier: AspectClassifier) -> None:
    assert classifier.predict_proba([]).shape == (0, 3)


def test_one_string_is_refused(classifier: AspectClassifier) -> None:
    with pytest.raises(TypeError, match="wrap it in a list"):
        classifier.predict_proba("a text")


def test_document_gives_its_sentences_with_offsets(classifier: AspectClassifier) -> None:
    found = classifier.classify_document(Document("paper.txt", PAPER))
    assert [(s.sentence.start, s.sentence.end) for s in found.sentences] == [(0, 43), (45, 74), (75, 96)]
    assert all(PAPER[s.sentence.start : s.sentence.end] == s.sentence.text for s in found.sentences)
    rows = classifier.predict_proba([s.sentence.text for s in found.sentences])
    assert list(found.mean) == pytest.approx(rows.mean(axis=0))
    assert found.truncated == 0


def test_cut_sentences_are_counted(classifier: AspectClassifier) -> None:
    assert classifier.classify_document(Document("paper.txt", "cell " * 100)).truncated == 1
    assert classifier.classify_text("cell " * 100).truncated


@pytest.mark.parametrize("text", ["", " \n\t", "\u3000"])
def test_blank_text_is_refused(classifier: AspectClassifier, text: str) -> None:
    with pytest.raises(InputError, match="found an empty or blank text"):
        classifier.classify_text(text)
